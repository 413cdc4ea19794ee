import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { createDatabase, type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('the login of the app is bound by row-level security', async (t) => {
  const database = await createDatabase(postgres.adminUrl)
  t.after(() => database.drop())

  const rows = await query(
    database.url,
    'select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user',
  )

  assert.deepEqual(rows, [{ rolname: 'sallyport_app', rolsuper: false, rolbypassrls: false }])
})

test('the app reads and writes tables that the owner makes later, and cannot change the schema', async (t) => {
  const database = await createDatabase(postgres.adminUrl)
  t.after(() => database.drop())
  await query(database.migrationUrl, 'create table thing (id serial primary key, name text)')

  await query(database.url, "insert into thing (name) values ('a')")

  assert.deepEqual(await query(database.url, 'select * from thing'), [{ id: 1, name: 'a' }])
  await assert.rejects(query(database.url, 'create table other (id int)'), /permission denied/)
})

test('two databases of one server do not see each other', async (t) => {
  const [one, other] = await Promise.all([createDatabase(postgres.adminUrl), createDatabase(postgres.adminUrl)])
  t.after(() => Promise.all([one.drop(), other.drop()]))

  await query(one.migrationUrl, 'create table thing (id int)')

  await assert.rejects(query(other.migrationUrl, 'select * from thing'), /does not exist/)
})

test('a dropped database is gone, connections to it included', async () => {
  const database = await createDatabase(postgres.adminUrl)
  const idle = new pg.Client({ connectionString: database.url })
  idle.on('error', () => {})
  await idle.connect()

  await database.drop()

  await assert.rejects(query(database.url, 'select 1'), /does not exist/)
})

test('commits reach the disk when that is asked for', async (t) => {
  const durable = await startPostgres({ fsync: true })
  t.after(() => durable.stop())

  assert.deepEqual(await query(durable.adminUrl, 'show fsync'), [{ fsync: 'on' }])
  assert.deepEqual(await query(postgres.adminUrl, 'show fsync'), [{ fsync: 'off' }])
})

test('a server ends, and its folder goes, when the process that started it is killed', {
  timeout: 20_000,
}, async () => {
  const script = `
    const { startPostgres } = await import(${JSON.stringify(import.meta.resolve('./postgres.ts'))})
    console.log((await startPostgres()).adminUrl)
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = await once(owner.stdout.setEncoding('utf8'), 'data')
  const url = String(output).trim()
  const folder = new URL(url).searchParams.get('host') ?? ''
  assert.ok(existsSync(folder))

  owner.kill('SIGKILL')

  while (existsSync(folder)) await setTimeout(10)
  await assert.rejects(query(url, 'select 1'))
})

test('a server that logs a lot is never held up by its log', { timeout: 30_000 }, async () => {
  const line = 'x'.repeat(1000)
  await query(postgres.adminUrl, `do $$ begin for turn in 1..3000 loop raise log '${line}'; end loop; end $$`)
})
