import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditOf, hiddenFieldsOf, openFormBrowser, PASSWORD, startSignInApp } from '../../test/support/sign-in.ts'
import { DOMAIN } from '../../test/support/test-app.ts'
import { identityIdOf } from '../../test/support/tenant-fixtures.ts'

const CONTINUE = '/oauth/authorize/continue?interaction=eyJpZCI6MX0.c2lnbmF0dXJl-_'

test('the right password signs in, with a session cookie that scripts and other sites cannot use', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)

  const answer = await browser.signIn('ada')

  assert.equal(answer.status, 303)
  assert.equal(answer.headers['location'], '/login')
  assert.match(
    String(answer.headers['set-cookie']?.[0]),
    /^sallyport-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  const page = await browser.get('/login')
  assert.match(page.text, /Ada Admin \(ada\)/)
  assert.deepEqual(await auditOf(app), ['session.started'])
})

test('only the digest of a session id is stored', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)

  await browser.signIn('ada')

  const { db, tenantId } = await app.contextOf('acme')
  const row = await db.selectFrom('session').selectAll().where('tenant_id', '=', tenantId).executeTakeFirstOrThrow()
  assert.equal(row.identity_id, identityIdOf('acme', 'ada'))
  assert.match(row.digest, /^[0-9a-f]{64}$/)
  assert.ok(!JSON.stringify(row).includes(browser.cookies.get('sallyport-session') ?? ''))
})

test('whoever may not sign in gets one answer, whatever the reason', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout: { maximumAttempts: 1 } } })
  await openFormBrowser(app).signIn('paul', 'wrong')

  const answers = []
  for (const [username, password] of [
    ['ada', 'wrong'],
    ['nobody', PASSWORD],
    ['paul', PASSWORD],
    ['dora', PASSWORD],
    ['nopass', PASSWORD],
    ['robot', PASSWORD],
    ['ADA', PASSWORD],
  ] as const) {
    const { status, headers, text } = await openFormBrowser(app).signIn(username, password)
    const { date: _, 'slpt-request-id': __, 'set-cookie': cookies, 'content-length': ___, ...rest } = headers
    const page = text.replace(`value="${username}"`, '').replace(/name="token" value="[^"]+"/, '')
    answers.push(JSON.stringify([status, cookies, rest, page]))
  }

  assert.match(answers[0] ?? '', /^\[403,.*do not go together/)
  assert.deepEqual([...new Set(answers)], [answers[0]])
})

test('a name that nobody has costs a database write and a hash like any other, but no more rows than a few', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)

  for (const name of ['eve', 'mallory', 'eve']) await browser.signIn(name, 'wrong')

  const { db, tenantId } = await app.contextOf('acme')
  const rows = await db
    .selectFrom('sign_in_guard')
    .select(['identity_id', 'failures'])
    .where('tenant_id', '=', tenantId)
    .execute()
  assert.deepEqual(
    rows.map(({ failures }) => failures).sort((left, right) => left - right),
    [1, 2],
  )
  assert.ok(rows.every(({ identity_id }) => /^nobody-\d{1,3}$/.test(identity_id)))
})

test('failures of people are in the audit trail with their reason, and what was typed is not', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)

  for (const name of ['ada', 'dora', 'nopass', 'robot', 'mallory']) await browser.signIn(name, 'hunter2-hunter2')

  assert.deepEqual(await auditOf(app), [
    'session.refused password.wrong',
    'session.refused identity.disabled',
    'session.refused password.none',
    'session.refused password.none',
  ])
  const { db, tenantId } = await app.contextOf('acme')
  const events = await db.selectFrom('audit_event').selectAll().where('tenant_id', '=', tenantId).execute()
  assert.doesNotMatch(JSON.stringify(events), /hunter2|mallory/)
})

test('a session id that the browser had before is dead after a sign-in (fixation)', async (t) => {
  const app = await startSignInApp(t)
  const attacker = openFormBrowser(app)
  await attacker.signIn('paul')
  const planted = attacker.cookies.get('sallyport-session') ?? ''
  const victim = openFormBrowser(app)
  await victim.get('/login')
  victim.cookies.set('sallyport-session', planted)

  await victim.submit('/login?continue=' + encodeURIComponent(CONTINUE), { username: 'ada', password: PASSWORD })

  assert.notEqual(victim.cookies.get('sallyport-session'), planted)
  assert.match((await victim.get('/login')).text, /Ada Admin/)
  assert.doesNotMatch((await attacker.get('/login')).text, /Paul Plain|Ada Admin/)
})

