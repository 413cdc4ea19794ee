import assert from 'node:assert/strict'
import { changing, type Endpoint, type Race, reading } from './endpoint.ts'
import { documentOf, type World } from './world.ts'

const CATALOGS = '/sallyport/v1/catalogs'
const nothing = async () => ({})
const catalog = async (world: World) => ({ path: { name: await world.catalog() } })
const removal: Race['rival'] = ({ path = {} }) => ({ operation: `DELETE ${CATALOGS}/{name}`, path })
const isGone: Race['holds'] = async (world, { path = {} }) => {
  const { status } = await world.call(`GET ${CATALOGS}/{name}`, { path }, { token: await world.token('ada') })
  assert.equal(status, 404)
}
const plain = 'level.missing'

/** A refusal of acme's that has an explanation. */
async function refused(world: World) {
  const asked = { path: { id: await world.identity() } }
  const { headers } = await world.call('GET /v2025/identities/{id}', asked, { token: await world.token('paul') })
  return { path: { trackingId: String(headers['slpt-request-id']) } }
}

/** Catalogs, what they demand, and who was refused why. */
export const insight: readonly Endpoint[] = [
  reading(`GET ${CATALOGS}`, { ask: nothing, ok: 200, plain, elsewhere: 200 }),
  reading(`GET ${CATALOGS}/{name}`, { ask: catalog, ok: 200, plain, elsewhere: 404 }),
  changing(`POST ${CATALOGS}`, {
    ask: async (world) => {
      const name = world.name()
      return { query: `?name=${name}&prefix=/v3&upstream=sample`, body: documentOf(name) }
    },
    ok: 201,
    plain,
    elsewhere: 201,
    races: [
      { outcomes: [[201, 400]] },
      {
        // Another name that claims the same path: one alone may serve it.
        rival: ({ query = '', body }) => ({
          operation: `POST ${CATALOGS}`,
          query: query.replace(/name=[^&]+/, (name) => `${name}-again`),
          ...(body && { body }),
        }),
        outcomes: [
          [201, 400],
          [400, 201],
        ],
      },
    ],
  }),
  changing(`PUT ${CATALOGS}/{name}`, {
    ask: async (world) => ({ ...(await catalog(world)), body: documentOf(world.name()) }),
    ok: 200,
    plain,
    elsewhere: 404,
    races: [
      {
        // What was replaced meanwhile is not replaced unseen.
        outcomes: [
          [200, 200],
          [200, 400],
        ],
      },
      {
        rival: removal,
        outcomes: [
          [200, 204],
          [404, 204],
          [400, 204],
        ],
        holds: isGone,
      },
    ],
  }),
  changing(`DELETE ${CATALOGS}/{name}`, {
    ask: catalog,
    ok: 204,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: isGone },
      {
        rival: ({ path = {} }) => ({ operation: `PUT ${CATALOGS}/{name}`, path, body: documentOf('other') }),
        outcomes: [
          [204, 200],
          [204, 404],
          [204, 400],
        ],
        holds: isGone,
      },
    ],
  }),
  reading('GET /sallyport/v1/access-matrix', { ask: nothing, ok: 200, plain: 200, elsewhere: 200 }),
  reading('POST /sallyport/v1/smallest', {
    ask: async () => ({ body: { requests: [{ method: 'GET', path: '/v2025/identities' }] } }),
    ok: 200,
    plain: 200,
    elsewhere: 200,
  }),
  reading('POST /sallyport/v1/explain', {
    ask: async (world) => ({ body: { method: 'GET', path: '/v2025/identities', clientId: await world.client() } }),
    ok: 200,
    plain: 'resource.denied',
    elsewhere: 404,
  }),
  reading('GET /sallyport/v1/explain/{trackingId}', { ask: refused, ok: 200, plain: 200, elsewhere: 404 }),
  reading('GET /sallyport/v1/denials', { ask: nothing, ok: 200, plain: 'scope.beyond_level', elsewhere: 200 }),
  reading('GET /sallyport/v1/audit-events', { ask: nothing, ok: 200, plain: 'scope.beyond_level', elsewhere: 200 }),
  reading('GET /sallyport/v1/log', {
    ask: nothing,
    ok: 200,
    plain: 'scope.beyond_level',
    elsewhere: 200,
    isEndless: true,
  }),
]
