import assert from 'node:assert/strict'
import { changing, type Endpoint, type Race, reading } from './endpoint.ts'
import type { World } from './world.ts'

const path = async (world: World, more: object = {}) => ({ path: { id: await world.identity(more) } })
const password = { password: 'velvet otters march north' }
const capabilities = (...value: string[]) => [{ op: 'replace', path: '/capabilities', value }]

const isGone: Race['holds'] = async (world, { path = {} }) => {
  const answer = await world.call('GET /sallyport/v1/identities/{id}', { path }, { token: await world.token('ada') })
  assert.equal(answer.status, 404)
}
/** Of links that were mailed, the last one alone can be used. */
const hasOneLink: Race['holds'] = async ({ app }, { path = {}, body }) => {
  const { db, tenantId } = await app.contextOf()
  const id = path['id'] ?? (body as { ids: string[] }).ids[0] ?? ''
  const links = await db
    .selectFrom('password_reset')
    .select('digest')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', id)
    .where('used_at', 'is', null)
    .execute()
  assert.equal(links.length, 1)
}
const deletion = ({ path = {} }: { path?: Readonly<Record<string, string>> }) => ({
  operation: 'DELETE /identities/{id}',
  path,
})
const disabling = ({ path = {} }: { path?: Readonly<Record<string, string>> }) => ({
  operation: 'POST /sallyport/v1/identities/{id}/disable',
  path,
})

