import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange } from '../../test/support/raw-http.ts'
import { share } from '../../test/support/shared-app.ts'
import { DOMAIN, startTestApp } from '../../test/support/test-app.ts'
import { type Received, startUpstream, tenantsWithApi, valuesOf } from '../../test/support/upstream.ts'

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, { tenants: tenantsWithApi(upstream.url) })
  const tokens = { acme: await app.tokenFor('ada'), globex: await app.tokenFor('ada', 'globex') }
  return { app, upstream, tokens }
})

/** What the upstream gets of a request with these header lines. */
async function sent(...lines: string[]): Promise<Received> {
  const { app, upstream, tokens } = shared()
  upstream.answer((_request, response) => void response.end())
  const head = ['GET /v3/things HTTP/1.1', `Host: ${DOMAIN}`, `Authorization: Bearer ${tokens.acme}`]
  const closing = lines.some((line) => /^connection:/i.test(line)) ? [] : ['Connection: close']

  const { status } = await exchange(app.origin, ...head, ...lines, ...closing)

  assert.equal(status, 200)
  const received = upstream.received.at(-1)
  assert.ok(received)
  return received
}

const dropped = [
  'Cookie: session=x',
  'Forwarded: for=1.2.3.4;host=evil.example',
  'Keep-Alive: timeout=5',
  'Proxy-Authorization: Basic x',
  'Proxy-Connection: keep-alive',
  'TE: trailers',
  'Trailer: X-Sum',
  'Upgrade: websocket',
  'Sallyport-User: admin',
  'sallyport_context: x',
  'SALLYPORT-ANYTHING: x',
  'Slpt-Anything: x',
  'X-User-Id: admin',
  'X_User_Id: admin',
  'x-user: admin',
  'X-Tenant-Id: globex',
  'X-Identity: admin',
  'X-ISC-User: admin',
  'X-Auth-Request-User: admin',
  'X-Remote-User: admin',
  'Remote-User: admin',
  'Remote_User: admin',
  'X-Forwarded-For: 1.2.3.4',
  'X-Forwarded-Host: evil.example',
  'X_Forwarded_Proto: https',
  'X-Forwarded-Prefix: /x',
  'X-Real-IP: 1.2.3.4',
  'X-Original-URL: /admin',
  'X-Original-Host: evil.example',
  'X-Rewrite-URL: /admin',
  'X_Rewrite_URL: /admin',
  'X-Host: evil.example',
  'X-HTTP-Method-Override: DELETE',
  'X-Http-Method: DELETE',
  'X-Method-Override: DELETE',
  'X-Middleware-Subrequest: x',
]

/** A name as some upstreams read it. */
const read = (name: string): string => name.replaceAll('_', '-')

for (const line of dropped) {
  test(`the upstream never sees the caller's ${line}`, async () => {
    const [name = '', value = ''] = line.toLowerCase().split(': ')

    const { headers } = await sent(line)

    const alike = headers.filter(([each, its]) => read(each) === read(name) && its.toLowerCase() === value)
    assert.deepEqual(alike, [])
  })
}

test('what is nobody’s business but the upstream’s goes up as it was, repeated headers repeated', async () => {
  const received = await sent(
    'Accept: application/json',
    'X-SailPoint-Experimental: true',
    'X-SailPoint-SDK: x/1.0',
    'User-Agent: test',
    'If-Match: "a"',
    'X-Twice: one',
    'X-Twice: two',
    'X-Odd: caf\u00e9',
    'X-Users: 7',
  )

  assert.deepEqual(valuesOf(received, 'accept'), ['application/json'])
  assert.deepEqual(valuesOf(received, 'x-sailpoint-experimental'), ['true'])
  assert.deepEqual(valuesOf(received, 'user-agent'), ['test'])
  assert.deepEqual(valuesOf(received, 'if-match'), ['"a"'])
  assert.deepEqual(valuesOf(received, 'x-twice'), ['one', 'two'])
  assert.deepEqual(valuesOf(received, 'x-odd'), ['caf\u00e9'])
})

