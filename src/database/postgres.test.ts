import assert from 'node:assert/strict'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { ownDatabase } from '../../test/support/postgres-roles.ts'
import { isPostgres } from '../../test/support/test-database.ts'
import { OperatorError } from '../errors.ts'
import { openPostgres } from './open.ts'
import type { PostgresSettings } from './postgres-role.ts'
import { isDatabaseOutage } from './outage.ts'
import { onEnd } from '../../test/support/on-end.ts'

const SETTINGS = { poolSize: 2, statementTimeoutMs: 5000 }
const TENANT = '5f0c9d52-1f0c-4d3a-8f6e-0f2f6f1d2a31'

async function currentUser(t: TestContext, settings: Partial<PostgresSettings> & { url: string }): Promise<unknown> {
  const database = await openPostgres({ ...SETTINGS, ...settings })
  onEnd(t, () => database.close())
  const users = await Promise.all(
    [database.directory, database.forTenant(TENANT)].map((db) => sql<object>`select current_user`.execute(db as never)),
  )
  return users.map(({ rows }) => rows[0])
}

if (isPostgres)
  describe('PostgreSQL', () => {
    test('a superuser login becomes a role that row-level security binds', async (t) => {
      const { adminUrl } = await ownDatabase(t)

      const users = await currentUser(t, { url: adminUrl })

      assert.deepEqual(users, [{ current_user: 'sallyport_app' }, { current_user: 'sallyport_app' }])
    })

    test('a login that may bypass row-level security and cannot be changed is refused', async (t) => {
      const { execute, makeLogin } = await ownDatabase(t)
      const { name, url } = await makeLogin('bypassrls')
      await execute(`grant create on schema public to ${name}`)

      const refusal = openPostgres({ ...SETTINGS, url })

      await assert.rejects(refusal, (error) => {
        assert.ok(error instanceof OperatorError)
        assert.match(error.message, /^The database login may bypass row-level security, and no safer role can be had: /)
        assert.match(error.message, /Give --database-url a role without SUPERUSER and BYPASSRLS/)
        return true
      })
    })

    test('a login that may bypass row-level security becomes the safe role where the migration login can see to it', async (t) => {
      const { adminUrl, makeLogin } = await ownDatabase(t)
      const { url } = await makeLogin('bypassrls')

      const users = await currentUser(t, { url, migrationUrl: adminUrl })

      assert.deepEqual(users, [{ current_user: 'sallyport_app' }, { current_user: 'sallyport_app' }])
    })

    test('an everyday login is given our tables, new ones at the next start, and no other', async (t) => {
      const { execute, makeLogin } = await ownDatabase(t)
      const [owner, everyday] = [await makeLogin(''), await makeLogin('')]
      await execute(`grant create on schema public to ${owner.name}`)
      const settings = { url: everyday.url, migrationUrl: owner.url }
      await currentUser(t, settings)
      await execute(`revoke all on all tables in schema public from ${everyday.name}; create table songs (title text)`)

      const users = await currentUser(t, settings)

      assert.deepEqual(users, [{ current_user: everyday.name }, { current_user: everyday.name }])
      const [rights] = await execute(`select has_table_privilege('${everyday.name}', 'identity', 'insert') as ours,
        has_table_privilege('${everyday.name}', 'songs', 'select') as theirs`)
      assert.deepEqual(rights, { ours: true, theirs: false })
    })

    test('five nodes that start on an empty database at once all start', async (t) => {
      const { adminUrl } = await ownDatabase(t)

      const users = await Promise.all(Array.from({ length: 5 }, () => currentUser(t, { url: adminUrl })))

      assert.equal(users.length, 5)
    })

    test('a server that is not there is refused in one line', async () => {
      const refusal = openPostgres({ ...SETTINGS, url: 'postgres://nobody@127.0.0.1:1/nothing' })

      await assert.rejects(refusal, (error) => {
        assert.ok(error instanceof OperatorError)
        assert.match(error.message, /^PostgreSQL cannot be reached \(.*ECONNREFUSED.*\)\. Check --database-url/)
        return true
      })
    })

    test('a statement that takes too long ends as an outage, and its connection serves on', async (t) => {
      const { adminUrl, appUrl } = await ownDatabase(t)
      const settings = { poolSize: 1, statementTimeoutMs: 100, url: appUrl, migrationUrl: adminUrl }
      const database = await openPostgres(settings)
      onEnd(t, () => database.close())

      const slow = sql`select pg_sleep(10)`.execute(database.directory)

      await assert.rejects(slow, isDatabaseOutage)
      assert.deepEqual((await sql`select 1 as one`.execute(database.directory)).rows, [{ one: 1 }])
    })

    test('a server that falls silent is given up in time, and found again when it speaks', async (t) => {
      const { adminUrl, appUrl } = await ownDatabase(t)
      const line = await tappedLine(t, appUrl)
      const settings = { poolSize: 1, statementTimeoutMs: 100, url: line.url, migrationUrl: adminUrl }
      const database = await openPostgres(settings)
      onEnd(t, () => database.close())
      const startedMs = performance.now()

      const lost = database.directory.transaction().execute(async (tx) => {
        await sql`select 1`.execute(tx)
        line.mute()
        await sql`select 1`.execute(tx)
      })

      await assert.rejects(lost, isDatabaseOutage)
      const waitedMs = performance.now() - startedMs
      line.unmute()

      assert.ok(waitedMs < 2000, `waited ${waitedMs} ms`)
      assert.deepEqual((await sql`select 1 as one`.execute(database.directory)).rows, [{ one: 1 }])
    })
  })

/** A way to the server whose connections can be made to lose everything from one moment on, for good. */
async function tappedLine(t: TestContext, url: string) {
  const target = new URL(url)
  const sockets: Socket[] = []
  const server = createServer((client) => {
    const upstream = connect(`${target.searchParams.get('host')}/.s.PGSQL.5432`)
    sockets.push(client, upstream)
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onEnd(t, () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo // a TCP server, so not a string
  return {
    url: `postgres://${target.username}@127.0.0.1:${port}${target.pathname}`,
    mute: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    unmute: () => {
      sockets.length = 0
    },
  }
}
