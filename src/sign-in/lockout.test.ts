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
import { identityIdOf } from '../../test/support/tenant-fixtures.ts'

const MINUTE_MS = 60_000
const lockout = { maximumAttempts: 3, lockoutWindow: 5, lockoutDuration: 15 }

test('after the last allowed failure even the right password is refused, until the lock ends by itself', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout } })
  const browser = openFormBrowser(app)
  const statuses = []

  for (const password of ['wrong', 'wrong', 'wrong', PASSWORD])
    statuses.push((await browser.signIn('ada', password)).status)
  app.clock.advance(15 * MINUTE_MS - 1)
  statuses.push((await browser.signIn('ada')).status)
  app.clock.advance(1)
  statuses.push((await browser.signIn('ada')).status)

  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 303])
})

test('a lock is one event, and one mail to whom it concerns that says from where and until when', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout } })
  const browser = openFormBrowser(app)

  for (let attempt = 0; attempt < 6; attempt++) await browser.signIn('ada', 'wrong')

  assert.deepEqual(await auditOf(app), [
    'session.refused password.wrong',
    'session.refused password.wrong',
    'session.refused password.wrong',
    'identity.locked',
  ])
  const mails = await mailsOf(app)
  assert.deepEqual(
    mails.map(({ to, subject }) => [to, subject]),
    [['ada@acme.test', 'Sign-in to your Acme account is paused']],
  )
  assert.match(mails[0]?.text ?? '', /127\.0\.0\.1[^]*until 2026-06-01 12:15 UTC/)
})

test('failures are forgotten by a success, and when the window is over', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout } })
  const statuses = []

  for (const step of ['wrong', 'wrong', PASSWORD, 'wrong', 'wrong', 'wait', 'wrong', 'wrong', PASSWORD]) {
    if (step === 'wait') app.clock.advance(5 * MINUTE_MS)
    else statuses.push((await openFormBrowser(app).signIn('ada', step)).status)
  }

  assert.deepEqual(statuses, [403, 403, 303, 403, 403, 403, 403, 303])
})

test('of many parallel guesses no more are evaluated than the lock allows', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout } })
  const browser = openFormBrowser(app)
  const form = hiddenFieldsOf((await browser.get('/login')).text)

  const answers = await Promise.all(
    Array.from({ length: 200 }, () => browser.post('/login', { ...form, username: 'ada', password: 'wrong' })),
  )

  assert.ok(answers.every(({ status }) => status === 403 || status === 503 || status === 429))
  const { db, tenantId } = await app.contextOf('acme')
  const guard = await db
    .selectFrom('sign_in_guard')
    .select('failures')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityIdOf('acme', 'ada'))
    .executeTakeFirstOrThrow()
  assert.equal(guard.failures, 3)
  const events = await auditOf(app)
  assert.equal(events.filter((event) => event === 'identity.locked').length, 1)
  assert.equal(events.filter((event) => event === 'session.refused password.wrong').length, 3)
})

test('whoever comes while too many wait is told to come again, and nothing is counted', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const form = hiddenFieldsOf((await browser.get('/login')).text)
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { passwords } = app.app.services.signIn
  // More than there are places to work and to wait in.
  const holders = Array.from({ length: 200 }, () => passwords.run(() => held).catch(() => {}))

  const answer = await browser.post('/login', { ...form, username: 'ada', password: 'wrong' })
  release()
  await Promise.all(holders)

  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '5'])
  assert.match(answer.text, /Your password was not looked at/)
  const { db, tenantId } = await app.contextOf('acme')
  assert.deepEqual(
    await db.selectFrom('sign_in_guard').select('failures').where('tenant_id', '=', tenantId).execute(),
    [],
  )
})

test('a lock survives a restart', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout } })
  for (let attempt = 0; attempt < 3; attempt++) await openFormBrowser(app).signIn('ada', 'wrong')

  await app.restart()

  assert.equal((await openFormBrowser(app).signIn('ada')).status, 403)
})

test('a network that fails for ever more names has to wait, whether the names exist or not', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  const form = hiddenFieldsOf((await browser.get('/login')).text)
  const fail = (index: number) => browser.post('/login', { ...form, username: `user-${index}`, password: 'wrong' })
  for (let index = 0; index < 30; index++) assert.equal((await fail(index)).status, 403)

  const answer = await browser.post('/login', { ...form, username: 'ada', password: PASSWORD })

  assert.equal(answer.status, 429)
  assert.ok(Number(answer.headers['retry-after']) > 0)
  assert.match(answer.text, /Too many tries/)
})

test('the current password on the page that changes it counts like one at sign-in in that browser', async (t) => {
  const app = await startSignInApp(t, { settings: { lockout } })
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const fields = { current: 'wrong', 'new-password': 'seven green lanterns', repeat: 'seven green lanterns' }

  for (let attempt = 0; attempt < 3; attempt++) await browser.submit('/login/password', fields)

  await browser.submit('/logout', {})
  assert.equal((await browser.signIn('ada')).status, 403)
})
