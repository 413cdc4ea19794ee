import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  auditOf,
  hiddenFieldsOf,
  mailsOf,
  openFormBrowser,
  PASSWORD,
  startSignInApp,
} from '../../test/support/sign-in.ts'
import { DOMAIN, type TestApp } from '../../test/support/test-app.ts'
import { identityIdOf } from '../../test/support/tenant-fixtures.ts'
import { updateIdentity } from '../identities/manage.ts'

const NEW = 'seven green lanterns'
const MINUTE_MS = 60_000

/** The path and query of the newest link that was mailed. */
async function newestLink(app: TestApp): Promise<string> {
  const link = (await mailsOf(app)).at(-1)?.link ?? ''
  assert.ok(link.startsWith(`http://${DOMAIN}/login/reset?token=`), link)
  return link.slice(`http://${DOMAIN}`.length)
}

test('a mailed link sets a new password once, and ends what the old one had begun', async (t) => {
  const app = await startSignInApp(t)
  const elsewhere = openFormBrowser(app)
  await elsewhere.signIn('ada')
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const link = await newestLink(app)

  const answer = await browser.submit(link, { 'new-password': NEW, repeat: NEW })
  const again = await browser.get(link)

  assert.deepEqual([answer.status, answer.headers['location']], [303, '/login?notice=reset'])
  assert.match((await browser.get('/login?notice=reset')).text, /Your new password is set/)
  assert.equal(again.status, 400)
  assert.match(again.text, /This link no longer works/)
  assert.doesNotMatch((await elsewhere.get('/login')).text, /Ada Admin/)
  assert.equal((await openFormBrowser(app).signIn('ada')).status, 403)
  assert.equal((await openFormBrowser(app).signIn('ada', NEW)).status, 303)
  const events = await auditOf(app)
  assert.deepEqual(events.slice(1, 3), ['password.reset_requested', 'password.reset'])
})

test('of parallel uses of one link one succeeds', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const form = hiddenFieldsOf((await browser.get(await newestLink(app))).text)

  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, index) => {
      const password = `${NEW} ${index}`
      return browser.post('/login/reset', { ...form, 'new-password': password, repeat: password })
    }),
  )

  assert.deepEqual(
    answers.map(({ status }) => status).sort((left, right) => left - right),
    [303, 400, 400, 400, 400],
  )
})

test('everybody who asks for a link gets the same answer; mail goes to the stored address alone', async (t) => {
  const app = await startSignInApp(t)
  const texts = []

  for (const username of ['ada', 'mallory', 'dora', 'robot', 'ada@acme.test', 'ada,paul']) {
    const { status, text } = await openFormBrowser(app).submit('/login/forgot', { username })
    texts.push(JSON.stringify([status, text.replace(`If ${username} has`, 'If NAME has')]))
  }

  assert.match(texts[0] ?? '', /^\[200/)
  assert.deepEqual([...new Set(texts)], [texts[0]])
  assert.deepEqual(
    (await mailsOf(app)).map(({ to }) => to),
    ['ada@acme.test'],
  )
})

test('two names in one request are refused, and nothing is mailed', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const token = hiddenFieldsOf((await browser.get('/login/forgot')).text)['token'] ?? ''
  const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: cookieOf(browser) }
  const statuses = []

  for (const body of [
    'username=ada&username=paul',
    'username[]=ada&username[]=paul',
    'username=ada%0d%0acc:eve@evil.test',
    'username=ada&email=eve@evil.test',
    'username=%zz',
  ])
    statuses.push((await app.call('POST', '/login/forgot', { headers, body: `token=${token}&${body}` })).status)

  assert.deepEqual(statuses, [400, 400, 400, 400, 400])
  assert.deepEqual(await mailsOf(app), [])
})

test('an identity is sent three links an hour, the newest of which works', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const links = []

  for (let request = 0; request < 4; request++) {
    await browser.submit('/login/forgot', { username: 'ada' })
    links.push(await newestLink(app))
    app.clock.advance(MINUTE_MS)
  }

  assert.equal((await mailsOf(app)).length, 3)
  assert.equal((await browser.get(links[1] ?? '')).status, 400)
  assert.equal((await browser.get(links[2] ?? '')).status, 200)
  app.clock.advance(60 * MINUTE_MS)
  await browser.submit('/login/forgot', { username: 'ada' })
  assert.equal((await mailsOf(app)).length, 4)
})

test('a link leads to the configured address, whatever host was asked', async (t) => {
  const app = await startSignInApp(t)

  await openFormBrowser(app, `acme.login.${DOMAIN}`).submit('/login/forgot', { username: 'ada' })

  assert.ok((await newestLink(app)).startsWith('/login/reset?token='))
})

test('a link works for 15 minutes', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const link = await newestLink(app)
  const statuses = []

  for (const ms of [15 * MINUTE_MS - 1, 1]) {
    app.clock.advance(ms)
    statuses.push((await browser.get(link)).status)
  }

  assert.deepEqual(statuses, [200, 400])
})

