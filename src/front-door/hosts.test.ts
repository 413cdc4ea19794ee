import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../../test/support/free-port.ts'
import { exchange } from '../../test/support/raw-http.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp } from '../../test/support/test-app.ts'
import { startTestServer } from '../../test/support/test-server.ts'

const VANITY = 'iga.globex.test'
const app = shareTestApp({
  tenants: [tenantFileFor('acme', { isDefault: true }), tenantFileFor('globex', { tenant: { vanityDomain: VANITY } })],
})
const infoAt = (host: string) => app().call('GET', '/oauth/info', { host })

const known: [host: string, tenant: string][] = [
  [DOMAIN, 'acme'],
  [`acme.${DOMAIN}`, 'acme'],
  [`acme.api.${DOMAIN}`, 'acme'],
  [`acme.login.${DOMAIN}`, 'acme'],
  [`globex.${DOMAIN}`, 'globex'],
  [`globex.api.${DOMAIN}`, 'globex'],
  [`globex.login.${DOMAIN}`, 'globex'],
  [`GlobEx.API.LocalHost:8080`, 'globex'],
  [VANITY, 'globex'],
  [VANITY.toUpperCase(), 'globex'],
]

for (const [host, tenant] of known) {
  test(`${host} is a host of ${tenant}`, async () => {
    const answer = await infoAt(host)

    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.json().tenantName, tenant)
  })
}

const unknown = [
  `nosuch.api.${DOMAIN}`,
  `nosuch.${DOMAIN}`,
  `api.${DOMAIN}`,
  `login.${DOMAIN}`,
  `www.${DOMAIN}`,
  `a.acme.api.${DOMAIN}`,
  `acme.api.api.${DOMAIN}`,
  `acme.console.${DOMAIN}`,
  `acme.all.${DOMAIN}`,
  `.api.${DOMAIN}`,
  'localhost',
  'localhost:80',
  'localhost.:8080',
  'acme.api.localhost:80',
  'acme.api.localhost.:8080',
  `acme.api.x${DOMAIN}`,
  `acmexapi.${DOMAIN}`,
  `${VANITY}:8443`,
  `api.${VANITY}`,
  '127.0.0.1:8080',
  '[::1]:8080',
]

for (const host of unknown) {
  test(`${host} is nobody's host: 404 in one plain sentence, and never the default tenant`, async () => {
    const answer = await app().call('GET', '/v3/ping', { host })

    assert.equal(answer.status, 404, answer.text)
    assert.equal(answer.headers['sallyport-reason'], 'host.unknown')
    assert.equal(
      answer.json().messages[0].text,
      `No tenant answers on the host ${host}: this server is http://${DOMAIN}.`,
    )
    assert.equal(answer.headers['link'], undefined)
  })
}

test('a public server tells an unknown host nothing of itself', async (t) => {
  const port = await freePort()
  await startTestServer(t, { domain: 'iam.example.test', port: String(port) })

  const { body } = await exchange(
    `http://127.0.0.1:${port}`,
    'GET /v3/ping HTTP/1.1',
    'Host: nosuch.example',
    'Connection: close',
  )

  assert.equal(JSON.parse(body).messages[0].text, 'No tenant answers on the host nosuch.example.')
})

test('an unknown host is told so at the token endpoint in OAuth JSON', async () => {
  const answer = await app().call('POST', '/oauth/token', { host: `nosuch.api.${DOMAIN}` })

  assert.equal(answer.status, 404)
  assert.deepEqual(Object.keys(answer.json()), ['error', 'error_description'])
})

for (const header of ['x-forwarded-host', 'x-host', 'x-original-host', 'forwarded']) {
  test(`${header} names no tenant, whoever sends it`, async () => {
    const value = header === 'forwarded' ? `host=globex.api.${DOMAIN}` : `globex.api.${DOMAIN}`

    const answer = await app().call('GET', '/oauth/info', { headers: { [header]: value } })

    assert.equal(answer.json().tenantName, 'acme')
  })
}

for (const host of [`acme.login.${DOMAIN}`, `globex.${DOMAIN}`, VANITY]) {
  test(`${host} serves neither catalogs nor management APIs, and names the host that does`, async () => {
    const tenant = host.startsWith('acme') ? 'acme' : 'globex'
    const api = tenant === 'acme' ? DOMAIN : `globex.api.${DOMAIN}`
    const token = await app().tokenFor('ada', tenant)

    for (const path of ['/v3/ping', '/v3/sources', '/sallyport/v1/explain', '/sallyport/nosuch']) {
      const answer = await app().call('POST', path, { host, token, body: {} })

      assert.equal(answer.status, 404, path)
      assert.equal(answer.headers['sallyport-reason'], 'host.unknown')
      assert.match(answer.json().messages[0].text, new RegExp(`${api}${path}$`))
    }
  })
}

test('the addresses of a tenant are the same from each of its hosts', async () => {
  const api = `http://globex.api.${DOMAIN}`
  const { tenantId } = await app().contextOf('globex')

  for (const host of [`globex.api.${DOMAIN}`, `globex.login.${DOMAIN}`, `globex.${DOMAIN}`, VANITY])
    assert.deepEqual((await infoAt(host)).json(), {
      tenantId,
      tenantName: 'globex',
      authorizeEndpoint: `http://globex.login.${DOMAIN}/oauth/authorize`,
      tokenEndpoint: `${api}/oauth/token`,
      cloudDomainUrl: `http://${VANITY}`,
      logoutUrl: `http://${VANITY}/logout`,
      pod: 'test',
    })
})

test('the only tenant there is has the bare domain for all its addresses, until there is a second one', async (t) => {
  const { call, apply } = await startTestApp(t, { tenants: [tenantFileFor('solo')] })

  const alone = await call('GET', '/oauth/info')
  const byName = await call('GET', '/oauth/info', { host: `solo.api.${DOMAIN}` })
  await apply(tenantFileFor('duo'))
  const noLonger = await call('GET', '/oauth/info')

  assert.equal(alone.json().tokenEndpoint, `http://${DOMAIN}/oauth/token`)
  assert.equal(byName.json().tokenEndpoint, `http://${DOMAIN}/oauth/token`)
  assert.equal(noLonger.status, 404)
})

test('a vanity domain that was given up is nobody’s host from then on', async (t) => {
  const { call, apply } = await startTestApp(t, {
    tenants: [tenantFileFor('acme'), tenantFileFor('globex', { tenant: { vanityDomain: VANITY } })],
  })
  const before = await call('GET', '/oauth/info', { host: VANITY })

  await apply(tenantFileFor('globex', { tenant: { vanityDomain: 'other.globex.test' } }))

  assert.equal(before.status, 200)
  assert.equal((await call('GET', '/oauth/info', { host: VANITY })).status, 404)
  assert.equal((await call('GET', '/oauth/info', { host: 'other.globex.test' })).status, 200)
})
