import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import SQLite from 'better-sqlite3'
import { sql } from 'kysely'
import { testInstallationOptions } from '../../test/support/test-database.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { OperatorError } from '../errors.ts'
import { openInstallation } from '../installation.ts'
import { openSqlite } from './open.ts'
import type { Directory } from './schema.ts'
import { onEnd } from '../../test/support/on-end.ts'

const migrationsOf = async (directory: Directory): Promise<unknown[]> =>
  (await sql`select name, timestamp from kysely_migration order by name`.execute(directory)).rows

test('a database gets every migration once: a second start has nothing to do', async (t) => {
  const options = await testInstallationOptions(t)
  const first = await openInstallation(options)
  onEnd(t, () => first.close())
  const before = await migrationsOf(first.database.directory)

  const second = await openInstallation(options)
  onEnd(t, () => second.close())

  assert.ok(before.length > 0)
  assert.deepEqual(await migrationsOf(second.database.directory), before)
})

test('a database of a newer release is refused in one line, and left as it is', async (t) => {
  const { database, options } = await openTestInstallation(t)
  await sql`insert into kysely_migration values ('9999-later', '2099-01-01T00:00:00.000Z')`.execute(database.directory)
  const before = await migrationsOf(database.directory)

  const refusal = openInstallation(options)

  await assert.rejects(refusal, (error) => {
    assert.ok(error instanceof OperatorError)
    assert.equal(error.message, 'The database was made by a newer Sallyport. Start that release, or restore a backup.')
    return true
  })
  assert.deepEqual(await migrationsOf(database.directory), before)
})

test('five starts at once on a new file make one database', async (t) => {
  const file = join(temporaryDirectory(t), 'test.db')

  const databases = await Promise.all(Array.from({ length: 5 }, () => openSqlite(file)))
  onEnd(t, () => Promise.all(databases.map((database) => database.close())))

  for (const { directory } of databases)
    assert.deepEqual(await directory.selectFrom('pod_clock').select('seq').execute(), [{ seq: 0 }])
})

test('a migration that fails half-way changes nothing, and goes through once its reason is gone', async (t) => {
  const file = join(temporaryDirectory(t), 'test.db')
  const raw = new SQLite(file)
  onEnd(t, () => raw.close())
  raw.exec('create table tenant_file_entry (title text)')

  const refusal = openSqlite(file)

  await assert.rejects(refusal, (error) => {
    assert.ok(error instanceof OperatorError)
    assert.match(error.message, /^The database could not be migrated: .*tenant_file_entry.* already exists/)
    return true
  })
  const tables = raw.prepare("select name from sqlite_master where type = 'table' and name not like 'kysely%'").all()
  assert.deepEqual(tables, [{ name: 'tenant_file_entry' }])
  raw.exec('drop table tenant_file_entry')
  await (await openSqlite(file)).close()
})
