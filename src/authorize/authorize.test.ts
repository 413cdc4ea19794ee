import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerAt,
  auditOf,
  authorizePath,
  CHALLENGE,
  clients,
  elsewhereId,
  locationOf,
  openCodeBrowser,
  rowsOf,
  startAuthorizeApp,
} from '../../test/support/authorize.ts'
import { DOMAIN } from '../../test/support/test-app.ts'

const ISSUER = `http://${DOMAIN}`
const WEB = 'https://app.example/cb'

test('whoever is signed in gets a code for a CONFIDENTIAL client without being asked', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')

  const answer = await browser.follow(authorizePath('web', { scope: 'idn:source:read' }))

  const { code = '', state, iss } = answerAt(answer, WEB)
  assert.match(code, /^[A-Za-z0-9_-]{43}$/)
  assert.deepEqual([state, iss], ['s-1', ISSUER])
  const rows = await rowsOf(app, 'authorization_code')
  assert.deepEqual(
    rows.map(({ scope, redirect_uri, client_id, code_challenge }) => [scope, redirect_uri, client_id, code_challenge]),
    [['["idn:source:read"]', WEB, clients.web.id, CHALLENGE]],
  )
})

test('whoever is not signed in goes to sign-in, and from there on to the code', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)

  const away = await browser.get(authorizePath('web'))
  const next = new URL(locationOf(away), ISSUER).searchParams.get('continue') ?? ''
  await browser.signInAs('paul')
  const answer = await browser.follow(next)

  assert.match(locationOf(away), /^\/login\?continue=%2Foauth%2Fauthorize%2Fcontinue%3Finteraction%3D[\w.-]+$/)
  assert.ok(answerAt(answer, WEB)['code'])
})

test('a registered query stays, and a registered code does not hide ours', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))
  await browser.signInAs('ada')

  const answer = await browser.follow(authorizePath('web', { redirect_uri: clients.web.redirectUris[1] }))

  assert.match(locationOf(answer), /^https:\/\/app\.example\/cb\?tenant=1&code=[\w-]{43}&state=s-1&iss=http%3A[^&]+$/)
})

test('without a client and a redirect URI of its own nobody is redirected, whatever else is wrong', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  const paths = [
    authorizePath('web', { client_id: '' }),
    authorizePath('web', { client_id: '6f2c0b5a-7e9d-4a1b-9c4d-3e5f7a9b1c22' }),
    authorizePath('web', { client_id: elsewhereId }),
    authorizePath('off'),
    authorizePath('web', { redirect_uri: '' }),
    authorizePath('web', { redirect_uri: 'https://evil.example/' }),
    authorizePath('web', { redirect_uri: 'https://evil.example/', response_type: 'foo' }),
    authorizePath('web', { redirect_uri: `${WEB}/` }),
    `${authorizePath('web')}&client_id=${clients.web.id}`,
    `${authorizePath('web')}&redirect_uri=${encodeURIComponent(WEB)}`,
    `${authorizePath('web', { redirect_uri: '' })}&redirect_uri=%ff`,
  ]

  for (const path of paths) {
    const answer = await browser.get(path)

    assert.equal(answer.status, 400, path)
    assert.equal(answer.headers['location'], undefined)
    assert.ok(!answer.text.includes('registered for Web'))
  }
  assert.deepEqual(await rowsOf(app, 'authorization_code'), [])
})

test("an unknown, a disabled and another tenant's client look alike", async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))
  const seen = async (client_id: string) => {
    const { status, text } = await browser.get(authorizePath('web', { client_id }))
    return [status, text.replaceAll(client_id, 'ID').replace(/[0-9a-f]{32}/, 'TRACKING')]
  }

  const unknown = await seen('6f2c0b5a-7e9d-4a1b-9c4d-3e5f7a9b1c22')

  assert.deepEqual(await seen(clients.off.id), unknown)
  assert.deepEqual(await seen(elsewhereId), unknown)
})

const hints = [
  ['a1da0000000000000000000000000001', /personal access token/],
  ['G6xLlBBOKIcOAQuK', /legacy API client/],
  ['sailapps', /compat\.cliClients/],
  ['My application', /not the id of a client/],
] as const

test('a client id that is known to be of another kind gets its own hint', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))

  for (const [client_id, hint] of hints) {
    const answer = await browser.get(authorizePath('web', { client_id }))

    assert.equal(answer.status, 400)
    assert.match(answer.text, hint)
  }
})

test('a refusal is told to the client with state and issuer', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))

  const answer = await browser.get(authorizePath('web', { response_type: 'token' }))

  assert.deepEqual(answerAt(answer, WEB), {
    error: 'unsupported_response_type',
    error_description: 'Only response_type=code is served here.',
    state: 's-1',
    iss: ISSUER,
  })
})

test('a client without the grant, and a scope beyond the client, are told to the client', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))

  const grant = await browser.get(authorizePath('machine'))
  const scope = await browser.get(authorizePath('web', { scope: 'idn:identity:manage' }))
  const misspelt = await browser.get(authorizePath('web', { scope: 'sp:scope:all' }))

  assert.equal(answerAt(grant, 'https://machine.example/cb')['error'], 'unauthorized_client')
  assert.equal(answerAt(scope, WEB)['error'], 'invalid_scope')
  assert.match(answerAt(misspelt, WEB)['error_description'] ?? '', /spelled sp:scopes:all/)
})

