import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START_MS, startTestApp } from '../../test/support/test-app.ts'
import { Janitor } from './janitor.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

test('what expired goes, what is alive stays, and so does every audit event', async (t) => {
  const { installation, contextOf, clock } = await startTestApp(t)
  const { db, tenantId } = await contextOf()
  const session = { tenant_id: tenantId, identity_id: 'i', authenticated_at: 0, last_seen_at: 0, idle_ms: 1 } as const
  const rest = { is_remembered: 0, issued_position: 0 } as const
  const rows = Array.from({ length: 1200 }, (_, index) => ({
    ...session,
    ...rest,
    digest: `old${index}`,
    expires_at: START_MS - 1,
  }))
  for (let at = 0; at < rows.length; at += 300)
    await db
      .insertInto('session')
      .values(rows.slice(at, at + 300))
      .execute()
  await db
    .insertInto('session')
    .values({ ...session, ...rest, digest: 'alive', expires_at: START_MS + 1 })
    .execute()
  const countEvents = () => db.selectFrom('audit_event').select('position').where('tenant_id', '=', tenantId).execute()
  const before = (await countEvents()).length
  const janitor = new Janitor({
    directory: installation.database.directory,
    databaseOf: (id) => installation.database.forTenant(id),
    nowMs: () => clock.nowMs,
    onError: assert.ifError,
  })

  await janitor.clear()

  const left = await db.selectFrom('session').select('digest').where('tenant_id', '=', tenantId).execute()
  assert.deepEqual(left, [{ digest: 'alive' }])
  assert.equal((await countEvents()).length, before)
})

test('failed passwords are forgotten once neither their window nor a lock can count any more', async (t) => {
  const { installation, contextOf, clock } = await startTestApp(t)
  const { db, tenantId } = await contextOf()
  const guard = { tenant_id: tenantId, failures: 1, locked_until: null }
  const longestMs = 120 * MINUTE_MS
  await db
    .insertInto('sign_in_guard')
    .values([
      { ...guard, identity_id: 'old', window_started_at: START_MS - longestMs - 1 },
      { ...guard, identity_id: 'counts', window_started_at: START_MS - longestMs },
    ])
    .execute()
  const janitor = new Janitor({
    directory: installation.database.directory,
    databaseOf: (id) => installation.database.forTenant(id),
    nowMs: () => clock.nowMs,
    onError: assert.ifError,
  })

  await janitor.clear()

  const left = await db.selectFrom('sign_in_guard').select('identity_id').where('tenant_id', '=', tenantId).execute()
  assert.deepEqual(left, [{ identity_id: 'counts' }])
})

test('a minute of counts goes once all of it was kept for 400 days', async (t) => {
  const { installation, contextOf, clock } = await startTestApp(t)
  const { db, tenantId } = await contextOf()
  const lastMinute = (START_MS - 400 * DAY_MS) / MINUTE_MS
  const count = { tenant_id: tenantId, client_id: 'old', action: 'token.minted', reason: '', count: 1 }
  await db
    .insertInto('activity')
    .values([lastMinute - 1, lastMinute].map((minute) => ({ ...count, minute, last_at: minute * MINUTE_MS + 1 })))
    .execute()
  const janitor = new Janitor({
    directory: installation.database.directory,
    databaseOf: (id) => installation.database.forTenant(id),
    nowMs: () => clock.nowMs,
    onError: assert.ifError,
  })

  await janitor.clear()

  const left = await db
    .selectFrom('activity')
    .select('minute')
    .where('tenant_id', '=', tenantId)
    .where('client_id', '=', 'old')
    .execute()
  assert.deepEqual(left, [{ minute: lastMinute }])
})

test('a process whose place in the change log was cleared away knows that it missed something', async (t) => {
  const { installation, contextOf, clock, apply } = await startTestApp(t)
  const { directory } = installation.database
  const { tenantId } = await contextOf()
  clock.advance(3 * DAY_MS)
  const janitor = new Janitor({
    directory,
    databaseOf: (id) => installation.database.forTenant(id),
    nowMs: () => clock.nowMs,
    onError: assert.ifError,
  })

  await janitor.clear()
  await apply({ tenant: { name: 'acme', default: true, displayName: 'Renamed' } })

  const kept = await directory.selectFrom('change_log').select('tenant_id').execute()
  assert.deepEqual(kept, [{ tenant_id: tenantId }])
  assert.equal(installation.changes.isFresh, true)
})
