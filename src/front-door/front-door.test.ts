import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange, openSocket, readUntilClosed } from '../../test/support/raw-http.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp, type TestApp, type TestCall } from '../../test/support/test-app.ts'
import { FORM, postToken, proofOf } from '../../test/support/token-requests.ts'
import { setTenantState } from '../tenants/manage.ts'

const app = shareTestApp()
const TRACKING_ID = /^[0-9a-f]{32}$/

const everyKind: [method: string, path: string, call: TestCall][] = [
  ['GET', '/livez', {}],
  ['GET', '/readyz', { host: 'nobody.example' }],
  ['GET', '/oauth/info', {}],
  ['GET', '/oauth/jwks', {}],
  ['HEAD', '/oauth/info', {}],
  ['POST', '/oauth/token', {}],
  ['GET', '/oauth/token', {}],
  ['GET', '/oauth/nosuch', {}],
  ['GET', '/v3/ping', {}],
  ['HEAD', '/v3/ping', {}],
  ['GET', '/v3/sources', {}],
  ['GET', '/nosuch', {}],
  ['DELETE', '/v3/ping', {}],
  ['POST', '/sallyport/v1/explain', { body: {} }],
  ['GET', '/sallyport/nosuch', {}],
  ['GET', '/', {}],
  ['GET', '/ui/nosuch', {}],
  ['GET', '/a%2fb', {}],
  ['GET', '/v3/ping', { host: 'nobody.example' }],
]

for (const [method, path, call] of everyKind) {
  test(`the answer to ${method} ${path} carries one tracking id, and the next one another`, async () => {
    const [one, other] = [await app().call(method, path, call), await app().call(method, path, call)]

    assert.match(String(one.headers['slpt-request-id']), TRACKING_ID)
    assert.notEqual(one.headers['slpt-request-id'], other.headers['slpt-request-id'])
    if (one.status >= 400 && one.text.includes('trackingId'))
      assert.equal(one.json().trackingId, one.headers['slpt-request-id'])
  })
}

test('no answer says the same header twice, and none says which software answers', async () => {
  for (const [method, path, { host = DOMAIN }] of everyKind) {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, 'Content-Length: 0', 'Connection: close']

    const names = (await exchange(app().origin, ...lines)).headers.map(([name]) => name)

    assert.deepEqual([...new Set(names)], names, `${method} ${path}`)
    assert.ok(!names.includes('server') && !names.includes('x-powered-by'))
  }
})

test('HEAD of a route of ours answers as GET does, without a body', async () => {
  for (const path of ['/oauth/info', '/oauth/jwks']) {
    const [get, head] = [await app().call('GET', path), await app().call('HEAD', path)]

    assert.deepEqual([head.status, head.text], [200, ''])
    assert.equal(head.headers['content-type'], get.headers['content-type'])
    assert.equal(head.headers['content-length'], get.headers['content-length'])
  }
})

test('a tracking id that the caller sends is not taken over', async () => {
  const { headers } = await app().call('GET', '/v3/ping', { headers: { 'slpt-request-id': 'f'.repeat(32) } })

  assert.match(String(headers['slpt-request-id']), TRACKING_ID)
  assert.notEqual(headers['slpt-request-id'], 'f'.repeat(32))
})

test('reserved first segments belong to us, whatever a catalog claims', async (t) => {
  const paths = ['/oauth/custom', '/sallyport/v1/custom', '/ui/custom', '/livez/custom', '/{any}/custom']
  const { call, tokenFor } = await startTestApp(t, { tenants: [acmeWithCatalog(paths)] })
  const token = await tokenFor('ada')

  const answers = await Promise.all(
    ['/oauth', '/sallyport/v1', '/sallyport', '/ui', '/livez', '/.well-known', '/login', '/logout'].map((segment) =>
      call('GET', `${segment}/custom`, { token }),
    ),
  )

  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([404]))
  assert.equal((await call('GET', '/other/custom', { token })).status, 200)
})

test('a route of ours wins over a catalog that spells out one of its paths', async (t) => {
  const id = 'a'.repeat(32)
  const { call } = await startTestApp(t, { tenants: [acmeWithCatalog([`/sallyport/v1/explain/${id}`], [{}])] })

  const answer = await call('GET', `/sallyport/v1/explain/${id}`)

  assert.deepEqual([answer.status, answer.json()], [401, { error: 'JWT is required' }])
})