test('a sign-in goes on with the authorization request that waits for it, and nowhere else', async (t) => {
  const app = await startSignInApp(t)
  const locations = []
  for (const target of [
    CONTINUE,
    'https://evil.example/',
    '//evil.example',
    '/oauth/authorize/continue?interaction=a&next=//evil.example',
    `${CONTINUE}#@evil.example`,
    '/oauth/authorize/continue?interaction=',
    '/logout',
  ]) {
    const browser = openFormBrowser(app)
    const page = await browser.get('/login')
    const form = { ...hiddenFieldsOf(page.text), username: 'ada', password: PASSWORD }
    const shown = await openFormBrowser(app).get(`/login?continue=${encodeURIComponent(target)}`)
    const answer = await browser.post('/login', { ...form, continue: target })
    locations.push([hiddenFieldsOf(shown.text)['continue'], answer.headers['location']])
  }

  assert.deepEqual(locations[0], [CONTINUE, CONTINUE])
  assert.deepEqual(
    locations.slice(1),
    Array.from({ length: 6 }, () => [undefined, '/login']),
  )
})

test('somebody signed in who comes from an application is asked again, with the name filled in', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')

  const page = await browser.get(`/login?continue=${encodeURIComponent(CONTINUE)}`)

  assert.match(page.text, /name="username"[^>]* value="ada"/)
  assert.doesNotMatch(String(page.headers['content-security-policy']), /form-action/)
})

test('typed names are shown as text', async (t) => {
  const app = await startSignInApp(t)

  const { text } = await openFormBrowser(app).signIn('"><svg onload=alert(1)>', 'wrong')

  assert.match(text, /value="&quot;&gt;&lt;svg onload=alert\(1\)&gt;"/)
  assert.doesNotMatch(text, /<svg onload/)
})

test('a composed and a decomposed letter are the same in names and passwords; a space around a name is none of it', async (t) => {
  const app = await startSignInApp(t)
  const password = 'une très bonne idée'
  await app.apply({
    tenant: { name: 'acme', displayName: 'Acme', default: true },
    identities: [{ alias: 'zoé'.normalize('NFC'), password: password.normalize('NFC') }],
  })

  const answer = await openFormBrowser(app).signIn(` ${'zoé'.normalize('NFD')} `, password.normalize('NFD'))

  assert.equal(answer.status, 303)
})

test('a password of 1024 bytes is compared whole, and a longer one refused before it is hashed', async (t) => {
  const app = await startSignInApp(t)
  const long = 'correct-horse-'.repeat(80).slice(0, 1024)
  await app.apply({
    tenant: { name: 'acme', displayName: 'Acme', default: true },
    identities: [{ alias: 'lena', password: long }],
  })
  const statuses = []

  for (const password of [long, `${long.slice(0, 72)}X${long.slice(73)}`, `${long}X`])
    statuses.push((await openFormBrowser(app).signIn('lena', password)).status)

  assert.deepEqual(statuses, [303, 403, 400])
})

test('a network that the tenant keeps out sees neither the form nor what its sessions may do', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  await app.apply({
    tenant: {
      name: 'acme',
      displayName: 'Acme',
      default: true,
      settings: { network: { range: ['10.0.0.0/8'], whitelisted: true } },
    },
  })

  const page = await browser.get('/login')
  const change = await browser.get('/login/password')

  assert.deepEqual([page.status, change.status], [403, 403])
  assert.equal(page.headers['sallyport-reason'], 'network.denied')
  assert.match((await browser.get('/logout')).text, /You are signed out/)
})

test('sign-in is on the login host: other hosts lead there with the same query', async (t) => {
  const app = await startSignInApp(t)
  const locations = []

  for (const [host, path] of [
    [`globex.${DOMAIN}`, '/login?continue=x'],
    [`globex.api.${DOMAIN}`, '/login/forgot'],
    [`globex.${DOMAIN}`, '/logout'],
    [`acme.${DOMAIN}`, '/logout'],
  ] as const)
    locations.push((await app.call('GET', path, { host })).headers['location'])

  assert.deepEqual(locations, [
    `http://globex.login.${DOMAIN}/login?continue=x`,
    `http://globex.login.${DOMAIN}/login/forgot`,
    `http://globex.login.${DOMAIN}/logout`,
    `http://${DOMAIN}/logout`,
  ])
})

test("a session of one tenant is nothing on another's host", async (t) => {
  const app = await startSignInApp(t)
  const acme = openFormBrowser(app)
  await acme.signIn('ada')
  const globex = openFormBrowser(app, `globex.login.${DOMAIN}`)
  await globex.get('/login')
  globex.cookies.set('sallyport-session', acme.cookies.get('sallyport-session') ?? '')

  const page = await globex.get('/login')

  assert.match(page.text, /name="password"/)
})
