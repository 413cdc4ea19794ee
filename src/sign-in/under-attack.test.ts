import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type FormBrowser, openFormBrowser, PASSWORD, settle, startSignInApp } from '../../test/support/sign-in.ts'
import type { TestApp } from '../../test/support/test-app.ts'

const FIVE_MINUTES_MS = 300_000

interface Attacked {
  app: TestApp
  /** The process's monotonic clock. */
  clock: { nowMs: number }
  lines: string[]
}

/** A server behind a proxy whose tenants saw as many failures as are normal, from a hundred networks. */
async function startBeforeAttack(t: TestContext): Promise<Attacked> {
  const clock = { nowMs: 0 }
  const lines: string[] = []
  const monotonicMs = () => clock.nowMs
  const onLogged = (line: string) => void lines.push(line)
  const app = await startSignInApp(t, { monotonicMs, onLogged, isTrustedProxy: () => true })
  const { surge, failures } = app.app.services.signIn
  const { tenantId } = await app.contextOf('acme')
  for (let at = 0; at < 300; at++) {
    surge.count(tenantId)
    failures.count(tenantId, `198.51.100.${at % 100}`)
  }
  return { app, clock, lines }
}

/** The status of an attempt that comes from a network. */
async function tryFrom(
  browser: FormBrowser,
  network: string,
  { username = 'mallory', password = 'wrong' } = {},
): Promise<number> {
  const headers = { 'x-forwarded-for': network }
  return (await browser.submit('/login', { username, password }, headers)).status
}

const eventsOf = async (app: TestApp): Promise<{ target_id: string; network: string; details: string }[]> => {
  await settle(app)
  const { db, tenantId } = await app.contextOf('acme')
  return db
    .selectFrom('audit_event')
    .select(['target_id', 'network', 'details'])
    .where('tenant_id', '=', tenantId)
    .where('action', '=', 'sign_in.under_attack')
    .execute()
}

test('more failures of a tenant than are normal are told of once, in the audit trail and in the log', async (t) => {
  const { app, lines } = await startBeforeAttack(t)
  const before = await eventsOf(app)

  for (let at = 1; at <= 3; at++) await tryFrom(openFormBrowser(app), `203.0.113.${at}`)

  const { tenantId } = await app.contextOf('acme')
  assert.deepEqual(before, [])
  assert.deepEqual(await eventsOf(app), [
    { target_id: tenantId, network: '203.0.113.1', details: '{"failuresMax":300,"windowSeconds":300}' },
  ])
  assert.equal(lines.filter((line) => line.includes('more than 300 sign-ins failed within 300 seconds')).length, 1)
})

test('under attack a network has to wait after three failures, and who did not fail is let in', async (t) => {
  const { app, clock } = await startBeforeAttack(t)
  await tryFrom(openFormBrowser(app), '203.0.113.1')
  const statuses = []

  for (let at = 0; at < 4; at++) statuses.push(await tryFrom(openFormBrowser(app), '203.0.113.7'))
  const fresh = await tryFrom(openFormBrowser(app), '203.0.113.8', { username: 'ada', password: PASSWORD })
  clock.nowMs += 60_000
  const later = await tryFrom(openFormBrowser(app), '203.0.113.7', { username: 'ada', password: PASSWORD })

  assert.deepEqual(statuses, [403, 403, 403, 429])
  assert.deepEqual([fresh, later], [303, 303])
})

test('under attack a refusal says when to come again, is counted, and looks at no password', async (t) => {
  const { app } = await startBeforeAttack(t)
  for (let at = 0; at < 3; at++) await tryFrom(openFormBrowser(app), '203.0.113.7')
  const headers = { 'x-forwarded-for': '203.0.113.7' }

  const known = await openFormBrowser(app).submit('/login', { username: 'ada', password: PASSWORD }, headers)
  const unknown = await openFormBrowser(app).submit('/login', { username: 'eve', password: PASSWORD }, headers)

  assert.deepEqual([known.status, known.headers['retry-after'], known.text], [429, '60', unknown.text])
  const totals = [...app.app.services.activity.totals()]
  assert.equal(totals.find(({ reason }) => reason === 'under_attack')?.count, 2)
})

test('attempts of one network at once do not outrun its limit, under attack or not', async (t) => {
  const { app, clock } = await startBeforeAttack(t)
  const guesses = async (network: string) => {
    const browser = openFormBrowser(app)
    await browser.get('/login')
    return Promise.all(Array.from({ length: 40 }, (_, at) => tryFrom(browser, network, { username: `user-${at}` })))
  }

  const calm = await guesses('203.0.113.6')
  const attacked = await guesses('203.0.113.7')
  clock.nowMs += 60_000

  const evaluated = (statuses: number[]) => statuses.filter((status) => status === 403).length
  assert.ok([...calm, ...attacked].every((status) => [403, 429, 503].includes(status)))
  assert.equal(evaluated(attacked), 3)
  assert.ok(evaluated(calm) <= 30, String(evaluated(calm)))
  assert.equal(await tryFrom(openFormBrowser(app), '203.0.113.7', { username: 'ada', password: PASSWORD }), 303)
})

test('under attack nothing changes for browsers in which people signed in before', async (t) => {
  const { app } = await startBeforeAttack(t)
  const home = openFormBrowser(app)
  assert.equal(await tryFrom(home, '203.0.113.7', { username: 'ada', password: PASSWORD }), 303)
  home.cookies.delete('sallyport-session')
  for (let at = 0; at < 3; at++) await tryFrom(openFormBrowser(app), '203.0.113.7')

  const stranger = await tryFrom(openFormBrowser(app), '203.0.113.7', { username: 'ada', password: PASSWORD })
  const known = await tryFrom(home, '203.0.113.7', { username: 'ada', password: PASSWORD })

  assert.deepEqual([stranger, known], [429, 303])
})

test('an attack is over when nothing was beyond what is normal for five minutes', async (t) => {
  const { app, clock } = await startBeforeAttack(t)
  await tryFrom(openFormBrowser(app), '203.0.113.1')

  clock.nowMs += FIVE_MINUTES_MS
  const statuses = []
  for (let at = 0; at < 5; at++) statuses.push(await tryFrom(openFormBrowser(app), '203.0.113.7'))

  assert.deepEqual(statuses, [403, 403, 403, 403, 403])
})

test('an attack on one tenant changes nothing for another', async (t) => {
  const { app } = await startBeforeAttack(t)
  await tryFrom(openFormBrowser(app), '203.0.113.1')
  const statuses = []

  const globex = () => openFormBrowser(app, 'globex.login.localhost:8080')
  for (let at = 0; at < 5; at++) statuses.push(await tryFrom(globex(), '203.0.113.7'))

  assert.deepEqual(statuses, [403, 403, 403, 403, 403])
})
