import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { clientFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, type TestAnswer } from '../../test/support/test-app.ts'
import { postToken, proofOf } from '../../test/support/token-requests.ts'

const browserApp = (tenant: string, name: string, more: object) => ({
  ...clientFor(tenant, name, { type: 'PUBLIC', grantTypes: ['AUTHORIZATION_CODE'], ...more }),
  secret: undefined,
})
const app = shareTestApp({
  tenants: [
    tenantFileFor('acme', {
      isDefault: true,
      oauthClients: [
        browserApp('acme', 'app-spa', {
          redirectUris: ['https://spa.example/callback', 'http://localhost:3000/cb', 'com.example.app:/cb'],
        }),
      ],
    }),
    tenantFileFor('globex', { tenant: { vanityDomain: 'iga.globex.test' } }),
  ],
})

const preflight = (path: string, origin: string, host = DOMAIN): Promise<TestAnswer> =>
  app().call('OPTIONS', path, {
    host,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type, x-sailpoint-experimental',
    },
  })

const allowed: [host: string, origin: string][] = [
  [DOMAIN, `http://${DOMAIN}`],
  [DOMAIN, `http://acme.${DOMAIN}`],
  [DOMAIN, 'https://spa.example'],
  [`acme.api.${DOMAIN}`, 'http://localhost:3000'],
  [`globex.api.${DOMAIN}`, `http://globex.${DOMAIN}`],
  [`globex.api.${DOMAIN}`, 'http://iga.globex.test'],
]

for (const [host, origin] of allowed) {
  test(`a page of ${origin} may call ${host}: its preflight needs no token`, async () => {
    for (const path of ['/oauth/token', '/v3/sources', '/sallyport/v1/explain', '/nosuch']) {
      const { status, headers, text } = await preflight(path, origin, host)

      assert.equal(status, 204, path)
      assert.equal(text, '')
      assert.equal(headers['access-control-allow-origin'], origin)
      assert.equal(headers['access-control-allow-headers'], 'authorization,content-type, x-sailpoint-experimental')
      assert.match(String(headers['access-control-allow-methods']), /\bPATCH\b/)
      assert.match(String(headers['access-control-max-age']), /^\d+$/)
      assert.match(String(headers['vary']), /^Origin\b/)
      assert.match(String(headers['slpt-request-id']), /^[0-9a-f]{32}$/)
      assert.equal(headers['access-control-allow-credentials'], undefined)
    }
  })
}

const foreign: [host: string, origin: string][] = [
  [DOMAIN, 'https://evil.example'],
  [DOMAIN, 'https://spa.example.evil.example'],
  [DOMAIN, 'http://spa.example'],
  [DOMAIN, 'https://SPA.example'],
  [DOMAIN, 'https://spa.example:443'],
  [DOMAIN, 'https://portal.example'],
  [DOMAIN, `http://globex.${DOMAIN}`],
  [DOMAIN, 'null'],
  [`globex.api.${DOMAIN}`, 'https://spa.example'],
  [`globex.api.${DOMAIN}`, `http://acme.${DOMAIN}`],
  [`globex.api.${DOMAIN}`, `http://${DOMAIN}`],
]

for (const [host, origin] of foreign) {
  test(`a page of ${origin} may not read what ${host} answers, neither to preflights nor to requests`, async () => {
    const asked = await preflight('/oauth/token', origin, host)
    const sent = await app().call('GET', '/v3/ping', { host, headers: { origin } })

    assert.equal(asked.status, 405)
    assert.equal(sent.status, 200)
    for (const { headers } of [asked, sent]) {
      assert.equal(headers['access-control-allow-origin'], undefined)
      assert.match(String(headers['vary']), /\bOrigin\b/)
    }
  })
}

for (const host of [`acme.login.${DOMAIN}`, `acme.${DOMAIN}`]) {
  test(`${host} is for nobody's pages but its own`, async () => {
    const { status, headers } = await preflight('/oauth/info', 'https://spa.example', host)

    assert.equal(status, 405)
    assert.equal(headers['access-control-allow-origin'], undefined)
  })
}

test('an allowed page may read every kind of answer, with the headers that say why', async () => {
  const headers = { origin: 'https://spa.example' }
  const token = await app().tokenFor('paul')
  const answers = [
    await postToken(app(), proofOf('ada'), { headers }),
    await postToken(app(), { ...proofOf('ada'), client_secret: 'x' }, { headers }),
    await app().call('GET', '/v3/sources', { headers }),
    await app().call('GET', '/v3/sources', { headers, token }),
    await app().call('GET', '/v3/ping', { headers }),
    await app().call('POST', '/sallyport/v1/explain', { headers, token, body: {} }),
    await app().call('GET', '/oauth/nosuch', { headers }),
  ]

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 400, 401, 403, 200, 400, 404],
  )
  for (const { headers: answered } of answers) {
    assert.equal(answered['access-control-allow-origin'], headers.origin)
    assert.equal(
      answered['access-control-expose-headers'],
      'Retry-After, SLPT-Request-ID, X-Total-Count, Sallyport-Reason',
    )
    assert.match(String(answered['vary']), /\bOrigin\b/)
  }
})

test('header names that are none are not echoed', async () => {
  const { headers } = await app().call('OPTIONS', '/v3/sources', {
    headers: {
      origin: 'https://spa.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'a b, <script>',
    },
  })

  assert.equal(headers['access-control-allow-headers'], undefined)
})

test('OPTIONS that is no preflight is an ordinary request', async () => {
  const answer = await app().call('OPTIONS', '/v3/sources', { headers: { origin: 'https://spa.example' } })

  assert.equal(answer.status, 401)
})

test('a page loses its right with the client that it belonged to', async () => {
  const { call, apply } = app()
  const shop = browserApp('globex', 'app-shop', { redirectUris: ['https://shop.example/cb'] })
  const ask = () =>
    call('GET', '/v3/ping', { host: `globex.api.${DOMAIN}`, headers: { origin: 'https://shop.example' } })
  await apply(tenantFileFor('globex', { oauthClients: [shop] }))
  const before = await ask()

  await apply(tenantFileFor('globex', { oauthClients: [{ ...shop, redirectUris: ['https://shop.example.org/cb'] }] }))

  assert.equal(before.headers['access-control-allow-origin'], 'https://shop.example')
  assert.equal((await ask()).headers['access-control-allow-origin'], undefined)
})
