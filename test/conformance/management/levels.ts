import assert from 'node:assert/strict'
import { changing, type Endpoint, type Race, reading } from './endpoint.ts'
import type { World } from './world.ts'

const LEVELS = '/authorization/custom-user-levels'
const plain = 'level.missing'
const draft = async (world: World) => ({ path: { id: await world.level() } })
const describe = (value: string) => [{ op: 'replace', path: '/description', value }]
const deletion: Race['rival'] = ({ path = {} }) => ({ operation: `DELETE ${LEVELS}/{id}`, path })
const isGone: Race['holds'] = async (world, { path = {} }) => {
  const { status } = await world.call(`GET /v2025${LEVELS}/{id}`, { path }, { token: await world.token('ada') })
  assert.equal(status, 404)
}

/** User levels of a tenant's own making. */
export const levels: readonly Endpoint[] = [
  reading(`GET ${LEVELS}`, { ask: async () => ({}), ok: 200, plain, elsewhere: 200 }),
  changing(`POST ${LEVELS}`, {
    ask: async (world) => ({ body: await world.levelBody() }),
    ok: 200,
    plain,
    elsewhere: 400,
    races: [
      { outcomes: [[200, 400]] },
      {
        rival: ({ body }) => ({ operation: `POST ${LEVELS}`, body: { ...body, description: 'other' } }),
        outcomes: [
          [200, 400],
          [400, 200],
        ],
      },
    ],
  }),
  reading(`GET ${LEVELS}/{id}`, { ask: draft, ok: 200, plain, elsewhere: 404 }),
  changing(`PATCH ${LEVELS}/{id}`, {
    ask: async (world) => ({ ...(await draft(world)), body: describe('one') }),
    ok: 200,
    plain,
    elsewhere: 404,
    races: [
      {
        rival: ({ path = {} }) => ({ operation: `PATCH ${LEVELS}/{id}`, path, body: describe('two') }),
        outcomes: [[200, 200]],
        holds: async (world, { path = {} }) => {
          const { description } = await world.done(`GET /v2025${LEVELS}/{id}`, { path })
          assert.match(description, /^(?:one|two)$/)
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
  changing(`DELETE ${LEVELS}/{id}`, {
    ask: async (world) => ({ path: { id: await world.level({ isPublished: true }) } }),
    ok: 204,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: isGone },
      {
        // Somebody is given the level at the same time: nobody may end up with one that is no longer there.
        rival: ({ path = {} }) => ({
          operation: 'POST /sallyport/v1/identities',
          body: { alias: `holder-of-${path['id']}`, userLevels: [path['id']] },
        }),
        outcomes: [
          [204, 400],
          [400, 201],
        ],
      },
    ],
  }),
  changing(`POST ${LEVELS}/{id}/publish`, {
    ask: draft,
    ok: 200,
    plain,
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
  reading('GET /authorization/authorization-assignable-right-sets', {
    ask: async () => ({}),
    ok: 200,
    plain,
    elsewhere: 200,
  }),
  reading('POST /authorization/user-levels/get-identity-count', {
    ask: async (world) => ({ body: [await world.level()] }),
    ok: 200,
    plain,
    elsewhere: 200,
  }),
  reading('GET /authorization/user-levels/{id}/identities', { ask: draft, ok: 200, plain, elsewhere: 404 }),
]
