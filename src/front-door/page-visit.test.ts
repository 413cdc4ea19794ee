import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const app = shareTestApp({ tenants: [tenantFileFor('acme', { isDefault: true })] })
const visit = (at: TestApp, host: string, headers: Record<string, string> = BROWSER) =>
  at.call('GET', '/', { host, headers })

for (const host of [DOMAIN, `acme.${DOMAIN}`, `acme.api.${DOMAIN}`, `acme.login.${DOMAIN}`]) {
  test(`a browser that opens ${host} is led to the sign-in page`, async () => {
    const { status, headers } = await visit(app(), host)

    assert.deepEqual([status, headers['location'], headers['cache-control']], [303, '/login', 'no-store'])
    assert.match(String(headers['slpt-request-id']), /^[0-9a-f]{32}$/)
  })
}

test('a program that asks for the root is told why it gets nothing', async () => {
  assert.equal((await visit(app(), DOMAIN, { accept: 'application/json' })).status, 401)
  assert.equal((await visit(app(), DOMAIN, { ...BROWSER, authorization: 'Bearer x' })).status, 401)
  assert.equal((await app().call('POST', '/', { headers: BROWSER })).status, 401)
})

test('an API that has a root of its own keeps it', async (t) => {
  const upstream = await startUpstream(t)
  const document = { openapi: '3.0.3', paths: { '/': { get: { operationId: 'root', security: [{}], responses: {} } } } }
  const [acme] = tenantsWithApi(upstream.url)
  const own = await startTestApp(t, {
    tenants: [{ ...acme, catalogs: [{ name: 'own', prefix: '', upstream: upstream.url, document }] }],
  })
  upstream.answer((_request, response) => void response.end('the root'))

  assert.equal((await visit(own, DOMAIN)).text, 'the root')
})
