import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { forge } from '../../test/support/forge.ts'
import { clientFor, credentialOf, identityIdOf, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp } from '../../test/support/test-app.ts'

const times = (length: number, act: () => Promise<TestAnswer>): Promise<TestAnswer[]> =>
  Promise.all(Array.from({ length }, act))
const served = (answers: TestAnswer[]): number => answers.filter(({ status }) => status === 200).length
const limitedTo = (requests: number): object =>
  tenantFileFor('acme', {
    isDefault: true,
    tenant: { settings: { rateLimit: { requests, windowSeconds: 3600 } } },
    oauthClients: [
      {
        ...clientFor('acme', 'app-spa', { type: 'PUBLIC', grantTypes: ['AUTHORIZATION_CODE'] }),
        secret: undefined,
        redirectUris: ['https://spa.example/cb'],
      },
    ],
  })

test('of many requests at once a hundred are served, and the rest are 429 in the words of ISC', async (t) => {
  const { call, tokenFor } = await startTestApp(t)
  const token = await tokenFor('ada')

  const answers = await times(130, () => call('GET', '/v3/sources', { token }))

  const refused = answers.filter(({ status }) => status === 429)
  assert.deepEqual([served(answers), refused.length], [100, 30])
  for (const { headers, text } of refused) {
    assert.equal(text, '{"message":" Rate Limit Exceeded "}')
    assert.match(String(headers['retry-after']), /^(?:[1-9]|10)$/)
    assert.equal(headers['sallyport-reason'], 'rate.limited')
    assert.equal(headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(headers['www-authenticate'], undefined)
  }
})

test('all tokens of a client share one budget, and other clients have their own', async (t) => {
  const { call, tokenFor } = await startTestApp(t, { tenants: [limitedTo(4)] })
  const [one, two, other] = [await tokenFor('ada'), await tokenFor('ada'), await tokenFor('sam')]

  const first = await times(3, () => call('GET', '/v3/sources', { token: one }))
  const second = await times(3, () => call('GET', '/v3/sources', { token: two }))
  const others = await times(4, () => call('GET', '/v3/sources', { token: other }))

  assert.deepEqual([served(first), served(second), served(others)], [3, 1, 4])
})

test('each API version has its own budget, v1 behind a resource among them', async (t) => {
  const { call, tokenFor } = await startTestApp(t, { tenants: [limitedTo(2)] })
  const token = await tokenFor('ada')
  const paths = ['/v3/sources', '/v2025/sources', '/beta/workgroups', '/transforms/v1']

  for (const path of paths) {
    const answers = await times(4, () => call('GET', path, { token }))
    assert.equal(served(answers), 2, path)
  }
  assert.equal((await call('GET', '/v3/roles', { token })).status, 429)
})

test('our own routes count as well: an explanation is a request', async (t) => {
  const { call, tokenFor } = await startTestApp(t, { tenants: [limitedTo(2)] })
  const token = await tokenFor('ada')
  const body = { method: 'GET', path: '/v3/sources' }

  const answers = await times(3, () => call('POST', '/sallyport/v1/explain', { token, body }))

  assert.equal(served(answers), 2)
})

test('what does not exist counts, what is refused without a token or is public does not', async (t) => {
  const { call, tokenFor } = await startTestApp(t, { tenants: [limitedTo(3)] })
  const token = await tokenFor('ada')

  await times(10, () => call('GET', '/v3/ping', { token }))
  await times(10, () => call('GET', '/v3/sources', { token: `${token}x` }))
  const before = await call('GET', '/v3/sources', { token })
  await times(2, () => call('GET', '/v3/nosuch', { token }))

  assert.equal(before.status, 200)
  assert.equal((await call('GET', '/v3/sources', { token })).status, 429)
})

test('a public client has a budget for each of the people who use it', async (t) => {
  const app = await startTestApp(t, { tenants: [limitedTo(2)] })
  const tokenOf = (alias: string) => publicToken(app, alias)
  const [ada, sam] = [await tokenOf('ada'), await tokenOf('sam')]

  const first = await times(3, () => app.call('GET', '/v3/sources', { token: ada }))
  const second = await times(3, () => app.call('GET', '/v3/sources', { token: sam }))

  assert.deepEqual([served(first), served(second)], [2, 2])
})

const publicToken = (app: TestApp, alias: string): Promise<string> =>
  forge(app, {
    claims: { client_id: credentialOf('acme', 'app-spa').clientId, identity_id: identityIdOf('acme', alias) },
  })

test('a limit that the tenant changes holds from the next request on', async (t) => {
  const { call, tokenFor, apply } = await startTestApp(t, { tenants: [limitedTo(2)] })
  const token = await tokenFor('ada')
  const before = await times(4, () => call('GET', '/v3/sources', { token }))

  await apply(limitedTo(5))

  assert.deepEqual([served(before), served(await times(6, () => call('GET', '/v3/sources', { token })))], [2, 3])
})

test('however requests are spread over time and tokens, never are more served in any window than its limit', async (t) => {
  const [requests, windowMs] = [3, 3_600_000]
  const clock = { nowMs: 1_000_000 }
  const { call, tokenFor } = await startTestApp(t, { tenants: [limitedTo(requests)], monotonicMs: () => clock.nowMs })
  const tokens = [await tokenFor('ada'), await tokenFor('ada'), await tokenFor('ada')]
  const waits = fc.oneof(fc.constant(0), fc.nat(windowMs), fc.constantFrom(1, windowMs - 1, windowMs, windowMs + 1))
  const bursts = fc.array(fc.tuple(waits, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 8 })

  await fc.assert(
    fc.asyncProperty(bursts, async (sent) => {
      clock.nowMs += windowMs
      const servedMs: number[] = []
      for (const [wait, count] of sent) {
        clock.nowMs += wait
        const answers = await Promise.all(
          Array.from({ length: count }, (_, at) => call('GET', '/v3/sources', { token: tokens[at % 3] ?? '' })),
        )
        for (let at = 0; at < served(answers); at++) servedMs.push(clock.nowMs)

        const waitMs = (servedMs.at(-requests) ?? 0) + windowMs - clock.nowMs
        assert.ok(servedMs.filter((atMs) => atMs > clock.nowMs - windowMs).length <= requests)
        for (const { headers } of answers.filter(({ status }) => status !== 200))
          assert.equal(headers['retry-after'], String(Math.ceil(waitMs / 1000)))
      }
    }),
    { numRuns: 25 },
  )
})
