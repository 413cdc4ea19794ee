import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import SQLite from 'better-sqlite3'
import type { LogEvent } from 'kysely'
import { onEnd } from '../../test/support/on-end.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { openSqlite } from '../database/open.ts'
import { expiring } from './expiring.ts'
import { deleteExpired, findTimeOfNth, forgetChanges } from './store.ts'

test('what expired is found by an index on its time, in every table: none is read as a whole', async (t) => {
  const file = join(temporaryDirectory(t), 'test.db')
  const statements: { sql: string; parameters: readonly unknown[] }[] = []
  const database = await openSqlite(file, ({ query }: LogEvent) => void statements.push(query))
  onEnd(t, () => database.close())
  const db = database.forTenant('t')
  statements.length = 0

  for (const what of expiring) await deleteExpired(db, 't', { ...what, before: 1 })
  await findTimeOfNth(db, 't', 2)
  await forgetChanges(database.directory, 1)

  const raw = new SQLite(file)
  onEnd(t, () => raw.close())
  const planOf = ({ sql, parameters }: (typeof statements)[number]) =>
    (raw.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]).map(({ detail }) => detail)
  const plans = statements.map(planOf)
  assert.equal(plans.length, expiring.length + 2)
  for (const [index, { table, time }] of expiring.entries()) {
    const found = `SEARCH ${table} USING .*\\(tenant_id=\\? AND ${time}<\\?\\)`
    assert.ok(
      plans[index]?.some((step) => new RegExp(found).test(step)),
      `${table}: ${plans[index]?.join('; ')}`,
    )
  }
  assert.deepEqual(
    plans.flat().filter((step) => step.startsWith('SCAN') || step.includes('TEMP B-TREE')),
    [],
  )
})
