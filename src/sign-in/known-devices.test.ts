import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditOf, type FormBrowser, openFormBrowser, PASSWORD, startSignInApp } from '../../test/support/sign-in.ts'
import { DOMAIN, type TestApp } from '../../test/support/test-app.ts'
import { identityIdOf } from '../../test/support/tenant-fixtures.ts'
import { updateIdentity } from '../identities/manage.ts'
import { raiseEpoch } from '../tenants/raise-epoch.ts'
import { unlockSignIn } from './accounts.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const COOKIE = 'sallyport-devices'
const settings = { lockout: { maximumAttempts: 3, lockoutWindow: 5, lockoutDuration: 15 } }

/** A browser in which somebody signed in, and is signed in no more: only the mark is left. */
async function openKnownBrowser(app: TestApp, alias = 'ada', host = DOMAIN): Promise<FormBrowser> {
  const browser = openFormBrowser(app, host)
  assert.equal((await browser.signIn(alias)).status, 303)
  browser.cookies.delete('sallyport-session')
  return browser
}

/** What an attacker does to everybody whose name is known. */
async function lockOut(app: TestApp, alias = 'ada'): Promise<void> {
  const attacker = openFormBrowser(app)
  for (let attempt = 0; attempt < 3; attempt++) await attacker.signIn(alias, 'wrong')
}

const statusOf = async (browser: FormBrowser, alias = 'ada', password = PASSWORD): Promise<number> =>
  (await browser.signIn(alias, password)).status

test('whoever is locked out by strangers still signs in on a browser they signed in with before', async (t) => {
  const app = await startSignInApp(t, { settings })
  const home = await openKnownBrowser(app)

  await lockOut(app)

  assert.equal(await statusOf(openFormBrowser(app)), 403)
  assert.equal(await statusOf(home), 303)
  assert.equal(await statusOf(openFormBrowser(app)), 403, 'what strangers did is forgotten by no success elsewhere')
})

test('the mark of a browser is kept from scripts and other sites for 90 days, and by itself signs nobody in', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)

  const answer = await browser.signIn('ada')
  browser.cookies.delete('sallyport-session')

  const [, cookie = ''] = [answer.headers['set-cookie'] ?? []].flat()
  assert.match(cookie, /^sallyport-devices=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000$/)
  assert.match((await browser.get('/login')).text, /name="password"/)
  assert.equal((await browser.get('/login/password')).status, 303)
})

test('after the last allowed failure a known browser is locked too, alone, and tells it by nothing', async (t) => {
  const app = await startSignInApp(t, { settings })
  const [home, office] = [await openKnownBrowser(app), await openKnownBrowser(app)]
  const wrong = await home.signIn('ada', 'wrong')
  for (let attempt = 0; attempt < 2; attempt++) await home.signIn('ada', 'wrong')

  const locked = await home.signIn('ada')
  const elsewhere = [await statusOf(office), await statusOf(openFormBrowser(app))]
  app.clock.advance(15 * MINUTE_MS)

  assert.deepEqual([locked.status, locked.text], [wrong.status, wrong.text])
  assert.deepEqual(elsewhere, [303, 303])
  assert.equal(await statusOf(home), 303)
  const events = await auditOf(app)
  assert.equal(events.filter((event) => event === 'identity.locked').length, 1)
})

test('of many parallel guesses from a known browser no more are evaluated than its lock allows', async (t) => {
  const app = await startSignInApp(t, { settings })
  const home = await openKnownBrowser(app)

  const statuses = await Promise.all(Array.from({ length: 30 }, () => statusOf(home, 'ada', 'wrong')))

  assert.ok(statuses.every((status) => status === 403 || status === 429 || status === 503))
  assert.deepEqual(await guardsOf(app), [['device', 3]])
  const events = await auditOf(app)
  assert.equal(events.filter((event) => event === 'session.refused password.wrong').length, 3)
})

test('a success on a known browser forgets what failed there, and nothing else', async (t) => {
  const app = await startSignInApp(t, { settings })
  const [home, stranger] = [await openKnownBrowser(app), openFormBrowser(app)]
  for (const browser of [home, stranger]) await browser.signIn('ada', 'wrong')

  await home.signIn('ada')

  assert.deepEqual(await guardsOf(app), [['identity', 1]])
})

