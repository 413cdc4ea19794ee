import assert from 'node:assert/strict'
import { changing, type Endpoint, type Race, reading } from './endpoint.ts'

const nothing = async () => ({})
const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const plain = 'scope.beyond_level'

const NETWORK = '/auth-org/network-config'
const hasOneRange: Race['holds'] = async (world) => {
  const { range } = await world.done(`GET /v2025${NETWORK}`)
  assert.match(range.join(), /^(?:192\.0\.2\.0|198\.51\.100\.0)\/24$/)
}
/** ISC names no level in beta, where the scope alone decides. */
const byLevelButInBeta = (operation: string): string => (operation.includes(' /beta/') ? plain : 'level.missing')

interface Document {
  /** Without a version. */
  at: string
  /** Two members that are set at once, and neither is lost. */
  one: readonly [name: string, value: unknown]
  two: readonly [name: string, value: unknown]
  plain: Endpoint['plain']
  plainChange: Endpoint['plain']
}

/** Reading a document of settings and changing it by JSON Patch. */
const document = ({ at, one, two, plain, plainChange }: Document): Endpoint[] => [
  reading(`GET ${at}`, { ask: nothing, ok: 200, plain, elsewhere: 200 }),
  changing(`PATCH ${at}`, {
    ask: async () => ({ body: replace(`/${one[0]}`, one[1]) }),
    ok: 200,
    plain: plainChange,
    elsewhere: 200,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: () => ({ operation: `PATCH ${at}`, body: replace(`/${two[0]}`, two[1]) }),
        outcomes: [[200, 200]],
        holds: async (world) => {
          const found = await world.done(`GET ${at.startsWith('/sallyport') ? at : `/v2025${at}`}`)
          for (const [name, value] of [one, two])
            assert.deepEqual(
              name.split('/').reduce((part, key) => part[key], found),
              value,
              name,
            )
        },
      },
    ],
  }),
]

/** What a tenant's administrators set. */
export const settings: readonly Endpoint[] = [
  ...document({
    at: '/auth-org/lockout-config',
    one: ['maximumAttempts', 6],
    two: ['lockoutDuration', 20],
    plain,
    plainChange: 'level.missing',
  }),
  ...document({
    at: '/auth-org/session-config',
    one: ['maxIdleTime', 20],
    two: ['rememberMe', true],
    plain,
    plainChange: 'level.missing',
  }),
  reading(`GET ${NETWORK}`, { ask: nothing, ok: 200, plain, elsewhere: 200 }),
  changing(`PATCH ${NETWORK}`, {
    ask: async () => ({ body: replace('/range', ['192.0.2.0/24']) }),
    ok: 200,
    plain,
    elsewhere: 200,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: () => ({ operation: `PATCH ${NETWORK}`, body: replace('/range', ['198.51.100.0/24']) }),
        outcomes: [[200, 200]],
        holds: hasOneRange,
      },
    ],
  }),
  changing(`POST ${NETWORK}`, {
    ask: async () => ({ body: { range: ['192.0.2.0/24'], geolocation: [], whitelisted: false } }),
    ok: 200,
    plain,
    elsewhere: 200,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: () => ({ operation: `PATCH ${NETWORK}`, body: replace('/range', ['198.51.100.0/24']) }),
        outcomes: [[200, 200]],
        holds: hasOneRange,
      },
    ],
  }),
  ...document({
    at: '/auth-org/service-provider-config',
    one: ['bypassIdp', true],
    two: ['federationProtocolDetails/0/mappingAttribute', 'uid'],
    plain,
    plainChange: plain,
  }),
  ...document({
    at: '/org-config',
    one: ['timeZone', 'Europe/Zurich'],
    two: ['lcsChangeHonorsSourceEnableFeature', true],
    plain: byLevelButInBeta,
    plainChange: byLevelButInBeta,
  }),
  reading('GET /org-config/valid-time-zones', { ask: nothing, ok: 200, plain: byLevelButInBeta, elsewhere: 200 }),
  reading('GET /tenant', { ask: nothing, ok: 200, plain: 200, elsewhere: 200 }),
  reading('GET /tenant-context', { ask: nothing, ok: 200, plain: 'level.missing', elsewhere: 200 }),
  changing('PATCH /tenant-context', {
    ask: async () => ({ body: [{ op: 'add', path: '/Key/ONE', value: '1' }] }),
    ok: 200,
    plain: 'level.missing',
    elsewhere: 200,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: () => ({ operation: 'PATCH /tenant-context', body: [{ op: 'add', path: '/Key/TWO', value: '2' }] }),
        outcomes: [[200, 200]],
        holds: async (world) => {
          const text = JSON.stringify(await world.done('GET /v2025/tenant-context'))
          assert.match(text, /ONE/)
          assert.match(text, /TWO/)
        },
      },
    ],
  }),
  reading('GET /auth-profiles', { ask: nothing, ok: 200, plain, elsewhere: 200 }),
  reading('GET /auth-profiles/{id}', {
    ask: async (world) => ({ path: { id: (await world.done('GET /v2025/auth-profiles'))[0].id } }),
    ok: 200,
    plain,
    elsewhere: 404,
  }),
  changing('PATCH /auth-profiles/{id}', {
    ask: async (world) => ({
      path: { id: (await world.done('GET /v2025/auth-profiles'))[0].id },
      body: replace('/offNetwork', true),
    }),
    ok: 200,
    plain,
    elsewhere: 404,
    races: [
      { outcomes: [[200, 200]] },
      {
        rival: ({ path = {} }) => ({
          operation: 'PATCH /auth-profiles/{id}',
          path,
          body: replace('/untrustedGeography', true),
        }),
        outcomes: [[200, 200]],
        holds: async (world, { path = {} }) => {
          const { offNetwork, untrustedGeography } = await world.done('GET /v2025/auth-profiles/{id}', { path })
          assert.deepEqual([offNetwork, untrustedGeography], [true, true])
        },
      },
    ],
  }),
  ...document({
    at: '/sallyport/v1/settings',
    one: ['lockout/maximumAttempts', 7],
    two: ['session/maxIdleTime', 25],
    plain: 'level.missing',
    plainChange: 'level.missing',
  }),
]
