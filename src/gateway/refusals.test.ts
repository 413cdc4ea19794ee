import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange, openSocket, readUntilClosed } from '../../test/support/raw-http.ts'
import { share } from '../../test/support/shared-app.ts'
import { DOMAIN, startTestApp, type TestCall } from '../../test/support/test-app.ts'
import { startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, { tenants: tenantsWithApi(upstream.url) })
  const names = ['ada', 'sam', 'paul', 'hana', 'app-nightly']
  const tokens = new Map(await Promise.all(names.map(async (name) => [name, await app.tokenFor(name)] as const)))
  return { app, upstream, tokens }
})

interface Refused {
  who: string
  method?: string
  path: string
  call?: TestCall
  status: number
  reason: string
  body: object
  headers?: Record<string, string>
}

const dto = (detailCode: string, text: string) => ({
  detailCode,
  messages: [{ locale: 'en-US', localeOrigin: 'DEFAULT', text }],
  causes: [],
})
const forbidden = dto('403 Forbidden', 'The server understood the request but refuses to authorize it.')
const notFound = dto('404 Not found', 'The server did not find a current representation for the target resource.')
const challenge = (scope: string) => ({ 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` })

const refused: Refused[] = [
  { who: 'ada', path: '/v3/nosuch', status: 404, reason: 'operation.unknown', body: notFound },
  { who: 'ada', path: '/V3/things', status: 404, reason: 'operation.unknown', body: notFound },
  { who: 'ada', path: '/v3/things/a/b', status: 404, reason: 'operation.unknown', body: notFound },
  { who: 'ada', path: '/v2025/things', status: 404, reason: 'operation.unknown', body: notFound },
  { who: 'ada', path: '/', status: 404, reason: 'operation.unknown', body: notFound },
  {
    who: 'ada',
    method: 'DELETE',
    path: '/v3/admin',
    status: 405,
    reason: 'operation.method_not_allowed',
    body: { errorName: 'NotSupportedException', errorMessage: 'The path exists, but only for GET and HEAD.' },
    headers: { allow: 'GET, HEAD' },
  },
  {
    who: 'ada',
    path: '/v3/experimental',
    status: 400,
    reason: 'header.experimental_required',
    body: dto(
      '400.1 Bad Request Content',
      'The operation is experimental: send the header X-SailPoint-Experimental: true with every request to it.',
    ),
  },
  {
    who: 'app-nightly',
    path: '/v3/admin',
    status: 403,
    reason: 'context.user_required',
    body: forbidden,
    headers: challenge('things:manage'),
  },
  {
    who: 'hana',
    path: '/v3/scoped',
    status: 403,
    reason: 'scope.missing',
    body: forbidden,
    headers: challenge('things:read x:y'),
  },
  { who: 'paul', path: '/v3/admin', status: 403, reason: 'level.missing', body: forbidden },
  { who: 'sam', path: '/v3/admin', status: 403, reason: 'level.missing', body: forbidden },
  { who: 'paul', path: '/v3/scoped', status: 403, reason: 'scope.beyond_level', body: forbidden },
]

for (const { who, method = 'GET', path, status, reason, body, headers = {} } of refused) {
  test(`${who} is told ${status} ${reason} for ${method} ${path}, byte-shaped as ISC does, and nothing goes up`, async () => {
    const { app, upstream, tokens } = shared()
    const before = upstream.received.length

    const answer = await app.call(method, path, { token: tokens.get(who) ?? '' })

    const trackingId = String(answer.headers['slpt-request-id'])
    assert.equal(answer.status, status, answer.text)
    assert.deepEqual(answer.json(), { ...body, trackingId })
    assert.equal(answer.headers['sallyport-reason'], reason)
    assert.equal(answer.headers['link'], `</sallyport/v1/explain/${trackingId}>; rel="help"`)
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(answer.headers['cache-control'], 'no-store')
    for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name], value)
    assert.equal(upstream.received.length, before)
  })
}

test('the header of experimental operations lets them through', async () => {
  const { app, tokens } = shared()
  const headers = { 'x-sailpoint-experimental': 'true' }

  assert.equal((await app.call('GET', '/v3/experimental', { token: tokens.get('ada') ?? '', headers })).status, 200)
})

test('HEAD is refused as GET is, without a body', async () => {
  const { app, tokens } = shared()

  const answer = await app.call('HEAD', '/v3/admin', { token: tokens.get('paul') ?? '' })

  assert.deepEqual([answer.status, answer.text, answer.headers['sallyport-reason']], [403, '', 'level.missing'])
  assert.ok(Number(answer.headers['content-length']) > 0)
})

test('without a token nobody learns which operations there are', async () => {
  const { app } = shared()

  for (const path of ['/v3/things', '/v3/nosuch', '/v3/admin'])
    assert.deepEqual((await app.call('DELETE', path)).json(), { error: 'JWT is required' })
})

test('a refused request with a body is answered at once, and its connection goes on', async () => {
  const { app } = shared()
  const socket = openSocket(app.origin)
  const body = 'x'.repeat(1_000_000)
  const head = ['POST /v3/things HTTP/1.1', `Host: ${DOMAIN}`, `Content-Length: ${body.length}`, '', '']
  const second = ['GET /v3/public HTTP/1.1', `Host: ${DOMAIN}`, 'Connection: close', '', '']

  socket.write(head.join('\r\n'))
  await new Promise((resolve) => socket.once('data', resolve))
  socket.write(body + second.join('\r\n'))
  const { status } = await readUntilClosed(socket)

  assert.equal(status, 200)
})

test('neither query, method override nor another path in a header changes what is decided', async () => {
  const { app, tokens } = shared()
  const authorization = `Authorization: Bearer ${tokens.get('paul')}`
  const host = `Host: ${DOMAIN}`

  for (const [target, header] of [
    ['/v3/admin?x=/v3/public', 'X-Odd: x'],
    ['/v3/admin?_method=GET', 'X-HTTP-Method-Override: GET'],
    ['/v3/admin', 'X-Original-URL: /v3/public'],
    ['/v3/admin', 'X-Rewrite-URL: /v3/public'],
    ['/v3/admin', 'X-Forwarded-Uri: /v3/public'],
  ] as const) {
    const { status } = await exchange(
      app.origin,
      `GET ${target} HTTP/1.1`,
      host,
      authorization,
      header,
      'Connection: close',
    )
    assert.equal(status, 403, `${target} ${header}`)
  }
})
