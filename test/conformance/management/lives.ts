import assert from 'node:assert/strict'
import { changing, type Endpoint, type Race, reading } from './endpoint.ts'
import type { World } from './world.ts'

const CREDENTIAL = '/sallyport/v1/credentials/{id}'
const SHADOW = `${CREDENTIAL}/shadow-scope`
const OFFERS = '/sallyport/v1/succession-offers'
const WEBHOOK = '/sallyport/v1/notice-webhook'
const nothing = async () => ({})
const credential = async (world: World) => ({ path: { id: await world.pat() } })
const narrow = { scope: ['idn:sources:read'] }
const hooked = { url: 'http://127.0.0.1:9/one' }
/** What is not one's own does not exist for others. */
const plain = 404

/** Both tenants have an address, and each sees its own alone. */
const hookedUp = async (world: World) => {
  await world.done(`PUT ${WEBHOOK}`, { body: { url: 'http://127.0.0.1:9/acme' } })
  await world.done(`PUT ${WEBHOOK}`, { body: { url: 'http://127.0.0.1:9/globex' } }, 'globex')
  return {}
}
const shadowed = async (world: World) => {
  const asked = await credential(world)
  await world.done(`PUT ${SHADOW}`, { ...asked, body: narrow })
  return asked
}
const offered = async (world: World) => ({ path: { id: await world.offer() } })
const deletion: Race['rival'] = ({ path = {} }) => ({ operation: 'DELETE /personal-access-tokens/{id}', path })
const withdrawal: Race['rival'] = ({ path = {} }) => ({ operation: `DELETE ${OFFERS}/{id}`, path })
const drop: Race['rival'] = ({ path = {} }) => ({ operation: `DELETE ${SHADOW}`, path })
const hasNoShadow: Race['holds'] = async (world, { path = {} }) => {
  const { status } = await world.call(`GET ${SHADOW}`, { path }, { token: await world.token('ada') })
  assert.equal(status, 404)
}
const isEnded: Race['holds'] = async (world, { path = {} }) => {
  const open = await world.done(`GET ${OFFERS}`)
  assert.ok(open.every(({ id }: { id: string }) => id !== path['id']))
}

/** What credentials are used for, and who comes after their owners. */
export const lives: readonly Endpoint[] = [
  reading('GET /sallyport/v1/credentials', { ask: nothing, ok: 200, plain: 'level.missing', elsewhere: 200 }),
  reading('GET /sallyport/v1/usage', { ask: nothing, ok: 200, plain: 'level.missing', elsewhere: 200 }),
  reading('GET /api-usage/count', { ask: nothing, ok: 200, plain: 'level.missing', elsewhere: 200 }),
  reading('GET /api-usage/summary', { ask: nothing, ok: 200, plain: 'level.missing', elsewhere: 200 }),
  reading(`GET ${CREDENTIAL}/impact`, { ask: credential, ok: 200, plain, elsewhere: 404 }),
  reading(`GET ${CREDENTIAL}/right-size`, { ask: credential, ok: 200, plain, elsewhere: 404 }),
  reading(`GET ${SHADOW}`, { ask: shadowed, ok: 200, plain, elsewhere: 404 }),
  changing(`PUT ${SHADOW}`, {
    ask: async (world) => ({ ...(await credential(world)), body: narrow }),
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
      },
    ],
  }),
  changing(`POST ${SHADOW}/apply`, {
    ask: shadowed,
    ok: 204,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: hasNoShadow },
      {
        rival: drop,
        outcomes: [
          [204, 404],
          [404, 204],
        ],
        holds: hasNoShadow,
      },
    ],
  }),
  changing(`DELETE ${SHADOW}`, {
    ask: shadowed,
    ok: 204,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: hasNoShadow },
      {
        rival: deletion,
        outcomes: [
          [204, 204],
          [404, 204],
        ],
      },
    ],
  }),
  reading('GET /sallyport/v1/expiry.ics', { ask: nothing, ok: 200, plain: 200, elsewhere: 200 }),
  reading(`GET ${WEBHOOK}`, {
    ask: hookedUp,
    ok: 200,
    plain: 'level.missing',
    elsewhere: 200,
  }),
  changing(`PUT ${WEBHOOK}`, {
    ask: async () => ({ body: hooked }),
    ok: 200,
    plain: 'level.missing',
    elsewhere: 200,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: () => ({ operation: `PUT ${WEBHOOK}`, body: { url: 'http://127.0.0.1:9/two' } }),
        outcomes: [[200, 200]],
        holds: async (world) =>
          assert.match((await world.done(`GET ${WEBHOOK}`)).url, /^http:\/\/127\.0\.0\.1:9\/(?:one|two)$/),
      },
    ],
  }),
  changing(`DELETE ${WEBHOOK}`, {
    ask: hookedUp,
    ok: 204,
    plain: 'level.missing',
    elsewhere: 204,
    races: [
      { outcomes: [[204, 404]] },
      { rival: () => ({ operation: `PUT ${WEBHOOK}`, body: hooked }), outcomes: [[204, 200]] },
    ],
  }),
  reading('GET /sallyport/v1/identities/{id}/succession', {
    ask: async (world) => ({ path: { id: await world.identity() } }),
    ok: 200,
    plain,
    elsewhere: 404,
  }),
  reading(`GET ${OFFERS}`, { ask: nothing, ok: 200, plain: 200, elsewhere: 200 }),
  changing(`POST ${OFFERS}`, {
    ask: async (world) => ({ body: { credentialId: await world.pat(), successorId: await world.machine() } }),
    ok: 201,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[201, 400]] },
      {
        rival: ({ body }) => ({
          operation: 'DELETE /personal-access-tokens/{id}',
          path: { id: (body as { credentialId: string }).credentialId },
        }),
        outcomes: [
          [201, 204],
          [404, 204],
        ],
      },
    ],
  }),
  changing(`POST ${OFFERS}/{id}/accept`, {
    ask: offered,
    ok: 200,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[200, 404]], holds: isEnded },
      {
        rival: withdrawal,
        outcomes: [
          [200, 404],
          [404, 204],
        ],
        holds: isEnded,
      },
    ],
  }),
  changing(`POST ${OFFERS}/{id}/decline`, {
    ask: offered,
    ok: 204,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: isEnded },
      {
        rival: withdrawal,
        outcomes: [
          [204, 404],
          [404, 204],
        ],
        holds: isEnded,
      },
    ],
  }),
  changing(`DELETE ${OFFERS}/{id}`, {
    ask: offered,
    ok: 204,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[204, 404]], holds: isEnded },
      {
        rival: ({ path = {} }) => ({ operation: `POST ${OFFERS}/{id}/accept`, path }),
        outcomes: [
          [204, 404],
          [404, 200],
        ],
        holds: isEnded,
      },
    ],
  }),
]
