import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import { onEnd } from '../../test/support/on-end.ts'
import { takeNumber } from '../../test/support/take-number.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { GroupedWrites, type Written } from './grouped-writes.ts'
import { openSqlite } from './open.ts'
import type { Database, Tx } from './schema.ts'

const TENANT = '5f0c9d52-1f0c-4d3a-8f6e-0f2f6f1d2a31'

async function openDatabase(t: TestContext) {
  const database = await openSqlite(join(temporaryDirectory(t), 'test.db'))
  onEnd(t, () => database.close())
  return { database, db: database.forTenant(TENANT) }
}

/** Grouped writes on a disk that takes each group only when the test says so. */
async function openOnSlowDisk(t: TestContext) {
  const { db } = await openDatabase(t)
  const groups: PromiseWithResolvers<void>[] = []
  let asked = Promise.withResolvers<void>()
  const writes = new GroupedWrites(db, () => {
    const group = Promise.withResolvers<void>()
    groups.push(group)
    asked.resolve()
    asked = Promise.withResolvers<void>()
    return group.promise
  })
  return { db, writes, groups, nextGroup: () => asked.promise }
}

const valueOf = async <Value>(writing: Promise<Written<Value>>): Promise<Value> => (await writing).value
const onDiskOf = async (writing: Promise<Written<unknown>>): Promise<void> => (await writing).onDisk

const takeOne = (tx: Tx): Promise<number> => takeNumber(tx, TENANT)

async function counted(db: Database): Promise<number> {
  const row = await db.selectFrom('tenant_counter').select('value').where('tenant_id', '=', TENANT).executeTakeFirst()
  return row?.value ?? 0
}

test('a write answers what it did at once, and says when the disk has it', async (t) => {
  const { db, writes, groups } = await openOnSlowDisk(t)
  let isOnDisk = false

  const { value, onDisk } = await writes.run(takeOne)
  const told = onDisk.then(() => (isOnDisk = true))
  await nextTurn()

  assert.deepEqual([value, await counted(db), isOnDisk], [1, 1, false])
  groups[0]?.resolve()
  await told
  assert.equal(isOnDisk, true)
})

test('writes that come while a group is on its way to the disk go there together', async (t) => {
  const { writes, groups, nextGroup } = await openOnSlowDisk(t)
  const first = writes.run(takeOne)
  await nextGroup()
  const others = Array.from({ length: 20 }, () => writes.run(takeOne))

  const second = nextGroup()
  groups[0]?.resolve()
  await second
  groups[1]?.resolve()

  assert.deepEqual(
    (await Promise.all([first, ...others])).map(({ value }) => value),
    Array.from({ length: 21 }, (_, at) => at + 1),
  )
  assert.equal(groups.length, 2)
})

test('a write that fails does so alone, and changes nothing', async (t) => {
  const { database, db } = await openDatabase(t)
  const failing = (tx: Tx): Promise<number> =>
    takeOne(tx).then(() => {
      throw new Error('not this one')
    })

  const [before, failed, after] = await Promise.allSettled(
    [takeOne, failing, takeOne].map((run) => database.writeSmall(db, run)),
  )

  assert.deepEqual([before?.status, failed?.status, after?.status], ['fulfilled', 'rejected', 'fulfilled'])
  assert.equal(await counted(db), 2)
})

test('when the disk fails, nobody is told that it was written, and the next write is tried', async (t) => {
  const { writes, groups, nextGroup } = await openOnSlowDisk(t)
  const lost = [writes.run(takeOne), writes.run(takeOne)]
  await nextGroup()

  const refused = Promise.all(lost.map((each) => assert.rejects(onDiskOf(each), { code: 'EIO' })))
  groups[0]?.reject(Object.assign(new Error('the disk fails'), { code: 'EIO' }))
  await refused

  const next = writes.run(takeOne)
  await nextGroup()
  groups[1]?.resolve()
  assert.equal((await next).value, 3)
  await onDiskOf(next)
})

test('only grouped commits leave the waiting for the disk to others', async (t) => {
  const { database, db } = await openDatabase(t)
  const levelOf = async (tx: Tx): Promise<unknown> => (await sql`pragma synchronous`.execute(tx)).rows[0]

  const levels = [
    await valueOf(database.writeSmall(db, levelOf)),
    await db.transaction().execute(levelOf),
    await valueOf(database.writeSmall(db, levelOf)),
  ]

  assert.deepEqual(levels, [{ synchronous: 1 }, { synchronous: 2 }, { synchronous: 1 }])
})

test('grouped and other writes at once take turns, and every one of them counts', async (t) => {
  const { database, db } = await openDatabase(t)

  const numbers = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      at % 4 === 0 ? db.transaction().execute(takeOne) : valueOf(database.writeSmall(db, takeOne)),
    ),
  )

  assert.equal(new Set(numbers).size, 200)
  assert.equal(await counted(db), 200)
})
