import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { newTrackingId } from '../http/tracking-id.ts'
import { Janitor } from '../janitor/janitor.ts'
import type { Denial } from './denial.ts'
import { DenialCounts } from './denial-counts.ts'
import { DenialLog } from './denial-log.ts'
import { MinuteCaps } from './minute-caps.ts'
import { shapeOfPath } from './path-shape.ts'

const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 5, 1, 12)

const denial = (more: Partial<Denial> = {}): Denial => ({
  tenantId: '58eb06a4-dcd7-4e96-8fac-cca2afc03e61',
  trackingId: newTrackingId(),
  refusedAtMs: START_MS,
  network: '192.0.2.1',
  method: 'GET',
  path: '/v3/things',
  status: 401,
  reason: 'auth.missing',
  question: {
    authentication: { failure: { code: 'auth.missing', message: 'JWT is required' } },
    rate: { allowed: true },
    target: null,
    experimentalHeader: 'not_sent',
  },
  ...more,
})

for (const [path, shape] of [
  ['/', '/'],
  ['/oauth2/token', '/oauth2/token'],
  ['/v3/access-profiles', '/v3/access-profiles'],
  ['/v3/accounts/2c9180835d2e5168015d32f890ca1581', '/v3/accounts/{}'],
  ['/beta/a%20b/caf%C3%A9', '/beta/{}/{}'],
  [`/${'a'.repeat(41)}/ok`, '/{}/ok'],
  ['/a/b/c/d/e/f/g/h/i/j', '/a/b/c/d/e/f/g/h/...'],
] as const) {
  test(`of the unknown path ${path.slice(0, 50)} is kept ${shape}`, () => {
    assert.equal(shapeOfPath(path), shape)
  })
}

test('a client at its cap leaves room for others, until the next minute leaves room for it', () => {
  const caps = new MinuteCaps({ perCaller: 2, perTenant: 3, ofNobody: 1 })
  const take = (clientId: string, nowMs = START_MS) => caps.take({ tenantId: 't', clientId, network: 'n' }, nowMs)

  const ofMinute = [take('a'), take('a'), take('a'), take('b'), take('b'), take(''), take('')]

  assert.deepEqual(ofMinute, [true, true, false, true, false, true, false])
  assert.equal(take('a', START_MS + MINUTE_MS), true)
})

test('strangers are capped by their network, and one network does not use up what all have', () => {
  const caps = new MinuteCaps({ perCaller: 2, perTenant: 9, ofNobody: 3 })
  const take = (network: string) => caps.take({ tenantId: 't', clientId: '', network }, START_MS)

  assert.deepEqual(['n1', 'n1', 'n1', 'n2', 'n2'].map(take), [true, true, false, true, false])
})

test('made-up paths fill neither memory nor table: beyond a thousand groups an hour they are counted together', () => {
  const counts = new DenialCounts()

  for (let index = 0; index < 5000; index++) counts.count(denial({ path: `/p${index}` }), false)

  const taken = counts.take()
  assert.equal(taken.length, 1001)
  assert.equal(
    taken.reduce((sum, { count }) => sum + count, 0),
    5000,
  )
  assert.equal(taken.find(({ path }) => path === '(others)')?.count, 4000)
})

test('a count keeps the tracking id of the latest refusal that can be explained', () => {
  const counts = new DenialCounts()
  const first = denial()

  counts.count(first, true)
  counts.count(denial({ refusedAtMs: START_MS + 1 }), false)

  const [row] = counts.take()
  assert.deepEqual([row?.count, row?.last_tracking_id, row?.last_at], [2, first.trackingId, START_MS + 1])
})

async function logging(t: TestContext) {
  const { database, makeTenant, clock } = await openTestInstallation(t)
  const { tenantId } = (await makeTenant('acme'))()
  const outage = { isOn: false }
  const errors: unknown[] = []
  const log = new DenialLog({
    databaseOf: (tenant) => (outage.isOn ? unreachable() : database.forTenant(tenant)),
    onError: (error) => errors.push(error),
  })
  const db = database.forTenant(tenantId)
  const counted = async () => {
    const rows = await db.selectFrom('denial_count').select('count').where('tenant_id', '=', tenantId).execute()
    return rows.reduce((sum, { count }) => sum + count, 0)
  }
  const kept = async () =>
    (await db.selectFrom('denial').select('tracking_id').where('tenant_id', '=', tenantId).execute()).length
  return { database, clock, tenantId, log, outage, errors, counted, kept, db }
}

function unreachable(): never {
  throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
}

test('what cannot be written is written once the database is back, and once', async (t) => {
  const { tenantId, log, outage, errors, counted, kept } = await logging(t)
  outage.isOn = true
  log.record(denial({ tenantId }))
  await log.flush()
  log.record(denial({ tenantId }))

  outage.isOn = false
  await log.flush()
  await log.flush()

  assert.equal(errors.length, 1)
  assert.deepEqual([await kept(), await counted()], [2, 2])
})

test('while the database is away a flood is kept within bounds, and every refusal of it is counted', async (t) => {
  const { tenantId, log, outage, counted, kept } = await logging(t)
  outage.isOn = true
  for (let minute = 0; minute < 60; minute++) {
    for (let index = 0; index < 100; index++)
      log.record(denial({ tenantId, refusedAtMs: START_MS + minute * MINUTE_MS }))
    await log.flush()
  }

  outage.isOn = false
  await log.flush()

  assert.equal(await counted(), 6000)
  assert.equal(await kept(), 2000)
})

test('beyond twenty thousand refusals of a tenant the oldest are cleared away, and stay counted', async (t) => {
  const { tenantId, log, db, database, clock, counted, kept } = await logging(t)
  log.record(denial({ tenantId }))
  await log.flush()
  const row = await db.selectFrom('denial').selectAll().where('tenant_id', '=', tenantId).executeTakeFirstOrThrow()
  for (let from = 0; from < 20_005; from += 1000) {
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      ...row,
      refused_at: START_MS + 1 + from + index,
      tracking_id: newTrackingId(),
    }))
    await db.insertInto('denial').values(rows).execute()
  }
  const { directory } = database

  const janitor = new Janitor({
    directory,
    databaseOf: (id) => database.forTenant(id),
    nowMs: () => clock.nowMs,
    onError: assert.ifError,
  })
  await janitor.clear()

  assert.equal(await kept(), 20_000)
  assert.equal(await counted(), 1)
})
