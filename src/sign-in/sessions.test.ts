import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditOf, openFormBrowser, PASSWORD, startSignInApp } from '../../test/support/sign-in.ts'
import type { TestApp } from '../../test/support/test-app.ts'
import { identityIdOf } from '../../test/support/tenant-fixtures.ts'
import { setTenantState } from '../tenants/manage.ts'
import { updateIdentity } from '../identities/manage.ts'

const MINUTE_MS = 60_000
const session = { maxIdleTime: 15, maxSessionTime: 60 }

const isSignedIn = async (browser: { get: (path: string) => Promise<{ text: string }> }): Promise<boolean> =>
  (await browser.get('/login')).text.includes('Ada Admin')

test('a session ends when it is not used for the idle time of the tenant', async (t) => {
  const app = await startSignInApp(t, { settings: { session } })
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const seen = []

  for (const minutes of [14, 14, 15]) {
    app.clock.advance(minutes * MINUTE_MS)
    seen.push(await isSignedIn(browser))
  }

  assert.deepEqual(seen, [true, true, false])
})

test('a session ends after the longest time of the tenant, however busy it is', async (t) => {
  const app = await startSignInApp(t, { settings: { session } })
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const seen = []

  for (let minutes = 10; minutes <= 60; minutes += 10) {
    app.clock.advance(10 * MINUTE_MS)
    seen.push(await isSignedIn(browser))
  }

  assert.deepEqual(seen, [true, true, true, true, true, false])
})

test('a remembered browser stays signed in when idle and after it is closed, up to the longest time', async (t) => {
  const app = await startSignInApp(t, { settings: { session: { ...session, rememberMe: true } } })
  const browser = openFormBrowser(app)

  const answer = await browser.submit('/login', { username: 'ada', password: PASSWORD, remember: 'yes' })

  assert.match(String(answer.headers['set-cookie']?.[0]), /Max-Age=3600$/)
  app.clock.advance(59 * MINUTE_MS)
  assert.equal(await isSignedIn(browser), true)
  app.clock.advance(MINUTE_MS)
  assert.equal(await isSignedIn(browser), false)
})

test('nobody is remembered where the tenant does not want it', async (t) => {
  const app = await startSignInApp(t, { settings: { session } })
  const browser = openFormBrowser(app)

  const answer = await browser.submit('/login', { username: 'ada', password: PASSWORD, remember: 'yes' })

  assert.doesNotMatch((await openFormBrowser(app).get('/login')).text, /type="checkbox"/)
  assert.doesNotMatch(String(answer.headers['set-cookie']?.[0]), /Max-Age/)
  app.clock.advance(15 * MINUTE_MS)
  assert.equal(await isSignedIn(browser), false)
})

test('a session in use is written down rarely: not before a tenth of the idle time is gone', async (t) => {
  const app = await startSignInApp(t, { settings: { session: { maxIdleTime: 10, maxSessionTime: 60 } } })
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const lastSeen = []

  for (const ms of [MINUTE_MS - 1, 1]) {
    app.clock.advance(ms)
    await browser.get('/login')
    lastSeen.push((await sessionsOf(app))[0]?.last_seen_at)
  }

  assert.deepEqual(lastSeen, [app.clock.nowMs - MINUTE_MS, app.clock.nowMs])
})

test('signing in removes sessions of the same person that ended by themselves, and leaves the others', async (t) => {
  const app = await startSignInApp(t, { settings: { session } })
  await openFormBrowser(app).signIn('ada')
  app.clock.advance(10 * MINUTE_MS)
  await openFormBrowser(app).signIn('ada')
  app.clock.advance(6 * MINUTE_MS)

  await openFormBrowser(app).signIn('ada')

  assert.equal((await sessionsOf(app)).length, 2)
})

test('a disabled identity is signed out at once, and enabling it again brings no session back', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const seen = []

  for (const isEnabled of [false, true]) {
    await changeAda(app, { isEnabled })
    seen.push(await isSignedIn(browser))
  }

  assert.deepEqual(seen, [false, false])
  await browser.signIn('ada')
  assert.equal(await isSignedIn(browser), true)
})

test('suspending a tenant ends its sessions for good', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const ctx = await app.contextOf('acme')

  for (const state of ['suspended', 'active'] as const)
    await ctx.db.transaction().execute((tx) => setTenantState(tx, ctx, state))
  await app.installation.changes.catchUp()

  assert.equal(await isSignedIn(browser), false)
})

test('sessions survive a restart', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')

  await app.restart()

  assert.equal(await isSignedIn(browser), true)
})

test('signing out takes a confirmation and ends the session on the server', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')
  const cookies = new Map(browser.cookies)
  const asked = await browser.get('/logout')

  const answer = await browser.submit('/logout', {})

  assert.match(asked.text, /Sign out\?/)
  assert.deepEqual([answer.status, answer.headers['location']], [303, '/logout'])
  assert.match(String(answer.headers['set-cookie']), /^sallyport-session=; .*Max-Age=0$/)
  assert.equal(answer.headers['clear-site-data'], '"cache", "storage"')
  assert.match((await browser.get('/logout')).text, /You are signed out/)
  const thief = openFormBrowser(app)
  for (const [name, value] of cookies) thief.cookies.set(name, value)
  assert.equal(await isSignedIn(thief), false)
  assert.deepEqual(await auditOf(app), ['session.started', 'session.ended'])
})

test('opening the sign-out page signs nobody out', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  await browser.signIn('ada')

  await browser.get('/logout')

  assert.equal(await isSignedIn(browser), true)
})

async function sessionsOf(app: TestApp) {
  const { db, tenantId } = await app.contextOf('acme')
  return db.selectFrom('session').select(['digest', 'last_seen_at']).where('tenant_id', '=', tenantId).execute()
}

async function changeAda(app: TestApp, changes: { isEnabled: boolean }): Promise<void> {
  const ctx = await app.contextOf('acme')
  await ctx.db.transaction().execute((tx) => updateIdentity(tx, ctx, { id: identityIdOf('acme', 'ada'), changes }))
  await app.installation.changes.catchUp()
}
