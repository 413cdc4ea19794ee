import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import {
  answerAt,
  authorizePath,
  type CodeBrowser,
  clients,
  locationOf,
  openCodeBrowser,
  secretOf,
  startAuthorizeApp,
} from '../support/authorize.ts'
import { DOMAIN, type TestAnswer, type TestApp } from '../support/test-app.ts'

const WEB = 'https://app.example/cb'
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = hash('sha256', VERIFIER, 'base64url')

/** Signs Grace in on the page that the request led to, and goes on. */
async function signInAndFollow(browser: CodeBrowser, path: string, username = 'grace'): Promise<TestAnswer> {
  const login = await browser.follow(path)
  const signedIn = await browser.submit(locationOf(login), { username, password: 'sun over the quiet harbour' })
  assert.equal(signedIn.status, 303, signedIn.text)
  return browser.follow(locationOf(signedIn))
}

const exchange = (app: TestApp, fields: Record<string, string>): Promise<TestAnswer> =>
  app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'authorization_code', ...fields }).toString(),
  })

test('from the request over sign-in and consent to a token for what was shown (RFC 6749 §4.1, RFC 7636)', async (t) => {
  const app = await startAuthorizeApp(t, { isGraceThere: true })
  const browser = openCodeBrowser(app)
  const redirect_uri = 'http://127.0.0.1:49152/cb'
  const path = authorizePath('desktop', { redirect_uri, scope: 'idn:source:read', code_challenge: CHALLENGE })

  const consent = await signInAndFollow(browser, path)
  const { code = '' } = answerAt(await browser.decide(consent, 'allow'), redirect_uri)
  const fields = { code, redirect_uri, client_id: clients.desktop.id, code_verifier: VERIFIER }
  const token = await exchange(app, fields)
  const again = await exchange(app, fields)

  assert.equal(token.status, 200, token.text)
  assert.deepEqual([token.json().scope, token.json().user_name], ['idn:source:read', 'grace'])
  assert.deepEqual([again.status, again.json().error], [400, 'invalid_grant'])
})

test('a CONFIDENTIAL client goes the same way without being asked for', async (t) => {
  const app = await startAuthorizeApp(t, { isGraceThere: true })
  const path = authorizePath('web', { code_challenge: CHALLENGE })

  const { code = '', iss } = answerAt(await signInAndFollow(openCodeBrowser(app), path), WEB)
  const { id } = clients.web
  const token = await exchange(app, {
    code,
    redirect_uri: WEB,
    client_id: id,
    client_secret: secretOf(id),
    code_verifier: VERIFIER,
  })
  const metadata = await app.call('GET', '/.well-known/oauth-authorization-server')

  assert.equal(token.status, 200, token.text)
  // RFC 9207 §2.4: the client compares them.
  assert.equal(iss, metadata.json().issuer)
  assert.equal(metadata.json().authorization_response_iss_parameter_supported, true)
})

test('prompt=login leads to a new sign-in of whoever is signed in, once', async (t) => {
  const app = await startAuthorizeApp(t, { isGraceThere: true })
  const browser = openCodeBrowser(app)
  await browser.signInAs('grace')
  app.clock.advance(1000)

  const answer = await signInAndFollow(browser, authorizePath('web', { prompt: 'login' }))

  assert.ok(answerAt(answer, WEB)['code'])
})