test('a link is stored as a digest, and is no link in another tenant', async (t) => {
  const app = await startSignInApp(t)
  await openFormBrowser(app).submit('/login/forgot', { username: 'ada' })
  const link = await newestLink(app)

  const elsewhere = await openFormBrowser(app, `globex.login.${DOMAIN}`).get(link)

  assert.equal(elsewhere.status, 400)
  const { db, tenantId } = await app.contextOf('acme')
  const rows = await db.selectFrom('password_reset').selectAll().where('tenant_id', '=', tenantId).execute()
  assert.ok(!JSON.stringify(rows).includes(link.split('=')[1] ?? ''))
})

test('the secret of a link moves from the address into the form, and the page sends no referrer', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const link = await newestLink(app)

  const page = await browser.get(link)

  assert.match(page.text, /<form method="post" action="\/login\/reset">/)
  assert.equal(hiddenFieldsOf(page.text)['link'], link.split('token=')[1])
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
})

test('a link is dead once its owner is disabled, and a reset does not enable anybody', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const link = await newestLink(app)
  const form = hiddenFieldsOf((await browser.get(link)).text)
  const ctx = await app.contextOf('acme')
  const changes = { isEnabled: false }
  await ctx.db.transaction().execute((tx) => updateIdentity(tx, ctx, { id: identityIdOf('acme', 'ada'), changes }))

  const answer = await browser.post('/login/reset', { ...form, 'new-password': NEW, repeat: NEW })

  assert.equal(answer.status, 400)
  assert.match(answer.text, /This link no longer works/)
})

for (const [what, password, repeat, sentence] of [
  ['a short one', 'eleven char', 'eleven char', /at least 12 characters/],
  ['a common one', 'Password1234!', 'Password1234!', /many people use this/],
  ['one with the username in it', 'ada likes long walks', 'ada likes long walks', /holds your username/],
  ['one with the name of the organisation', 'working at ACME now', 'working at ACME now', /holds your username/],
  ['one of more than 1024 bytes', 'ü'.repeat(513), 'ü'.repeat(513), /at most 1024 bytes/],
  ['two that differ', NEW, `${NEW}!`, /passwords differ/],
] as const)
  test(`of new passwords ${what} is refused with the reason beside its field, and the link stays good`, async (t) => {
    const app = await startSignInApp(t)
    const browser = openFormBrowser(app)
    await browser.submit('/login/forgot', { username: 'ada' })
    const link = await newestLink(app)

    const answer = await browser.submit(link, { 'new-password': password, repeat })

    assert.equal(answer.status, 400)
    assert.match(answer.text, sentence)
    assert.match(answer.text, /aria-describedby="(?:new-password|repeat)-error[^"]*" aria-invalid="true" autofocus/)
    assert.equal((await browser.get(link)).status, 200)
  })

test('a changed password ends every other session and token, and this browser stays signed in', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const elsewhere = openFormBrowser(app)
  await browser.signIn('ada')
  await elsewhere.signIn('ada')
  const before = browser.cookies.get('sallyport-session')

  const answer = await browser.submit('/login/password', { current: PASSWORD, 'new-password': NEW, repeat: NEW })

  assert.deepEqual([answer.status, answer.headers['location']], [303, '/login?notice=changed'])
  assert.notEqual(browser.cookies.get('sallyport-session'), before)
  assert.match((await browser.get('/login?notice=changed')).text, /Ada Admin/)
  assert.doesNotMatch((await elsewhere.get('/login')).text, /Ada Admin/)
  assert.equal((await openFormBrowser(app).signIn('ada', NEW)).status, 303)
  assert.deepEqual((await auditOf(app)).slice(2, 4), ['password.changed', 'session.started'])
})

test('a password is changed only by somebody who is signed in and knows the present one', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const fields = { current: 'wrong', 'new-password': NEW, repeat: NEW }

  const wrong = await browser.submit('/login/password', fields)
  const same = await browser.submit('/login/password', {
    current: PASSWORD,
    'new-password': PASSWORD,
    repeat: PASSWORD,
  })
  const stranger = await openFormBrowser(app).get('/login/password')

  assert.equal(wrong.status, 403)
  assert.match(wrong.text, /This is not your current password/)
  assert.equal(same.status, 400)
  assert.match(same.text, /Choose another/)
  assert.deepEqual([stranger.status, stranger.headers['location']], [303, '/login'])
  assert.equal((await openFormBrowser(app).signIn('ada')).status, 303)
})

test('a network that asks for ever more links has to wait', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const form = hiddenFieldsOf((await browser.get('/login/forgot')).text)
  const statuses = []

  for (let request = 0; request < 11; request++)
    statuses.push((await browser.post('/login/forgot', { ...form, username: `user-${request}` })).status)

  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 200), 429])
})

const cookieOf = ({ cookies }: { cookies: Map<string, string> }): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
