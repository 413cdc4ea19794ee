import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { type OwnDatabase, ownDatabase } from '../../test/support/postgres-roles.ts'
import { isPostgres } from '../../test/support/test-database.ts'
import { type DatabaseHandle, openPostgres } from './open.ts'
import type { Database } from './schema.ts'
import { onEnd } from '../../test/support/on-end.ts'

const [ACME, GLOBEX] = [randomUUID(), randomUUID()]
const SETTINGS = { poolSize: 3, statementTimeoutMs: 5000 }

async function open(t: TestContext, { adminUrl, appUrl }: OwnDatabase, poolSize = 3): Promise<DatabaseHandle> {
  const database = await openPostgres({ ...SETTINGS, poolSize, url: appUrl, migrationUrl: adminUrl })
  onEnd(t, () => database.close())
  return database
}

const insertGrant = (db: Database, tenantId: string, scope: string) =>
  db.insertInto('scope_grant').values({ tenant_id: tenantId, scope, user_levels: '[]' }).execute()

/** Asks for every scope there is, as a query that forgot its tenant would. */
const everyScope = async (db: Database): Promise<string[]> =>
  (await db.selectFrom('scope_grant').select('scope').orderBy('scope').execute()).map(({ scope }) => scope)

if (isPostgres)
  describe('row-level security', () => {
    test('a query that forgets its tenant sees the rows of the one it is bound to alone', async (t) => {
      const database = await open(t, await ownDatabase(t))
      await insertGrant(database.forTenant(ACME), ACME, 'a:read')
      await insertGrant(database.forTenant(GLOBEX), GLOBEX, 'g:read')

      assert.deepEqual(await everyScope(database.forTenant(ACME)), ['a:read'])
      assert.deepEqual(await everyScope(database.forTenant(GLOBEX)), ['g:read'])
      assert.deepEqual(await everyScope(database.forTenant(randomUUID())), [])
    })

    test('a handle bound to no tenant sees and writes nothing of any', async (t) => {
      const database = await open(t, await ownDatabase(t))
      await insertGrant(database.forTenant(ACME), ACME, 'a:read')
      const unbound = database.directory as unknown as Database

      assert.deepEqual(await everyScope(unbound), [])
      await assert.rejects(insertGrant(unbound, ACME, 'a:write'), /row-level security policy/)
    })

    test("no tenant's handle writes, changes or deletes a row of another", async (t) => {
      const database = await open(t, await ownDatabase(t))
      const [acme, globex] = [database.forTenant(ACME), database.forTenant(GLOBEX)]
      await insertGrant(globex, GLOBEX, 'g:read')
      await insertGrant(acme, ACME, 'a:read')

      await assert.rejects(insertGrant(acme, GLOBEX, 'g:write'), /row-level security policy/)
      const moved = acme.updateTable('scope_grant').set({ tenant_id: GLOBEX }).where('scope', '=', 'a:read').execute()
      await assert.rejects(moved, /row-level security policy/)
      const changed = await acme.updateTable('scope_grant').set({ user_levels: '["X"]' }).executeTakeFirst()
      const deleted = await acme.deleteFrom('scope_grant').where('scope', '=', 'g:read').executeTakeFirst()

      assert.deepEqual([changed.numUpdatedRows, deleted.numDeletedRows], [1n, 0n])
      const left = await globex.selectFrom('scope_grant').select('user_levels').execute()
      assert.deepEqual(left, [{ user_levels: '[]' }])
    })

    test('every table of a tenant is protected, the ones of later releases too', async (t) => {
      const own = await ownDatabase(t)
      await open(t, own)

      const open_ = await own.execute(`
        select relname from pg_class join pg_attribute on attrelid = pg_class.oid
        where relkind = 'r' and attname = 'tenant_id' and relname != 'change_log' and relnamespace = 'public'::regnamespace
          and not (relrowsecurity and relforcerowsecurity)`)

      assert.deepEqual(open_, [])
    })

    test('500 queries of 20 tenants over three connections never see a row of another tenant', async (t) => {
      const database = await open(t, await ownDatabase(t))
      const tenants = Array.from({ length: 20 }, () => randomUUID())
      for (const tenant of tenants) await insertGrant(database.forTenant(tenant), tenant, tenant)

      const seen = await Promise.all(
        Array.from({ length: 500 }, async (_, turn) => {
          const tenant = tenants[(turn * 7) % 20] ?? ''
          const db = database.forTenant(tenant)
          return { tenant, scopes: await disturbed(db, turn, tenant).then(() => everyScope(db)) }
        }),
      )

      for (const { tenant, scopes } of seen) assert.deepEqual(scopes, [tenant])
    })

    test('a connection that was lost is bound again before its place is used', async (t) => {
      const own = await ownDatabase(t)
      const database = await open(t, own, 1)
      await insertGrant(database.forTenant(ACME), ACME, 'a:read')
      await own.execute(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid != pg_backend_pid()`)

      const scopes = await everyScope(database.forTenant(ACME)).catch(() => everyScope(database.forTenant(ACME)))

      assert.deepEqual(scopes, ['a:read'])
      assert.deepEqual(await everyScope(database.forTenant(GLOBEX)), [])
    })
  })

/** What a query may find behind it on its connection: a rolled back transaction, a failed statement, or nothing. */
async function disturbed(db: Database, turn: number, tenant: string): Promise<void> {
  if (turn % 5 === 0)
    await db
      .transaction()
      .execute(async (tx) => {
        await insertGrant(tx, tenant, 'never')
        throw new Error('rolled back')
      })
      .catch(() => {})
  if (turn % 7 === 0)
    await sql`select 1 / 0`.execute(db).catch((error: Error) => assert.match(error.message, /by zero/))
}