/** People and machines in ISC's layouts, and what everybody sees of them. */
export const people: readonly Endpoint[] = [
  reading('GET /identities', { ask: async () => ({}), ok: 200, plain: 'scope.beyond_level', elsewhere: 200 }),
  reading('GET /identities/{id}', { ask: path, ok: 200, plain: 'scope.beyond_level', elsewhere: 404 }),
  changing('DELETE /identities/{id}', {
    ask: path,
    ok: 204,
    plain: 'scope.beyond_level',
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: isGone },
      {
        rival: ({ path = {} }) => ({ operation: 'PATCH /auth-users/{id}', path, body: capabilities('HELPDESK') }),
        outcomes: [
          [204, 200],
          [204, 404],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('POST /identities/invite', {
    ask: async (world) => ({ body: { ids: [await world.identity()] } }),
    ok: 202,
    plain: 'level.missing',
    elsewhere: 404,
    races: [
      { outcomes: [[202, 202]], holds: hasOneLink },
      {
        rival: ({ body }) => deletion({ path: { id: (body as { ids: string[] }).ids[0] ?? '' } }),
        outcomes: [
          [202, 204],
          [404, 204],
        ],
      },
    ],
  }),
  changing('POST /identities/process', {
    ask: async (world) => ({ body: { identityIds: [await world.identity(), await world.identity()] } }),
    ok: 202,
    plain: 'level.missing',
    elsewhere: 404,
    races: [
      { outcomes: [[202, 202]] },
      {
        rival: ({ body }) => deletion({ path: { id: (body as { identityIds: string[] }).identityIds[0] ?? '' } }),
        outcomes: [
          [202, 204],
          [404, 204],
        ],
      },
    ],
  }),
  changing('POST /identities/{id}/reset', {
    ask: (world) => path(world, { userLevels: ['HELPDESK'] }),
    ok: 202,
    plain: 'scope.beyond_level',
    elsewhere: 404,
    races: [
      { outcomes: [[202, 202]] },
      {
        rival: deletion,
        outcomes: [
          [202, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('POST /identities/{id}/set-lifecycle-state', {
    ask: async (world) => ({ ...(await path(world)), body: { lifecycleStateId: 'inactive' } }),
    ok: 200,
    plain: 'level.missing',
    elsewhere: 404,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: deletion,
        outcomes: [
          [200, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('POST /identities/{id}/verification/account/send', {
    ask: async (world) => ({ ...(await path(world)), body: { via: 'EMAIL_WORK' } }),
    ok: 200,
    plain: 'level.missing',
    elsewhere: 404,
    races: [
      { outcomes: [[200, 200]], holds: hasOneLink },
      {
        rival: disabling,
        outcomes: [
          [200, 200],
          [400, 200],
        ],
      },
    ],
  }),
  reading('POST /identities/{id}/synchronize-attributes', {
    ask: path,
    ok: 202,
    plain: 'level.missing',
    elsewhere: 404,
  }),
  reading('GET /identities/{id}/ownership', { ask: path, ok: 200, plain: 'scope.beyond_level', elsewhere: 404 }),
  reading('GET /identities/{id}/role-assignments', { ask: path, ok: 200, plain: 'scope.beyond_level', elsewhere: 404 }),
  reading('GET /identities/{id}/role-assignments/{assignmentId}', {
    ask: async (world) => ({ path: { id: await world.identity(), assignmentId: 'x' } }),
    ok: 404,
    plain: 'scope.beyond_level',
    elsewhere: 404,
  }),
  reading('GET /public-identities', { ask: async () => ({}), ok: 200, plain: 200, elsewhere: 200 }),
  reading('GET /public-identities-config', { ask: async () => ({}), ok: 200, plain: 'level.missing', elsewhere: 200 }),
  changing('PUT /public-identities-config', {
    ask: async () => ({ body: { attributes: [{ key: 'email', name: 'One' }] } }),
    ok: 200,
    plain: 'level.missing',
    elsewhere: 200,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: () => ({
          operation: 'PUT /public-identities-config',
          body: { attributes: [{ key: 'uid', name: 'Two' }] },
        }),
        outcomes: [[200, 200]],
        holds: async (world) => {
          const { attributes } = await world.done('GET /v2025/public-identities-config')
          assert.match(JSON.stringify(attributes), /^\[\{"key":"(?:email","name":"One|uid","name":"Two)"\}\]$/)
        },
      },
    ],
  }),
  reading('GET /auth-users/{id}', { ask: path, ok: 200, plain: 'scope.beyond_level', elsewhere: 404 }),
  changing('PATCH /auth-users/{id}', {
    ask: async (world) => ({ ...(await path(world)), body: capabilities('HELPDESK') }),
    ok: 200,
    plain: 'scope.beyond_level',
    elsewhere: 404,
    races: [
      {
        rival: ({ path = {} }) => ({ operation: 'PATCH /auth-users/{id}', path, body: capabilities('CERT_ADMIN') }),
        outcomes: [[200, 200]],
        holds: async (world, { path = {} }) => {
          const { userLevels } = await world.done('GET /sallyport/v1/identities/{id}', { path })
          assert.match(userLevels.join(), /^(?:HELPDESK|CERT_ADMIN)$/)
        },
      },
      {
        rival: deletion,
        outcomes: [
          [200, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
]

/** People and machines as an administrator of Sallyport has them. */
export const accounts: readonly Endpoint[] = [
  reading('GET /sallyport/v1/identities', { ask: async () => ({}), ok: 200, plain: 'level.missing', elsewhere: 200 }),
  changing('POST /sallyport/v1/identities', {
    ask: async (world) => ({ body: { alias: world.name() } }),
    ok: 201,
    plain: 'level.missing',
    elsewhere: 201,
    races: [
      { outcomes: [[201, 400]] },
      {
        rival: ({ body }) => ({ operation: 'POST /sallyport/v1/identities', body: { ...body, kind: 'MACHINE' } }),
        outcomes: [
          [201, 400],
          [400, 201],
        ],
      },
    ],
  }),
  reading('GET /sallyport/v1/identities/{id}', { ask: path, ok: 200, plain: 'level.missing', elsewhere: 404 }),
  ...(['enable', 'disable', 'unlock'] as const).map((verb) =>
    changing(`POST /sallyport/v1/identities/{id}/${verb}`, {
      ask: path,
      ok: 200,
      plain: 'level.missing',
      elsewhere: 404,
      races: [
        { outcomes: [[200, 200]] },
        {
          rival: deletion,
          outcomes: [
            [200, 204],
            [404, 204],
          ],
          holds: isGone,
        },
      ],
    }),
  ),
  changing('POST /sallyport/v1/identities/{id}/invite', {
    ask: path,
    ok: 202,
    plain: 'level.missing',
    elsewhere: 404,
    races: [
      { outcomes: [[202, 202]], holds: hasOneLink },
      {
        rival: disabling,
        outcomes: [
          [202, 200],
          [400, 200],
        ],
      },
    ],
  }),
  changing('PUT /sallyport/v1/identities/{id}/password', {
    ask: async (world) => ({ ...(await path(world)), body: password }),
    ok: 204,
    plain: 'level.missing',
    elsewhere: 404,
    races: [
      { outcomes: [[204, 204]] },
      {
        rival: deletion,
        outcomes: [
          [204, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
]
