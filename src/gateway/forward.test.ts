import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { share } from '../../test/support/shared-app.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { apiCatalog, startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { canonicalPath } from '../http/path.ts'

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, { tenants: tenantsWithApi(`${upstream.url}/api`) })
  return { app, upstream, token: await app.tokenFor('ada') }
})

for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
  test(`${method} goes up with path, query and body as they were, and the answer comes back as it is`, async () => {
    const { app, upstream, token } = shared()
    const body = method === 'GET' ? undefined : Buffer.from([0, 1, 2, 255, 13, 10])
    upstream.answer((_request, response) => {
      response.writeHead(418, { 'content-type': 'text/odd', 'x-total-count': '7' })
      response.end(Buffer.from('{"a":1}\n'))
    })

    const answer = await app.call(method, '/v3/things?a=1&a=2&q=%20x%2Fy&empty', { token, ...(body && { body }) })

    const received = upstream.received.at(-1)
    assert.deepEqual([received?.method, received?.url], [method, '/api/things?a=1&a=2&q=%20x%2Fy&empty'])
    assert.deepEqual(received?.body, body ?? Buffer.alloc(0))
    assert.deepEqual([answer.status, answer.text], [418, '{"a":1}\n'])
    assert.deepEqual([answer.headers['content-type'], answer.headers['x-total-count']], ['text/odd', '7'])
  })
}

test('HEAD follows GET and has no body', async () => {
  const { app, upstream, token } = shared()
  upstream.answer((request, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.end(request.method === 'HEAD' ? undefined : 'x'.repeat(1000))
  })

  const answer = await app.call('HEAD', '/v3/things', { token })

  assert.equal(upstream.received.at(-1)?.method, 'HEAD')
  assert.deepEqual([answer.status, answer.headers['content-length'], answer.text], [200, '1000', ''])
})

for (const status of [204, 301, 304, 400, 401, 404, 500, 503]) {
  test(`an answer ${status} of the upstream is its own, and nothing of ours is added but the tracking id`, async () => {
    const { app, upstream, token } = shared()
    upstream.answer((_request, response) => void response.writeHead(status, { location: 'https://x.example/' }).end())

    const { headers, ...answer } = await app.call('GET', '/v3/things', { token })

    assert.equal(answer.status, status)
    assert.equal(headers['location'], 'https://x.example/')
    assert.match(String(headers['slpt-request-id']), /^[0-9a-f]{32}$/)
    for (const name of ['sallyport-reason', 'www-authenticate', 'link']) assert.equal(headers[name], undefined)
  })
}

test('what is matched is what is sent, whatever the spelling of the path', async () => {
  const { app, upstream, token } = shared()
  upstream.answer((_request, response) => void response.end())
  const segments = fc.constantFrom('a', '%20', '%c3%bc', '%3A', ':', '@', '~', "'", '%2f', '.', '%2e', ';', '%', '*')
  const paths = fc.array(segments, { minLength: 1, maxLength: 5 }).map((parts) => `/v3//things/${parts.join('')}//`)

  await fc.assert(
    fc.asyncProperty(paths, async (path) => {
      const before = upstream.received.length

      const { status } = await app.call('GET', path, { token })

      // Spaces and dots alone are nothing to a lenient reader, also before an extension: the path reads as a shorter one.
      const isNothing = /^\/v3\/\/things\/(?:(?:%20|\.)+\/\/$|(?:%20)*\.(?:%20|\.)*\.)/.test(path)
      const canonical = isNothing ? undefined : canonicalPath(path)
      assert.equal(status, canonical === undefined ? 400 : 200)
      const sent = upstream.received.slice(before).map(({ url }) => url)
      assert.deepEqual(sent, canonical === undefined ? [] : [canonical.replace('/v3', '/api')])
    }),
    { numRuns: 100 },
  )
})

test('the root of a document is the root of its upstream', async (t) => {
  const upstream = await startUpstream(t)
  const app = await startTestApp(t, {
    tenants: [tenantFileFor('acme', { isDefault: true, catalogs: [apiCatalog(upstream.url)] })],
  })
  const token = await app.tokenFor('ada')

  const answers = [await app.call('GET', '/v3', { token }), await app.call('GET', '/v3/?a=1', { token })]

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  )
  assert.deepEqual(
    upstream.received.map(({ url }) => url),
    ['/', '/?a=1'],
  )
})

test('no path can name another upstream', async () => {
  const { app, upstream, token } = shared()
  upstream.answer((_request, response) => void response.end())
  const before = upstream.received.length

  for (const path of ['//169.254.169.254/', '/@evil.example', '/http://evil.example', '/v3/things/http://evil.example'])
    assert.equal((await app.call('GET', path, { token })).status, 404, path)
  for (const path of ['/v3/things/@evil.example', '/v3/things/http:%20evil'])
    assert.equal((await app.call('GET', path, { token })).status, 200, path)

  assert.deepEqual(
    upstream.received.slice(before).map(({ url }) => url),
    ['/api/things/@evil.example', '/api/things/http:%20evil'],
  )
})

test('a bearer in the query is never handed on, however it is spelled', async () => {
  const { app, upstream, token } = shared()
  upstream.answer((_request, response) => void response.end())
  const queries: [sent: string, passed: string][] = [
    ['access_token=x', ''],
    ['access_token', ''],
    ['a=1&access_token=x&b=2', '?a=1&b=2'],
    ['access%5Ftoken=x&a=%20', '?a=%20'],
    ['%61ccess_token=x', ''],
    ['my_access_token=x&q=access_token', '?my_access_token=x&q=access_token'],
    ['a=%zz&b=%', '?a=%zz&b=%'],
  ]

  for (const [sent, passed] of queries) {
    await app.call('GET', `/v3/things?${sent}`, { token })
    assert.equal(upstream.received.at(-1)?.url, `/api/things${passed}`)
  }
})

test('a public operation is served without a token, and one that is sent counts for nothing', async () => {
  const { app, upstream } = shared()
  upstream.answer((_request, response) => void response.end('open'))

  for (const headers of [{}, { authorization: 'Bearer garbage' }, { authorization: 'Basic eDp5' }]) {
    const answer = await app.call('GET', '/v3/public', { headers })

    const names = upstream.received.at(-1)?.headers.map(([name]) => name) ?? []
    assert.deepEqual([answer.status, answer.text], [200, 'open'])
    assert.ok(!names.includes('sallyport-context') && !names.includes('authorization'))
    assert.ok(names.includes('slpt-request-id'))
  }
})
