import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
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
import { mailsOf, openFormBrowser, PASSWORD, startSignInApp } from '../support/sign-in.ts'
import type { TestAnswer, TestApp } from '../support/test-app.ts'

const WEB = 'https://app.example/cb'
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const NEW = 'seven green lanterns'
const lockout = { maximumAttempts: 3, lockoutWindow: 5, lockoutDuration: 15 }
const webClient = { client_id: clients.web.id, client_secret: secretOf(clients.web.id) }

const postToken = (app: TestApp, fields: Record<string, string>): Promise<TestAnswer> =>
  app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })

const exchange = (app: TestApp, code: string): Promise<TestAnswer> =>
  postToken(app, { grant_type: 'authorization_code', code, redirect_uri: WEB, code_verifier: VERIFIER, ...webClient })

const refresh = (app: TestApp, refresh_token: string): Promise<TestAnswer> =>
  postToken(app, { grant_type: 'refresh_token', refresh_token, ...webClient })

const nextPath = authorizePath('web', { code_challenge: hash('sha256', VERIFIER, 'base64url') })

/** A code that whoever is signed in in this browser gives to the web application. */
const nextCode = async (browser: CodeBrowser): Promise<string> =>
  answerAt(await browser.follow(nextPath), WEB)['code'] ?? ''

/** A link as it is mailed to grace, and the secret in it. */
async function mailLink(app: TestApp): Promise<{ path: string; link: string }> {
  await openFormBrowser(app).submit('/login/forgot', { username: 'grace' })
  const { pathname, search, searchParams } = new URL((await mailsOf(app)).at(-1)?.link ?? '')
  return { path: pathname + search, link: searchParams.get('token') ?? '' }
}

async function startSignedIn(t: TestContext): Promise<{ app: TestApp; browser: CodeBrowser }> {
  const app = await startAuthorizeApp(t, { settings: { lockout }, isGraceThere: true })
  const browser = openCodeBrowser(app)
  assert.equal((await browser.signIn('grace')).status, 303)
  return { app, browser }
}

test('whatever a password opened is over once it is reset, tokens and what becomes tokens (ASVS 7.4.3)', async (t) => {
  const { app, browser } = await startSignedIn(t)
  const first = (await exchange(app, await nextCode(browser))).json()
  const pending = await nextCode(browser)
  const { path } = await mailLink(app)

  await openFormBrowser(app).submit(path, { 'new-password': NEW, repeat: NEW })

  const api = await app.call('GET', '/v3/public-identities', { token: first.access_token })
  const answers = [await exchange(app, pending), await refresh(app, first.refresh_token)]
  assert.deepEqual(
    answers.map((answer) => [answer.status, answer.json().error]),
    [
      [400, 'invalid_grant'],
      [400, 'invalid_grant'],
    ],
  )
  assert.equal(api.status, 401)
  assert.match((await browser.get('/login')).text, /name="password"/)
  assert.equal((await openFormBrowser(app).get(path)).status, 400)
})

test('what works once works in the place of nothing else, and is not used up there (RFC 6749 §10.10)', async (t) => {
  const { app, browser } = await startSignedIn(t)
  const granted = (await exchange(app, await nextCode(browser))).json()
  const code = await nextCode(browser)
  const { link } = await mailLink(app)
  const away = await openCodeBrowser(app).get(nextPath)
  const interaction = new URLSearchParams(locationOf(away).split('interaction%3D')[1] ?? '').keys().next().value ?? ''
  const session = browser.cookies.get('sallyport-session') ?? ''
  const mark = browser.cookies.get('sallyport-devices') ?? ''
  assert.ok([code, link, interaction, session, mark, granted.refresh_token].every((text) => text.length > 40))

  for (const other of [link, interaction, session, mark, granted.refresh_token, granted.access_token])
    assert.equal((await exchange(app, other)).json().error, 'invalid_grant')
  for (const other of [link, interaction, session, mark, code, granted.access_token])
    assert.equal((await refresh(app, other)).json().error, 'invalid_grant')
  for (const other of [code, session, mark, granted.refresh_token])
    assert.equal((await openFormBrowser(app).get(`/login/reset?token=${other}`)).status, 400)
  for (const other of [code, link, mark, interaction]) {
    const stranger = openFormBrowser(app)
    stranger.cookies.set('sallyport-session', other)
    assert.match((await stranger.get('/login')).text, /name="password"/)
  }

  assert.equal((await openFormBrowser(app).get(`/login/reset?token=${link}`)).status, 200)
  assert.equal((await exchange(app, code)).status, 200)
  assert.equal((await refresh(app, granted.refresh_token)).status, 200)
})