test('the upstream gets its own host, our tracking id and one context header, whatever the caller sends', async () => {
  const { upstream } = shared()

  const received = await sent('SLPT-Request-ID: forged', 'Sallyport-Context: forged', 'sallyport-context: forged')

  assert.deepEqual(valuesOf(received, 'host'), [upstream.url.slice('http://'.length)])
  assert.match(valuesOf(received, 'slpt-request-id').join(), /^[0-9a-f]{32}$/)
  assert.match(valuesOf(received, 'sallyport-context').join(), /^[\w-]+\.[\w-]+\.[\w-]+$/)
  assert.deepEqual(valuesOf(received, 'authorization'), [])
})

test('what Connection names concerns one connection only, and cannot take ours away (RFC 9110 §7.6.1)', async () => {
  const received = await sent('X-Hop: a', 'X-Kept: b', 'Connection: close, X-Hop, Sallyport-Context, SLPT-Request-ID')

  assert.deepEqual([valuesOf(received, 'x-hop'), valuesOf(received, 'x-kept')], [[], ['b']])
  assert.equal(valuesOf(received, 'sallyport-context').length, 1)
  assert.equal(valuesOf(received, 'slpt-request-id').length, 1)
})

const answered = async (tenant: 'acme' | 'globex', headers: Record<string, string | string[]>, origin?: string) => {
  const { app, upstream, tokens } = shared()
  upstream.answer((_request, response) => void response.writeHead(200, headers).end('ok'))
  const host = `${tenant}.api.${DOMAIN}`
  const more = origin === undefined ? {} : { headers: { origin } }
  return (await app.call('GET', '/v3/things', { host, token: tokens[tenant], ...more })).headers
}

const neverReturned = {
  'keep-alive': 'timeout=99',
  'proxy-authenticate': 'Basic',
  upgrade: 'h2c',
  trailer: 'x-sum',
  'sallyport-reason': 'forged',
  'sallyport-context': 'forged',
  'access-control-allow-origin': '*',
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'x-secret',
  'strict-transport-security': 'max-age=0',
  'x-hop': 'a',
  connection: 'x-hop',
}

test('an upstream cannot speak for us, for the connection, or about who may read the answer', async () => {
  const headers = await answered('globex', { ...neverReturned, 'slpt-request-id': 'forged', 'x-kept': 'b' })

  for (const [name, value] of Object.entries(neverReturned)) assert.notEqual(headers[name], value, name)
  assert.equal(headers['x-kept'], 'b')
  assert.match(String(headers['slpt-request-id']), /^[0-9a-f]{32}$/)
})

test('an answer is not cached unless its upstream says so', async () => {
  assert.equal((await answered('globex', {}))['cache-control'], 'private, no-store')
  assert.equal((await answered('globex', { 'cache-control': 'max-age=60' }))['cache-control'], 'max-age=60')
})

test('an answer that its upstream lets everybody cache is cached for its caller alone (RFC 9111 §4.1)', async () => {
  const cached = { 'cache-control': 'public, max-age=60' }

  assert.equal((await answered('globex', cached))['vary'], 'Authorization')
  assert.equal((await answered('globex', { ...cached, vary: 'Accept' }))['vary'], 'Accept, Authorization')
  const origin = `http://globex.${DOMAIN}`
  assert.equal((await answered('globex', cached, origin))['vary'], 'Origin, Authorization')
})

test('what an answer depends on is the upstream’s and ours together', async () => {
  const origin = `http://globex.${DOMAIN}`

  assert.equal((await answered('globex', { vary: 'Accept' }))['vary'], 'Accept')
  assert.equal((await answered('globex', { vary: 'Accept' }, origin))['vary'], 'Origin, Accept')
  assert.equal((await answered('globex', {}, origin))['vary'], 'Origin')
})

test('where people sign in on the same origin, an answer is sandboxed and keeps no cookies', async () => {
  const shared = await answered('acme', {
    'set-cookie': ['a=1', 'b=2'],
    'clear-site-data': '"*"',
    'content-security-policy': "script-src 'unsafe-inline'",
  })

  assert.equal(shared['content-security-policy'], 'sandbox')
  assert.equal(shared['x-content-type-options'], 'nosniff')
  assert.deepEqual([shared['set-cookie'], shared['clear-site-data']], [undefined, undefined])
})

test('on an origin of its own an upstream sets its own cookies and policy', async () => {
  const own = await answered('globex', { 'set-cookie': ['a=1', 'b=2'], 'content-security-policy': 'default-src *' })

  assert.deepEqual(own['set-cookie'], ['a=1', 'b=2'])
  assert.equal(own['content-security-policy'], 'default-src *')
})