test('prompt=none never asks: it tells the client that somebody must sign in, or agree', async (t) => {
  const browser = openCodeBrowser(await startAuthorizeApp(t))

  const nobody = await browser.follow(authorizePath('web', { prompt: 'none' }))
  await browser.signInAs('ada')
  const somebody = await browser.follow(authorizePath('web', { prompt: 'none' }))
  const unasked = await browser.follow(authorizePath('spa', { prompt: 'none' }))

  assert.equal(answerAt(nobody, WEB)['error'], 'login_required')
  assert.ok(answerAt(somebody, WEB)['code'])
  assert.equal(answerAt(unasked, 'https://spa.example/cb')['error'], 'consent_required')
})

test('prompt=login and an exceeded max_age ask for a new sign-in, and go on after it', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)
  await browser.signInAs('ada')
  app.clock.advance(61_000)

  for (const changes of [{ prompt: 'login' }, { max_age: '60' }, { max_age: '0' }]) {
    const away = await browser.get(authorizePath('web', changes))
    const next = new URL(locationOf(away), ISSUER).searchParams.get('continue') ?? ''
    const again = await browser.get(next)
    app.clock.advance(1000)
    await browser.signInAs('ada')
    const answer = await browser.follow(next)
    app.clock.advance(61_000)

    assert.match(locationOf(away), /^\/login\?/)
    assert.match(locationOf(again), /^\/login\?/)
    assert.ok(answerAt(answer, WEB)['code'], JSON.stringify(changes))
  }
  const enough = await browser.follow(authorizePath('web', { max_age: '3600' }))
  assert.ok(answerAt(enough, WEB)['code'])
})

test('on the hosts of the API and the console the request goes to the login host, byte for byte', async (t) => {
  const { call } = await startAuthorizeApp(t)
  const query = '?state=%7e+%7E&&x=%zz&client_id='

  for (const host of [`acme.api.${DOMAIN}`, `globex.${DOMAIN}`]) {
    const answer = await call('GET', `/oauth/authorize${query}`, { host })

    const login = host.startsWith('acme') ? DOMAIN : `globex.login.${DOMAIN}`
    assert.deepEqual([answer.status, answer.headers['location']], [303, `http://${login}/oauth/authorize${query}`])
  }
})

test('an authorization request is sent by GET', async (t) => {
  const { call } = await startAuthorizeApp(t)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }

  const answer = await call('POST', '/oauth/authorize', { headers, body: 'response_type=code' })

  assert.deepEqual([answer.status, answer.headers['allow']], [405, 'GET'])
})

test("a network that the tenant's rule keeps out gets a page and nothing else", async (t) => {
  const app = await startAuthorizeApp(t, { settings: { network: { range: ['192.0.2.0/24'], whitelisted: true } } })

  const answer = await openCodeBrowser(app).get(authorizePath('web'))

  assert.equal(answer.status, 403)
})

test('a mismatch shows strangers what was sent; an administrator and the audit trail have the difference', async (t) => {
  const app = await startAuthorizeApp(t)
  const [stranger, plain, admin] = [openCodeBrowser(app), openCodeBrowser(app), openCodeBrowser(app)]
  await plain.signInAs('paul')
  await admin.signInAs('ada')
  const path = authorizePath('web', { redirect_uri: 'https://app.example/cb/' })

  const shown = await stranger.get(path)
  const shownToPlain = await plain.get(path)
  const shownToAdmin = await admin.get(path)

  for (const { text } of [shown, shownToPlain]) {
    assert.match(text, /<code translate="no">https:\/\/app\.example\/cb\/<\/code>/)
    assert.doesNotMatch(text, /tenant=1|<del>/)
  }
  assert.match(shownToAdmin.text, /https:\/\/app\.example\/cb<del>\/<\/del>/)
  const events = await auditOf(app, 'authorization.refused')
  assert.deepEqual(
    events.map(({ actor_kind, outcome }) => [actor_kind, outcome]),
    [
      ['nobody', 'refused'],
      ['identity', 'refused'],
      ['identity', 'refused'],
    ],
  )
  assert.equal(JSON.parse(events[0]?.details ?? '').difference, 'https://app.example/cb[-/-]')
})

test('strangers who try redirect URIs fill no audit trail', async (t) => {
  const app = await startAuthorizeApp(t)
  const browser = openCodeBrowser(app)

  for (let at = 0; at < 15; at++) await browser.get(authorizePath('web', { redirect_uri: `https://x.example/${at}` }))

  await app.app.services.activity.flush()
  const events = await auditOf(app, 'authorization.refused')
  const counted = await rowsOf(app, 'activity')
  assert.equal(events.length, 10)
  assert.deepEqual(
    counted.map(({ client_id, reason, count }) => [client_id, reason, count]),
    [[clients.web.id, 'redirect_uri.unregistered', 15]],
  )
})