test('every page forbids scripts, frames, referrers and caches (RFC 9700 §4.2.4, §4.16)', async (t) => {
  const app = await startAuthorizeApp(t, { settings: { compat: { cliClients: true } } })
  const browser = openCodeBrowser(app)
  const refusal = await browser.get(authorizePath('web', { redirect_uri: 'https://evil.example/' }))
  await browser.signInAs('ada')
  const pages = [
    refusal,
    await browser.get(authorizePath('web', { redirect_uri: 'https://evil.example/' })),
    await browser.get('/oauth/authorize/continue?interaction=x.y'),
    await browser.follow(authorizePath('spa')),
    await browser.post('/oauth/authorize/consent', {}),
    await browser.get(`/sailapps?code=${'a'.repeat(43)}&state=${'b'.repeat(43)}`),
    await browser.get('/sailapps'),
  ]

  for (const { headers, text } of pages) {
    assert.match(String(headers['content-security-policy']), /^default-src 'none';.*frame-ancestors 'none'/)
    assert.doesNotMatch(String(headers['content-security-policy']), /script-src|unsafe/)
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cache-control'], 'no-store')
    assert.match(String(headers['slpt-request-id']), /^[0-9a-f]{32}$/)
    assert.doesNotMatch(text, /<script|style=|src="http/)
  }
})

const withRaw = (redirectUri: string): string =>
  authorizePath('web').replace(/redirect_uri=[^&]*/, `redirect_uri=${redirectUri}`)

test('a redirect URI is compared as it was sent, character by character (RFC 9700 §2.1)', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))
  const twins = [
    'https://app.example/cb/',
    'https://app.example/CB',
    'https://app.example/cb?x=1',
    'https://app.example/cb#f',
    'https://app.example/cb;x',
    'https://app.example/cb ',
    'https://app.example/c%62',
    'HTTPS://APP.example/cb',
    'https://app.example:443/cb',
    'https:app.example/cb',
    'https:///app.example/cb',
    'https://app.example/./cb',
    'https://app.example/cb/../evil',
    'https://app.example/cb/..%2f..%2fevil',
    'https://appXexample/cb',
    'https://аpp.example/cb',
    'https://app.example./cb',
    'https://app.example/cb\t',
    'ht\ntps://app.example/cb',
    'http://app.example/cb',
    'http://127.0.0.1/cb',
    'javascript:alert(1)',
  ]

  for (const twin of twins) {
    const answer = await browser.get(withRaw(encodeURIComponent(twin)))

    assert.equal(answer.status, 400, twin)
    assert.equal(answer.headers['location'], undefined)
  }
  const exact = await browser.get(withRaw('https%3A%2f%2Fapp.example/cb'))
  assert.match(locationOf(exact), /^\/login\?/)
})

test('any state of up to 2 KiB comes back as it was, within one header line', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))
  await browser.signInAs('ada')

  for (const state of ['\r\nset-cookie: a=b', '"><script>alert(1)</script>', '🧭 &=+#%', 'x'.repeat(2048)]) {
    const granted = answerAt(await browser.follow(authorizePath('web', { state })), WEB)
    const refused = answerAt(await browser.follow(authorizePath('web', { state, response_type: 'token' })), WEB)

    assert.deepEqual([granted['state'], refused['state']], [state, state])
  }
  const tooLong = answerAt(await browser.get(authorizePath('web', { state: 'x'.repeat(2049) })), WEB)
  assert.deepEqual([tooLong['error'], tooLong['state']], ['invalid_request', undefined])
})

test('every redirect is by 303, and none carries anything in a fragment', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  const seen = [
    await browser.get(authorizePath('web')),
    await browser.get(authorizePath('web', { response_type: 'token' })),
    await browser.get(authorizePath('web', { response_type: 'id_token token', response_mode: 'fragment' })),
    await app.call('GET', authorizePath('web'), { host: `acme.api.${DOMAIN}` }),
  ]
  await browser.signInAs('ada')
  seen.push(await browser.get(authorizePath('web')), await browser.follow(authorizePath('web')))
  const consent = await browser.follow(authorizePath('spa'))
  seen.push(await browser.decide(consent, 'deny'), await browser.decide(consent, 'allow'))

  for (const answer of seen) {
    assert.equal(answer.status, 303)
    assert.doesNotMatch(locationOf(answer), /#|access_token|id_token=/)
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['referrer-policy'], 'no-referrer')
  }
})

test("one tenant's session and interaction are worth nothing at another's", async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')
  const consent = await browser.follow(authorizePath('spa'))
  const host = `globex.login.${DOMAIN}`
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const interaction = /name="interaction" value="([^"]+)"/.exec(consent.text)?.[1] ?? ''

  const login = await app.call('GET', '/login', { host, headers: { cookie } })
  const foreign = await app.call('GET', `/oauth/authorize/continue?interaction=${interaction}`, {
    host,
    headers: { cookie },
  })

  assert.match(login.text, /name="password"/)
  assert.equal(foreign.status, 400)
})

test('login_hint goes along to the sign-in page', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))

  const away = await browser.get(authorizePath('web', { login_hint: 'grace@acme.test' }))

  assert.match(locationOf(away), /&login_hint=grace%40acme\.test$/)
})
