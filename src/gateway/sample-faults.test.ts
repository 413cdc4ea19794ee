import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startUpstream, valuesOf } from '../../test/support/upstream.ts'

const app = shareTestApp()
const FAULT = 'sallyport-sample-fault'
const ping = (fault: string, method = 'GET') => app().call(method, '/v3/ping', { headers: { [FAULT]: fault } })

for (const [fault, status, pattern] of [
  ['429', 429, /^\{"message":" Rate Limit Exceeded "\}$/],
  ['500', 500, /"detailCode":"500.0 Internal Fault"/],
  ['503', 503, /The sample was told to fail/],
  ['expired', 401, /^\{"error":"JWT validation failed: JWT is expired"\}$/],
  ['latency=1, 500', 500, /500.0/],
  ['429@100%, 500', 429, /Rate/],
  ['429@0%, 500', 500, /500.0/],
] as const) {
  test(`a sample that is asked for ${fault} answers ${status} in ISC's shape, and says that it was asked`, async () => {
    const answer = await ping(fault)

    assert.equal(answer.status, status)
    assert.match(answer.text, pattern)
    assert.equal(answer.headers[FAULT], String(status))
    assert.equal(answer.headers['retry-after'], status === 429 ? '1' : undefined)
    assert.match(String(answer.headers['slpt-request-id']), /^[0-9a-f]{32}$/)
  })
}

test('latency alone lets the answer wait, and nothing else', async () => {
  const startedMs = performance.now()

  const [late, plain] = [await ping('latency=60'), await ping('none')]

  assert.ok(performance.now() - startedMs >= 59)
  assert.deepEqual([late.status, late.text, late.headers[FAULT]], [200, plain.text, undefined])
})

test('a share strikes some requests and spares others', async () => {
  const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await ping('500@50%')).status))

  assert.deepEqual(new Set(statuses), new Set([200, 500]))
})

test('HEAD of a fault has no body', async () => {
  const answer = await ping('500', 'HEAD')

  assert.deepEqual([answer.status, answer.text], [500, ''])
})

for (const fault of ['', '418', 'latency=10001', 'latency=-1', '429@101%', '429;500', 'none, 429']) {
  test(`the fault "${fault}" is refused with what there is`, async () => {
    const answer = await ping(fault)

    assert.equal(answer.status, 400)
    assert.match(answer.json().messages[0].text, /must be latency=MS/)
  })
}

test('faults come behind the gates', async () => {
  const answer = await app().call('GET', '/v3/sources', { headers: { [FAULT]: '500' } })

  assert.equal(answer.status, 401)
  assert.equal(answer.headers[FAULT], undefined)
})

test('the faults of a catalog strike every request, and the header replaces them', async (t) => {
  const catalog = { name: 'sample', file: 'sample.openapi.yaml', prefix: '', upstream: 'sample', sampleFaults: ['503'] }
  const failing = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, catalogs: [catalog] })] })
  const token = await failing.tokenFor('ada')
  const call = async (headers = {}) => (await failing.call('GET', '/v3/ping', { headers })).status

  const before = [await call(), await call({ [FAULT]: 'none' }), await call({ [FAULT]: '429' })]
  const shown = await failing.call('GET', '/sallyport/v1/catalogs/sample', { token })
  const document = JSON.stringify({ openapi: '3.1.0', paths: { '/v3/ping': { get: { security: [{}] } } } })
  await failing.call('PUT', '/sallyport/v1/catalogs/sample', { token, body: document })
  const kept = await call()
  await failing.call('PUT', '/sallyport/v1/catalogs/sample?sampleFaults=', { token, body: document })
  const bad = await failing.call('PUT', '/sallyport/v1/catalogs/sample?sampleFaults=418', { token, body: document })

  assert.deepEqual(before, [503, 200, 429])
  assert.deepEqual(shown.json().upstream.faults, ['503'])
  assert.deepEqual([kept, await call(), bad.status], [503, 204, 400])
})

test('a real upstream never sees the header, and nothing is made to fail', async (t) => {
  const upstream = await startUpstream(t)
  const document = { openapi: '3.1.0', paths: { '/real': { get: { security: [{}] } } } }
  const catalogs = [{ name: 'real', document, upstream: upstream.url }]
  const real = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, catalogs })] })

  const answer = await real.call('GET', '/real', { headers: { [FAULT]: '500' } })

  assert.equal(answer.status, 200)
  assert.deepEqual(
    upstream.received.map((received) => valuesOf(received, FAULT)),
    [[]],
  )
})

test('faults beside a real upstream are a mistake in a tenant file', async () => {
  const document = { openapi: '3.1.0', paths: {} }
  const catalog = { name: 'r', document, upstream: 'http://127.0.0.1:1', sampleFaults: ['500'] }

  const applying = app().apply({ tenant: { name: 'acme' }, catalogs: [catalog] })

  await assert.rejects(applying, /sampleFaults: go with upstream: sample alone/)
})
