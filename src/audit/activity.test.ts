import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import type { Database } from '../database/schema.ts'
import { type Activity, ActivityCounter } from './activity.ts'

const MINUTE_MS = 60_000

async function counting(t: TestContext) {
  const { makeTenant, clock, database } = await openTestInstallation(t)
  const { tenantId } = (await makeTenant('acme'))()
  const errors: unknown[] = []
  const outage = { isOn: false }
  const counter = new ActivityCounter({
    databaseOf: (tenant) => (outage.isOn ? unreachable() : database.forTenant(tenant)),
    nowMs: () => clock.nowMs,
    onError: (error) => errors.push(error),
  })
  const count = (activity: Partial<Activity> = {}) =>
    counter.count({ tenantId, clientId: 'app', action: 'token.minted', reason: '', ...activity })
  const rows = () => rowsOf(database.forTenant(tenantId), tenantId)
  return { counter, count, rows, clock, errors, outage, makeTenant, database }
}

function unreachable(): never {
  throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
}

async function rowsOf(db: Database, tenantId: string): Promise<string[]> {
  const rows = await db.selectFrom('activity').selectAll().where('tenant_id', '=', tenantId).execute()
  return rows.map((row) => `${row.client_id} ${row.action} ${row.reason || '-'} ${row.count}`).sort()
}

test('counts of a minute add up over flushes, and are kept apart by client, action and reason', async (t) => {
  const { counter, count, rows } = await counting(t)

  for (let mint = 0; mint < 3; mint++) count()
  await counter.flush()
  count()
  count({ clientId: 'other' })
  count({ reason: 'credentials_in_url' })
  count({ action: 'request.refused', reason: 'scope.missing' })
  await counter.flush()
  await counter.flush()

  assert.deepEqual(await rows(), [
    'app request.refused scope.missing 1',
    'app token.minted - 4',
    'app token.minted credentials_in_url 1',
    'other token.minted - 1',
  ])
})

test('each minute has counts of its own, with the time of the latest', async (t) => {
  const { counter, count, clock, database, makeTenant } = await counting(t)
  const { tenantId } = (await makeTenant('globex'))()
  const startMs = clock.nowMs

  count({ tenantId })
  clock.nowMs += 5000
  count({ tenantId })
  clock.nowMs += MINUTE_MS
  count({ tenantId })
  await counter.stop()

  const rows = await database
    .forTenant(tenantId)
    .selectFrom('activity')
    .select(['minute', 'count', 'last_at'])
    .where('tenant_id', '=', tenantId)
    .orderBy('minute')
    .execute()
  assert.deepEqual(rows, [
    { minute: startMs / MINUTE_MS, count: 2, last_at: startMs + 5000 },
    { minute: startMs / MINUTE_MS + 1, count: 1, last_at: startMs + 5000 + MINUTE_MS },
  ])
})

test('two processes that flush the same counts at once lose none', async (t) => {
  const { counter, count, rows, clock, database } = await counting(t)
  const other = new ActivityCounter({
    databaseOf: (tenant) => database.forTenant(tenant),
    nowMs: () => clock.nowMs,
    onError: assert.ifError,
  })
  const { tenantId } = await database.directory.selectFrom('tenant').select('id as tenantId').executeTakeFirstOrThrow()
  const clients = Array.from({ length: 300 }, (_, number) => `app-${number}`)
  for (const clientId of clients) count({ clientId })
  for (const clientId of clients.toReversed()) other.count({ tenantId, clientId, action: 'token.minted', reason: '' })

  await Promise.all([counter.flush(), other.flush()])

  assert.deepEqual(new Set((await rows()).map((row) => row.split(' ').at(-1))), new Set(['2']))
})

test('what cannot be written is kept, told once per try, and written when the database is back', async (t) => {
  const { counter, count, rows, errors, outage } = await counting(t)
  outage.isOn = true
  count()
  await counter.flush()
  count()
  await counter.flush()

  outage.isOn = false
  await counter.flush()

  assert.deepEqual(await rows(), ['app token.minted - 2'])
  assert.equal(errors.length, 2)
})

test("one tenant's trouble does not keep another's counts back", async (t) => {
  const { counter, count, rows, errors } = await counting(t)

  count({ clientId: null as unknown as string, tenantId: 'b2f1c0de-0000-4000-8000-000000000000' })
  count()
  await counter.flush()

  assert.deepEqual(await rows(), ['app token.minted - 1'])
  assert.equal(errors.length, 1)
})

test('during a long outage the counts stay bounded: those on top are added to one name', async (t) => {
  const { counter, count, rows, outage } = await counting(t)
  outage.isOn = true
  for (let client = 0; client < 7000; client++) count({ clientId: `app-${client}` })
  await counter.flush()
  for (let client = 0; client < 7000; client++) count({ clientId: `late-${client}` })

  outage.isOn = false
  await counter.flush()

  const written = await rows()
  const sum = written.reduce((total, row) => total + Number(row.split(' ').at(-1)), 0)
  assert.equal(written.length, 5001)
  assert.equal(sum, 14_000)
})

test('made-up client ids fill no table: a thousand of a minute are named, the others counted together', async (t) => {
  const { counter, count, rows, clock } = await counting(t)
  const guess = (from: number) => {
    for (let client = from; client < from + 1500; client++)
      count({ clientId: `guess-${client}`, action: 'token.refused', reason: 'client.not_proven' })
  }

  guess(0)
  await counter.flush()
  guess(1500)
  await counter.flush()
  count({ clientId: 'guess-1', action: 'token.refused', reason: 'client.not_proven' })
  await counter.flush()

  const written = await rows()
  assert.equal(written.length, 1001)
  assert.ok(written.includes('others token.refused client.not_proven 2000'))
  assert.ok(written.includes('guess-1 token.refused client.not_proven 2'))
  clock.nowMs += MINUTE_MS
  guess(5000)
  await counter.flush()
  assert.equal((await rows()).length, 2002)
})

test('totals count everything since the start, whatever became of the rows', async (t) => {
  const { counter, count } = await counting(t)

  count()
  count({ clientId: 'other' })
  count({ action: 'request.refused', reason: 'scope.missing' })

  assert.deepEqual(
    [...counter.totals()],
    [
      { action: 'token.minted', reason: '', count: 2 },
      { action: 'request.refused', reason: 'scope.missing', count: 1 },
    ],
  )
})

test('a started counter writes by itself every second, and what is left when it stops', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { counter, count, rows } = await counting(t)
  counter.start()

  count()
  t.mock.timers.tick(1000)
  while ((await rows()).length === 0) await nextTurn()
  const afterASecond = await rows()
  count()
  await counter.stop()

  assert.deepEqual(afterASecond, ['app token.minted - 1'])
  assert.deepEqual(await rows(), ['app token.minted - 2'])
})
