import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { takeNumber } from '../../test/support/take-number.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { type DatabaseHandle, openSqlite } from './open.ts'
import type { Database } from './schema.ts'
import { openSqliteFile } from './sqlite.ts'
import { SqliteWriteQueue } from './sqlite-write-queue.ts'
import { writeTransaction } from './write-transaction.ts'
import { onEnd } from '../../test/support/on-end.ts'

const TENANT = '5f0c9d52-1f0c-4d3a-8f6e-0f2f6f1d2a31'

async function openFile(t: TestContext): Promise<{ file: string; database: DatabaseHandle; db: Database }> {
  const file = join(temporaryDirectory(t), 'test.db')
  const database = await openSqlite(file)
  onEnd(t, () => database.close())
  return { file, database, db: database.forTenant(TENANT) }
}

async function counted(db: Database): Promise<number> {
  const row = await db.selectFrom('tenant_counter').select('value').where('tenant_id', '=', TENANT).executeTakeFirst()
  return row?.value ?? 0
}

test('a commit is on the disk before it is acknowledged', async (t) => {
  const { db } = await openFile(t)

  const settings = await db.transaction().execute(async (tx) => ({
    ...(await sql<object>`pragma journal_mode`.execute(tx)).rows[0],
    ...(await sql<object>`pragma synchronous`.execute(tx)).rows[0],
  }))

  assert.deepEqual(settings, { journal_mode: 'wal', synchronous: 2 })
})

test('a query outside a transaction neither waits for it nor sees what it writes', async (t) => {
  const { db } = await openFile(t)

  const seen = await db.transaction().execute(async (tx) => {
    await takeNumber(tx, TENANT)
    return { inside: await counted(tx), outside: await counted(db) }
  })

  assert.deepEqual(seen, { inside: 1, outside: 0 })
  assert.equal(await counted(db), 1)
})

test('a hundred transactions at once take turns, and every one of them counts', async (t) => {
  const { db } = await openFile(t)

  const numbers = await Promise.all(
    Array.from({ length: 100 }, () => db.transaction().execute((tx) => takeNumber(tx, TENANT))),
  )

  assert.equal(new Set(numbers).size, 100)
  assert.equal(await counted(db), 100)
})

test('a write outside a transaction waits for the one under way', async (t) => {
  const { db } = await openFile(t)
  const order: string[] = []

  await db.transaction().execute(async (tx) => {
    void db
      .insertInto('tenant_counter')
      .values({ tenant_id: TENANT, name: 'other', value: 1 })
      .execute()
      .then(() => order.push('outside'))
    await takeNumber(tx, TENANT)
    await counted(db)
    order.push('inside')
  })
  await db.transaction().execute((tx) => counted(tx))

  assert.deepEqual(order, ['inside', 'outside'])
})

test('whoever would wait for himself is told so, and the next transaction is not held up', async (t) => {
  const { writer, reader } = openSqliteFile(join(temporaryDirectory(t), 'test.db'))
  onEnd(t, () => [reader.close(), writer.close()])
  const queue = new SqliteWriteQueue(writer, 20)
  await queue.begin()

  await assert.rejects(queue.begin(), { code: 'SQLITE_BUSY' })
  queue.commit()

  await queue.begin()
  queue.rollback()
  assert.equal(writer.inTransaction, false)
})

test('a transaction that another process holds up for too long fails as busy, and the next one works', async (t) => {
  const file = join(temporaryDirectory(t), 'test.db')
  const { writer, reader } = openSqliteFile(file)
  const other = openSqliteFile(file)
  onEnd(t, () => [reader.close(), writer.close(), other.reader.close(), other.writer.close()])
  const queue = new SqliteWriteQueue(writer, 20)
  other.writer.exec('begin immediate')

  await assert.rejects(queue.begin(), { code: 'SQLITE_BUSY' })
  other.writer.exec('commit')

  await queue.begin()
  queue.commit()
})

test('a full disk fails the transaction that meets it, and leaves what was there and none open', async (t) => {
  const { db } = await openFile(t)
  await db.transaction().execute((tx) => takeNumber(tx, TENANT))
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(tx)
    await sql`pragma max_page_count = ${sql.lit((rows[0]?.page_count ?? 0) + 2)}`.execute(tx)
  })
  const fill = db.transaction().execute(async (tx) => {
    await takeNumber(tx, TENANT)
    const row = { tenant_id: TENANT, kid: 'big', purpose: 'access', generation: 1, public_jwk: 'x'.repeat(100_000) }
    const rest = { wrapped_private_key: Buffer.alloc(0), created_at: 0, activates_at: 0, retires_at: null }
    await tx
      .insertInto('signing_key')
      .values({ ...row, purpose: 'access', ...rest })
      .execute()
  })

  await assert.rejects(fill, { code: 'SQLITE_FULL' })

  assert.equal(await counted(db), 1)
  assert.equal(await db.transaction().execute((tx) => takeNumber(tx, TENANT)), 2)
})

test('a commit that fails leaves no transaction open', async (t) => {
  const { db } = await openFile(t)
  await sql`create table parent (id integer primary key) strict`.execute(db)
  await sql`create table child (id integer references parent (id) deferrable initially deferred) strict`.execute(db)

  const orphan = db.transaction().execute((tx) => sql`insert into child values (1)`.execute(tx))

  await assert.rejects(orphan, { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
  assert.equal(await db.transaction().execute((tx) => takeNumber(tx, TENANT)), 1)
  assert.deepEqual((await sql`select id from child`.execute(db)).rows, [])
})

test('two processes that write at once both succeed', async (t) => {
  const { file, db } = await openFile(t)
  const script = fileURLToPath(new URL('../../test/support/counting-writer.ts', import.meta.url))
  const other = promisify(execFile)(process.execPath, [script, file, TENANT, '300'])
  let ours = 0
  let isOver = false
  void other.catch(() => {}).then(() => (isOver = true))

  for (; !isOver; ours++) {
    await writeTransaction(db, (tx) => takeNumber(tx, TENANT))
    await nextTurn()
  }
  await other

  assert.equal(await counted(db), ours + 300)
})
