import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestApp } from '../../test/support/test-app.ts'

const MATRIX = '/sallyport/v1/access-matrix'
const cleanups: (() => unknown)[] = []
let app: TestApp
let token: string

before(async () => {
  app = await startTestApp({ after: (cleanup: () => unknown) => cleanups.push(cleanup) })
  token = await app.tokenFor('paul')
})
after(async () => {
  for (const cleanup of cleanups) await cleanup()
})

test('which endpoints need a user is one request', async () => {
  const answer = await app.call('GET', `${MATRIX}?context=user&version=v2025`, { token })

  const paths = answer.json().map(({ method, path }: { method: string; path: string }) => `${method} ${path}`)
  assert.equal(answer.status, 200)
  assert.ok(paths.includes('GET /v2025/identities'))
  assert.ok(answer.json().every(({ context }: { context: string }) => context === 'user'))
})

test('our own routes stand in the matrix beside everybody else’s', async () => {
  const answer = await app.call('GET', `${MATRIX}?q=explain`, { token })

  assert.deepEqual(
    answer.json().map(({ path, catalog, context }: Record<string, string>) => [path, catalog, context]),
    [
      ['/sallyport/v1/explain', 'sallyport', 'any-token'],
      ['/sallyport/v1/explain/{trackingId}', 'sallyport', 'any-token'],
    ],
  )
})

test('a persona is told for each operation what the gateway would answer', async () => {
  const persona = 'asContext=user&asScopes=sp:scopes:all'
  const answer = await app.call('GET', `${MATRIX}?path=/v2025/identities&method=GET&${persona}`, { token })

  const row = answer.json().find(({ path }: { path: string }) => path === '/v2025/identities')
  const gateway = await app.call('GET', '/v2025/identities', { token })
  assert.deepEqual([row.allowed, row.reason], [false, gateway.headers['sallyport-reason']])
})

for (const [format, contentType, sample] of [
  ['csv', 'text/csv; charset=utf-8', /^version,method,path,operationId,context,/],
  ['markdown', 'text/markdown; charset=utf-8', /^\| version \| method \|/],
  ['html', 'text/html; charset=utf-8', /<th scope="col">method<\/th>/],
] as const) {
  test(`the matrix comes as ${format}, by format and by Accept alike`, async () => {
    const byFormat = await app.call('GET', `${MATRIX}?format=${format}`, { token })
    const byAccept = await app.call('GET', MATRIX, { token, headers: { accept: contentType } })

    assert.equal(byFormat.headers['content-type'], contentType)
    assert.match(byFormat.text, sample)
    assert.equal(byAccept.text, byFormat.text)
  })
}

for (const query of [
  'colour=red',
  'format=pdf',
  'asUserLevels=ORG_ADMIN',
  'asContext=application&asUserLevels=ORG_ADMIN',
]) {
  test(`a matrix is not asked for by ?${query}: 400 in ISC's shape`, async () => {
    const answer = await app.call('GET', `${MATRIX}?${query}`, { token })

    assert.equal(answer.status, 400)
    assert.ok(answer.json().messages[0].text.length > 0)
  })
}

test('without a token there is no matrix', async () => {
  assert.equal((await app.call('GET', MATRIX)).status, 401)
})

const PUBLIC = '/sallyport/v1/public/access-matrix'

test('the public matrix is nowhere unless the tenant says so', async () => {
  assert.equal((await app.call('GET', PUBLIC)).status, 404)
  assert.equal((await app.call('GET', PUBLIC, { token })).status, 404)
})

test('where the tenant says so, everybody reads the matrix of that tenant, without personas and not too often', async (t) => {
  const settings = { accessMatrix: { public: true } }
  const open = await startTestApp(t, {
    tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } }), tenantFileFor('globex')],
  })

  const answer = await open.call('GET', `${PUBLIC}?path=/v3/sources&method=GET`)
  const page = await open.call('GET', `${PUBLIC}?path=/v3/sources&format=html`)
  const persona = await open.call('GET', `${PUBLIC}?asContext=user`)
  const other = await open.call('GET', PUBLIC, { host: 'globex.api.localhost:8080' })
  const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await open.call('GET', PUBLIC)).status))

  assert.deepEqual(
    [answer.status, persona.status, other.status, new Set(statuses)],
    [200, 400, 404, new Set([200, 429])],
  )
  assert.equal(answer.json()[0].path, '/v3/sources')
  assert.match(page.text, /<tr id="GET-\/v3\/sources"><td>v3<\/td><td>GET<\/td><td><a href="#GET-%2Fv3%2Fsources">/)
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
})
