import assert from 'node:assert/strict'
import { changing, type Endpoint, type Race, reading } from './endpoint.ts'
import type { World } from './world.ts'

const expirationDate = '2026-12-01T00:00:00Z'
const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const ofPat = async (world: World) => ({ path: { id: await world.pat() } })
const ofClient = async (world: World) => ({ path: { id: await world.client() } })
const nothing = async () => ({})

const patDeletion: Race['rival'] = ({ path = {} }) => ({ operation: 'DELETE /personal-access-tokens/{id}', path })
const clientDeletion: Race['rival'] = ({ path = {} }) => ({ operation: 'DELETE /oauth-clients/{id}', path })
const isGone: Race['holds'] = async (world, { path = {} }) => {
  const { status } = await world.call(
    'GET /sallyport/v1/credentials/{id}/secrets',
    { path },
    { token: await world.token('ada') },
  )
  assert.equal(status, 404)
}
const liveSecrets =
  (count: number): Required<Race>['holds'] =>
  async (world, { path = {} }) => {
    const secrets: { state: string }[] = await world.done('GET /sallyport/v1/credentials/{id}/secrets', { path })
    assert.equal(secrets.filter(({ state }) => state !== 'RETIRED').length, count)
  }

/** Personal access tokens. */
export const personalAccessTokens: readonly Endpoint[] = [
  reading('GET /personal-access-tokens', { ask: nothing, ok: 200, plain: 'resource.denied', elsewhere: 200 }),
  changing('POST /personal-access-tokens', {
    ask: async (world) => {
      await world.forgetOwnPats()
      return { body: { name: world.name(), expirationDate } }
    },
    ok: 200,
    plain: 200,
    elsewhere: 200,
    races: [
      { outcomes: [[200, 400]] },
      {
        rival: ({ body }) => ({
          operation: 'POST /personal-access-tokens',
          body: { ...body, scope: ['idn:sources:read'] },
        }),
        outcomes: [
          [200, 400],
          [400, 200],
        ],
      },
    ],
  }),
  changing('PATCH /personal-access-tokens/{id}', {
    ask: async (world) => ({ path: { id: await world.ownPat() }, body: replace('/name', world.name()) }),
    ok: 200,
    plain: 'resource.denied',
    elsewhere: 404,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: patDeletion,
        outcomes: [
          [200, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('DELETE /personal-access-tokens/{id}', {
    ask: ofPat,
    ok: 204,
    plain: 'resource.denied',
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: isGone },
      {
        rival: ({ path = {} }) => ({ operation: 'POST /sallyport/v1/credentials/{id}/secrets', path }),
        outcomes: [
          [204, 200],
          [204, 404],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('POST /sallyport/v1/identities/{id}/personal-access-tokens', {
    ask: async (world) => ({ path: { id: await world.machine() }, body: { name: world.name(), expirationDate } }),
    ok: 201,
    plain: 'level.missing',
    elsewhere: 404,
    races: [
      { outcomes: [[201, 400]] },
      {
        rival: ({ path = {} }) => ({ operation: 'DELETE /identities/{id}', path }),
        outcomes: [
          [201, 204],
          [404, 204],
        ],
      },
    ],
  }),
]

/** Names of clients need not differ. */
const hasTwo: Race['holds'] = async (world, { body }) => {
  const clients: { name: string }[] = await world.done('GET /v2025/oauth-clients')
  const { name } = body as { name: string }
  assert.equal(clients.filter((client) => client.name === name).length, 2)
}

/** API clients. */
export const oauthClients: readonly Endpoint[] = [
  reading('GET /oauth-clients', { ask: nothing, ok: 200, plain: 'scope.beyond_level', elsewhere: 200 }),
  changing('POST /oauth-clients', {
    ask: async (world) => ({ body: world.clientBody() }),
    ok: 200,
    plain: 'scope.beyond_level',
    elsewhere: 200,
    races: [
      { outcomes: [[200, 200]], holds: hasTwo },
      {
        rival: ({ body }) => ({ operation: 'POST /oauth-clients', body: { ...body, enabled: false } }),
        outcomes: [[200, 200]],
        holds: hasTwo,
      },
    ],
  }),
  reading('GET /oauth-clients/{id}', { ask: ofClient, ok: 200, plain: 'scope.beyond_level', elsewhere: 404 }),
  changing('PATCH /oauth-clients/{id}', {
    ask: async (world) => ({ ...(await ofClient(world)), body: replace('/description', 'one') }),
    ok: 200,
    plain: 'scope.beyond_level',
    elsewhere: 404,
    races: [
      {
        rival: ({ path = {} }) => ({ operation: 'PATCH /oauth-clients/{id}', path, body: replace('/enabled', false) }),
        outcomes: [[200, 200]],
        holds: async (world, { path = {} }) => {
          const { description, enabled } = await world.done('GET /v2025/oauth-clients/{id}', { path })
          assert.deepEqual([description, enabled], ['one', false])
        },
      },
      {
        rival: clientDeletion,
        outcomes: [
          [200, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('DELETE /oauth-clients/{id}', {
    ask: ofClient,
    ok: 204,
    plain: 'scope.beyond_level',
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: isGone },
      {
        rival: ({ path = {} }) => ({ operation: 'POST /sallyport/v1/credentials/{id}/secrets', path }),
        outcomes: [
          [204, 200],
          [204, 404],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('PATCH /sallyport/v1/oauth-clients/{id}', {
    ask: async (world) => ({ ...(await ofClient(world)), body: replace('/scope', ['idn:sources:read']) }),
    ok: 200,
    plain: 'scope.beyond_level',
    elsewhere: 404,
    races: [
      {
        rival: ({ path = {} }) => ({ operation: 'PATCH /oauth-clients/{id}', path, body: replace('/enabled', false) }),
        outcomes: [[200, 200]],
        holds: async (world, { path = {} }) => {
          const { scope, enabled } = await world.done('GET /v2025/oauth-clients/{id}', { path })
          assert.deepEqual([scope, enabled], [['idn:sources:read'], false])
        },
      },
      {
        rival: clientDeletion,
        outcomes: [
          [200, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
]

/** The secrets of both. */
export const secrets: readonly Endpoint[] = [
  reading('GET /sallyport/v1/credentials/{id}/secrets', {
    ask: ofPat,
    ok: 200,
    plain: 404,
    elsewhere: 404,
  }),
  changing('POST /sallyport/v1/credentials/{id}/secrets', {
    ask: ofPat,
    ok: 200,
    plain: 404,
    elsewhere: 404,
    races: [
      { outcomes: [[200, 400]], holds: liveSecrets(2) },
      {
        rival: patDeletion,
        outcomes: [
          [200, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
  changing('DELETE /sallyport/v1/credentials/{id}/secrets/{secretId}', {
    ask: async (world) => ({ path: { ...(await world.oldSecret()) } }),
    ok: 204,
    plain: 404,
    elsewhere: 404,
    races: [
      { outcomes: [[204, 400]], holds: liveSecrets(1) },
      {
        rival: patDeletion,
        outcomes: [
          [204, 204],
          [404, 204],
        ],
        holds: isGone,
      },
    ],
  }),
]