test('our own routes answer 405 with Allow, and 404, behind the first gate as the gateway does', async () => {
  const token = await app().tokenFor('paul')

  const blind = await app().call('PUT', '/sallyport/v1/explain')
  const wrongMethod = await app().call('PUT', '/sallyport/v1/explain', { token })
  const unknown = await app().call('GET', '/sallyport/v1/nosuch', { token })

  assert.equal(blind.status, 401)
  assert.deepEqual([wrongMethod.status, wrongMethod.headers['allow']], [405, 'POST'])
  assert.equal(wrongMethod.json().errorName, 'NotSupportedException')
  assert.deepEqual([unknown.status, unknown.headers['sallyport-reason']], [404, 'operation.unknown'])
})

test('a route of ours is not reached by another spelling of its path', async () => {
  for (const path of ['/OAuth/info', '/oauth/Info', '/oauth/info%20', '/sallyport/v1/Explain'])
    assert.notEqual((await app().call('GET', path)).status, 200, path)
  assert.equal((await app().call('GET', '//oauth//info//')).status, 200)
})

function acmeWithCatalog(paths: string[], security: object[] = [{ userAuth: [] }]): object {
  const operation = { security, responses: { 200: { description: 'ok' } } }
  const document = {
    openapi: '3.1.0',
    info: { title: 'custom', version: '1' },
    paths: Object.fromEntries(paths.map((path) => [path, { get: operation }])),
    components: { securitySchemes: { userAuth: { type: 'http', scheme: 'bearer' } } },
  }
  return tenantFileFor('acme', {
    isDefault: true,
    catalogs: [{ name: 'custom', document, upstream: 'sample' }],
  })
}

async function setState(app: TestApp, state: 'active' | 'suspended'): Promise<void> {
  const ctx = await app.contextOf()
  await ctx.db.transaction().execute((tx) => setTenantState(tx, ctx, state))
  await app.installation.changes.catchUp()
}

test('a suspended tenant is refused everywhere at once, its neighbour is not', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  await setState(app, 'suspended')

  for (const path of ['/v3/ping', '/v3/sources', '/sallyport/v1/explain']) {
    const answer = await app.call('GET', path, { token })
    assert.deepEqual([answer.status, answer.headers['sallyport-reason']], [403, 'tenant.suspended'], path)
    assert.equal(answer.json().detailCode, '403 Forbidden')
  }
  const atTokenEndpoint = await postToken(app, proofOf('ada'))
  assert.equal(atTokenEndpoint.status, 403)
  assert.deepEqual(Object.keys(atTokenEndpoint.json()), ['error', 'error_description'])
  assert.equal((await app.call('GET', '/v3/ping', { host: `globex.api.${DOMAIN}` })).status, 200)
})

test('a tenant that is resumed serves again, and its tokens from before stay dead', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  await setState(app, 'suspended')
  await setState(app, 'active')

  const before = await app.call('GET', '/v3/sources', { token })
  const after = await app.call('GET', '/v3/sources', { token: await app.tokenFor('ada') })
  assert.deepEqual([before.status, before.headers['sallyport-reason']], [401, 'auth.revoked'])
  assert.equal(after.status, 200)
})

for (const path of ['/oauth/token', '/sallyport/v1/explain']) {
  test(`a body for ${path} that trickles in is 408 after ten seconds, and the connection ends`, async (t) => {
    const token = await app().tokenFor('ada')
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const socket = openSocket(app().origin)
    const head = [`POST ${path} HTTP/1.1`, `Host: ${DOMAIN}`, `Authorization: Bearer ${token}`]
    socket.write([...head, `Content-Type: ${FORM}`, 'Content-Length: 100', '', 'grant_type='].join('\r\n'))
    await new Promise((resolve) => app().app.server.server.once('request', resolve))

    t.mock.timers.tick(10_000)
    const { status, headers, body } = await readUntilClosed(socket)

    assert.equal(status, 408)
    assert.match(headers.find(([name]) => name === 'slpt-request-id')?.[1] ?? '', TRACKING_ID)
    assert.match(body, path === '/oauth/token' ? /^\{"error":"invalid_request"/ : /^\{"detailCode":"408 /)
  })
}