test('others who fail on the same network keep nobody out of a known browser, and a forged mark is none', async (t) => {
  const app = await startSignInApp(t)
  const [home, stranger, forger] = [await openKnownBrowser(app), openFormBrowser(app), openFormBrowser(app)]
  forger.cookies.set(
    COOKIE,
    (home.cookies.get(COOKIE) ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
  )
  for (let at = 0; at < 30; at++) await stranger.signIn(`user-${at}`, 'wrong')

  const statuses = [await statusOf(stranger), await statusOf(forger), await statusOf(forger, 'nobody')]
  statuses.push(await statusOf(home))

  assert.deepEqual(statuses, [429, 429, 429, 303])
})

for (const [what, change] of [
  ['a changed character', (value: string) => `${value.slice(0, -2)}${value.at(-2) === 'A' ? 'B' : 'A'}${value.at(-1)}`],
  ['a later end', (value: string) => value.replace(/\.([0-9a-z]+)\.([\w-]+)$/, '.z$1.$2')],
  ['another device', (value: string) => `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`],
  ['nothing of ours', () => '~~..~not-a-mark~'],
] as const)
  test(`a mark with ${what} counts for nothing`, async (t) => {
    const app = await startSignInApp(t, { settings })
    const home = await openKnownBrowser(app)
    await lockOut(app)

    home.cookies.set(COOKIE, change(home.cookies.get(COOKIE) ?? ''))

    assert.equal(await statusOf(home), 403)
  })

test('a mark counts for whom it was given to, in their tenant, for 90 days', async (t) => {
  const app = await startSignInApp(t, { settings })
  const [home, pauls] = [await openKnownBrowser(app), await openKnownBrowser(app, 'paul')]
  const globex = await openKnownBrowser(app, 'ada', `globex.login.${DOMAIN}`)
  const old = openFormBrowser(app)
  for (const [name, value] of home.cookies) old.cookies.set(name, value)
  const foreign = openFormBrowser(app)
  foreign.cookies.set(COOKIE, globex.cookies.get(COOKIE) ?? '')

  await lockOut(app)
  const statuses = [await statusOf(pauls), await statusOf(foreign), await statusOf(home)]
  app.clock.advance(90 * DAY_MS)
  await lockOut(app)
  statuses.push(await statusOf(old))

  assert.deepEqual(statuses, [403, 403, 303, 403])
})

test('a browser that several people use is known to each of them', async (t) => {
  const app = await startSignInApp(t, { settings })
  const shared = await openKnownBrowser(app)
  await shared.signIn('paul')
  await lockOut(app)
  await lockOut(app, 'paul')

  const statuses = []
  for (const alias of ['ada', 'paul']) {
    shared.cookies.delete('sallyport-session')
    statuses.push(await statusOf(shared, alias))
  }

  assert.deepEqual(statuses, [303, 303])
})

test('a browser keeps the four latest marks, however many it sends', async (t) => {
  const app = await startSignInApp(t)
  const browser = openFormBrowser(app)
  browser.cookies.set(COOKIE, 'a~b~c~d~e')

  await browser.signIn('ada')

  assert.match(browser.cookies.get(COOKIE) ?? '', /^[\w-]{22}\.[\w.-]+~a~b~c$/)
})

for (const [what, change] of [
  ['disabled and enabled again', [{ isEnabled: false }, { isEnabled: true }]],
  ['given another password', [{ passwordHash: 'x' }]],
] as const)
  test(`whoever was ${what} is known nowhere any more`, async (t) => {
    const app = await startSignInApp(t, { settings })
    const home = await openKnownBrowser(app)
    const ctx = await app.contextOf('acme')

    for (const changes of change)
      await ctx.db.transaction().execute((tx) => updateIdentity(tx, ctx, { id: identityIdOf('acme', 'ada'), changes }))
    await home.signIn('ada', 'wrong')

    assert.deepEqual(await guardsOf(app), [['identity', 1]])
  })

test('a restore ends every mark: the log that marks rest on may have gone back', async (t) => {
  const app = await startSignInApp(t, { settings })
  const home = await openKnownBrowser(app)
  const ctx = await app.contextOf('acme')

  await ctx.db.transaction().execute((tx) => raiseEpoch(tx, ctx))
  await app.installation.changes.catchUp()
  // The cut-off of the restore lies before the position in the mark, where the log went back: as if there were none.
  await ctx.db.deleteFrom('cut_off').where('tenant_id', '=', ctx.tenantId).execute()
  await home.signIn('ada', 'wrong')

  assert.deepEqual(await guardsOf(app), [['identity', 1]])
})

test('after a password is changed the browser it was changed in is known, and no other', async (t) => {
  const app = await startSignInApp(t, { settings })
  const [home, office] = [openFormBrowser(app), await openKnownBrowser(app)]
  const password = 'seven green lanterns'
  await home.signIn('ada')
  const fields = { current: PASSWORD, 'new-password': password, repeat: password }
  assert.equal((await home.submit('/login/password', fields)).status, 303)
  await lockOut(app)

  assert.equal(await statusOf(office, 'ada', password), 403)
  await home.submit('/logout', {})
  assert.equal(await statusOf(home, 'ada', password), 303)
})

test('an administrator who unlocks somebody unlocks their known browsers too, and nobody else', async (t) => {
  const app = await startSignInApp(t, { settings })
  const [home, pauls] = [await openKnownBrowser(app), await openKnownBrowser(app, 'paul')]
  for (let attempt = 0; attempt < 3; attempt++) {
    await home.signIn('ada', 'wrong')
    await pauls.signIn('paul', 'wrong')
  }
  await lockOut(app)

  const ctx = await app.contextOf('acme')
  await ctx.db.transaction().execute((tx) => unlockSignIn(tx, ctx, identityIdOf('acme', 'ada')))

  assert.deepEqual([await statusOf(home), await statusOf(openFormBrowser(app))], [303, 303])
  assert.equal(await statusOf(pauls, 'paul'), 403)
})

test('no mark is in the log or the audit trail', async (t) => {
  const lines: string[] = []
  const app = await startSignInApp(t, { settings, onLogged: (line) => void lines.push(line) })
  const home = await openKnownBrowser(app)
  for (let attempt = 0; attempt < 4; attempt++) await home.signIn('ada', 'wrong')
  await auditOf(app)

  const { db, tenantId } = await app.contextOf('acme')
  const events = await db.selectFrom('audit_event').selectAll().where('tenant_id', '=', tenantId).execute()

  const mac = home.cookies.get(COOKIE)?.split('.').at(-1) ?? ''
  assert.match(mac, /^[\w-]{43}$/)
  assert.ok(!JSON.stringify([lines, events]).includes(mac))
})

/** What is counted against ada or one of her browsers, without their ids. */
async function guardsOf(app: TestApp): Promise<[kind: string, failures: number][]> {
  const { db, tenantId } = await app.contextOf('acme')
  const rows = await db
    .selectFrom('sign_in_guard')
    .select(['identity_id', 'failures'])
    .where('tenant_id', '=', tenantId)
    .orderBy('identity_id')
    .execute()
  return rows.map(({ identity_id, failures }) => [
    identity_id === identityIdOf('acme', 'ada') ? 'identity' : 'device',
    failures,
  ])
}
