import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { hash } from '@node-rs/argon2'
import { mailsOf, openFormBrowser, PASSWORD, startSignInApp } from '../../test/support/sign-in.ts'
import type { TestApp } from '../../test/support/test-app.ts'
import { identityIdOf } from '../../test/support/tenant-fixtures.ts'
import { findSignInFacts } from '../identities/find.ts'
import { updateIdentity } from '../identities/manage.ts'
import { renewPasswordHash } from '../identities/renew-hash.ts'

const NEW = 'seven green lanterns'
const id = identityIdOf('acme', 'ada')

/** A server whose ada has a hash from times when less was asked for. */
async function startWithDatedHash(t: TestContext): Promise<{ app: TestApp; dated: string }> {
  const app = await startSignInApp(t)
  const dated = await hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
  await setHash(app, dated)
  return { app, dated }
}

async function setHash(app: TestApp, passwordHash: string): Promise<void> {
  const ctx = await app.contextOf('acme')
  await ctx.db.transaction().execute((tx) => updateIdentity(tx, ctx, { id, changes: { passwordHash } }))
}

async function hashOf(app: TestApp): Promise<string> {
  const { db, tenantId } = await app.contextOf('acme')
  return (await findSignInFacts(db, tenantId, { id }))?.passwordHash ?? ''
}

test('a dated hash is made anew at the next sign-in, which ends nothing', async (t) => {
  const { app, dated } = await startWithDatedHash(t)
  const [first, second] = [openFormBrowser(app), openFormBrowser(app)]
  await first.signIn('ada', 'wrong')
  const afterFailure = await hashOf(app)

  await first.signIn('ada')
  const renewed = await hashOf(app)
  await second.signIn('ada')

  assert.equal(afterFailure, dated)
  assert.match(renewed, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal(await hashOf(app), renewed)
  assert.match((await first.get('/login')).text, /Ada Admin/)
  assert.match((await second.get('/login')).text, /Ada Admin/)
  assert.deepEqual(await mailsOf(app), [])
})

test('a hash is made anew only while it is the one that was read', async (t) => {
  const { app, dated } = await startWithDatedHash(t)
  const { db, tenantId } = await app.contextOf('acme')
  await setHash(app, 'of another password')

  await db.transaction().execute((tx) => renewPasswordHash(tx, tenantId, { id, from: dated, to: 'of the old one' }))

  assert.equal(await hashOf(app), 'of another password')
})

test('sign-ins during a change never bring the old password back', async (t) => {
  const { app } = await startWithDatedHash(t)
  const browser = openFormBrowser(app)
  await browser.submit('/login/forgot', { username: 'ada' })
  const { pathname, search } = new URL((await mailsOf(app)).at(-1)?.link ?? '')

  const [reset] = await Promise.all([
    browser.submit(pathname + search, { 'new-password': NEW, repeat: NEW }),
    // One fewer than would lock the account, should all of them and the next come too late.
    ...Array.from({ length: 3 }, () => openFormBrowser(app).signIn('ada')),
  ])

  const isChanged = reset.headers['location'] === '/login?notice=reset'
  const statuses = [await openFormBrowser(app).signIn('ada'), await openFormBrowser(app).signIn('ada', NEW)]
  assert.deepEqual(
    statuses.map(({ status }) => status),
    isChanged ? [403, 303] : [303, 403],
  )
})

test('a sign-in succeeds also when there is no time to make the hash anew', async (t) => {
  const { app, dated } = await startWithDatedHash(t)
  const { passwords } = app.app.services.signIn
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const holders = Array.from({ length: 200 }, () => passwords.run(() => held).catch(() => {}))

  const renewed = await passwords.renew(dated, PASSWORD)
  release()
  await Promise.all(holders)

  assert.equal(renewed, undefined)
  assert.equal((await openFormBrowser(app).signIn('ada')).status, 303)
})