test('a password that is changed ends the tokens of the old one before the answer is there', async (t) => {
  const { app, browser } = await startSignedIn(t)
  const { access_token: token } = (await exchange(app, await nextCode(browser))).json()
  const before = await app.call('GET', '/v3/public-identities', { token })

  await browser.submit('/login/password', { current: PASSWORD, 'new-password': NEW, repeat: NEW })

  const after = await app.call('GET', '/v3/public-identities', { token })
  assert.deepEqual([before.status, after.status], [200, 401])
})

test("an interaction goes on in the browser that began it: another's gives no code (RFC 9700 §4.7)", async (t) => {
  const app = await startAuthorizeApp(t, { isGraceThere: true })
  const attacker = openCodeBrowser(app)
  const login = locationOf(await attacker.get(nextPath))
  const continueTo = new URLSearchParams(login.split('?')[1]).get('continue') ?? ''
  const victim = openCodeBrowser(app)
  await victim.signIn('grace')

  const lured = await victim.get(continueTo)

  assert.match(continueTo, /^\/oauth\/authorize\/continue\?interaction=/)
  assert.equal(lured.status, 400)
  assert.equal(locationOf(lured), '')
})

test('a lock closes the doors that take a password, and no other (ASVS 6.3.1)', async (t) => {
  const { app, browser } = await startSignedIn(t)
  const granted = (await exchange(app, await nextCode(browser))).json()
  for (let attempt = 0; attempt < 3; attempt++) await browser.submit('/login/password', wrongChange)
  for (let attempt = 0; attempt < 3; attempt++) await openFormBrowser(app).signIn('grace', 'wrong')

  const change = await browser.submit('/login/password', { ...wrongChange, current: PASSWORD })
  const signIn = await openFormBrowser(app).signIn('grace')
  const grant = await postToken(app, { grant_type: 'password', username: 'grace', password: PASSWORD, ...webClient })

  assert.deepEqual([change.status, signIn.status], [403, 403])
  assert.equal(grant.json().error, 'unsupported_grant_type')
  assert.equal((await exchange(app, await nextCode(browser))).status, 200)
  assert.equal((await refresh(app, granted.refresh_token)).status, 200)
  const { path } = await mailLink(app)
  await openFormBrowser(app).submit(path, { 'new-password': NEW, repeat: NEW })
  assert.equal((await openFormBrowser(app).signIn('grace', NEW)).status, 303)
})

const wrongChange = { current: 'wrong', 'new-password': NEW, repeat: NEW }

test('a name is counted and locked in one form, however it is typed', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout } })
  const statuses = []

  for (const typed of ['ada ', ' ada', '\u00a0ada']) await openFormBrowser(app).signIn(typed, 'wrong')
  for (const twin of ['PAUL', 'pau\u217c', 'p\u0430ul', 'paul\u200b', 'ｐaul'])
    statuses.push((await openFormBrowser(app).signIn(twin)).status)

  assert.equal((await openFormBrowser(app).signIn('ada')).status, 403)
  assert.deepEqual([...new Set(statuses)], [403])
  assert.equal((await openFormBrowser(app).signIn('paul')).status, 303)
})

test('a name with a control character is no name: refused before it is looked up or counted', async (t) => {
  const app = await startSignInApp(t)

  for (const typed of ['ada\u0000', 'a\u0000da', 'ada\r\n', 'ada\u0085'])
    for (const path of ['/login', '/login/forgot'])
      assert.equal((await openFormBrowser(app).submit(path, { username: typed })).status, 400)

  const { db, tenantId } = await app.contextOf('acme')
  const counted = await db.selectFrom('sign_in_guard').selectAll().where('tenant_id', '=', tenantId).execute()
  assert.deepEqual(counted, [])
  assert.deepEqual(await mailsOf(app), [])
})

test('no twin of a name gets its mail', async (t) => {
  const app = await startSignInApp(t)

  for (const twin of ['ADA', 'ＡDA', 'а\u0064\u0430', 'ada\u200b', 'ada@acme.test', 'ada;paul'])
    assert.equal((await openFormBrowser(app).submit('/login/forgot', { username: twin })).status, 200)

  assert.deepEqual(await mailsOf(app), [])
})

test('a network that guesses at links has to wait, and is told nothing else', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const { pathname, search } = new URL((await mailsOf(app)).at(-1)?.link ?? '')
  const page = await browser.get(pathname + search)
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const guess = (link: string) => browser.post('/login/reset', { token, link, 'new-password': NEW, repeat: NEW })
  const statuses = []

  for (let at = 0; at < 30; at++) statuses.push((await guess(String(at).padStart(43, 'x'))).status)
  const refused = [await guess('x'.repeat(43)), await guess(new URLSearchParams(search).get('token') ?? '')]

  assert.deepEqual([...new Set(statuses)], [400])
  assert.deepEqual(
    refused.map(({ status }) => status),
    [429, 429],
  )
  assert.equal(refused[0]?.text, refused[1]?.text)
})
