import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { takeNumber } from '../../test/support/take-number.ts'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { isUniqueViolation, isWriteConflict } from './conflicts.ts'
import type { Database, Tx } from './schema.ts'
import { writeTransaction } from './write-transaction.ts'

const TENANT = randomUUID()

const conflict = (code: string): Error => Object.assign(new Error('lost to another transaction'), { code })

async function numbersTaken(db: Database): Promise<number> {
  const row = await db.selectFrom('tenant_counter').select('value').where('tenant_id', '=', TENANT).executeTakeFirst()
  return row?.value ?? 0
}

for (const code of ['40001', '40P01', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT'])
  test(`a transaction that loses to another (${code}) runs again from its start`, async (t) => {
    const { database } = await openTestInstallation(t)
    const db = database.forTenant(TENANT)
    let runs = 0

    const number = await writeTransaction(db, async (tx) => {
      const taken = await takeNumber(tx, TENANT)
      runs += 1
      if (runs < 3) throw conflict(code)
      return taken
    })

    assert.deepEqual([number, runs, await numbersTaken(db)], [1, 3, 1])
  })

test('any other error is thrown at once, with nothing written', async (t) => {
  const { database } = await openTestInstallation(t)
  const db = database.forTenant(TENANT)
  let runs = 0

  const failing = writeTransaction(db, async (tx) => {
    await takeNumber(tx, TENANT)
    runs += 1
    throw new Error('no')
  })

  await assert.rejects(failing, /^Error: no$/)
  assert.deepEqual([runs, await numbersTaken(db)], [1, 0])
})

test('a transaction that never wins is given up as a conflict', async (t) => {
  const { database } = await openTestInstallation(t)
  const lose = async (): Promise<never> => {
    runs += 1
    throw conflict('40001')
  }
  let runs = 0

  const losing = writeTransaction(database.forTenant(TENANT), lose, 200)

  await assert.rejects(losing, isWriteConflict)
  assert.ok(runs > 1, `${runs} runs`)
})

test('two transactions that wait for each other both succeed in the end', async (t) => {
  const { database } = await openTestInstallation(t)
  const db = database.forTenant(TENANT)
  const bump = (tx: Tx, name: string) =>
    tx
      .insertInto('tenant_counter')
      .values({ tenant_id: TENANT, name, value: 1 })
      .onConflict((clash) =>
        clash.columns(['tenant_id', 'name']).doUpdateSet((eb) => ({ value: eb('tenant_counter.value', '+', 1) })),
      )
      .execute()
  const inOrder = (first: string, second: string) =>
    writeTransaction(db, async (tx) => {
      await bump(tx, first)
      await bump(tx, second)
    })

  await Promise.all(
    Array.from({ length: 4 }, (_, turn) => (turn % 2 === 0 ? inOrder('left', 'right') : inOrder('right', 'left'))),
  )

  const rows = await db.selectFrom('tenant_counter').select('value').where('tenant_id', '=', TENANT).execute()
  assert.deepEqual(rows, [{ value: 4 }, { value: 4 }])
})

test('a value that is taken is told from other errors', async (t) => {
  const { database } = await openTestInstallation(t)
  const db = database.forTenant(TENANT)
  const insert = () => db.insertInto('tenant_counter').values({ tenant_id: TENANT, name: 'one', value: 1 }).execute()
  await insert()

  await assert.rejects(insert(), (error) => isUniqueViolation(error) && !isWriteConflict(error))
  const nameless = db
    .insertInto('tenant_counter')
    .values({ tenant_id: TENANT, name: null as unknown as string, value: 1 })
    .execute()

  await assert.rejects(nameless, (error) => !isUniqueViolation(error))
})
