import assert from 'node:assert/strict'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { onEnd } from '../../../test/support/on-end.ts'
import { startServedTenant } from '../../../test/support/served-tenant.ts'
import { isPostgres } from '../../../test/support/test-database.ts'
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { credentialOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import type { TestServer } from '../../../test/support/test-server.ts'
import { readSettings } from '../../config/settings.ts'
import { startServer } from '../../server.ts'
import { registerBackup } from './backup.ts'

const start = async (t: TestContext): Promise<TestServer & { data: string; place: string }> => {
  const server = await startServedTenant(t, tenantFileFor('acme', { isDefault: true }))
  return { ...server, data: server.env['SALLYPORT_DATA_DIR'] ?? '', place: temporaryDirectory(t) }
}

const run = (env: NodeJS.ProcessEnv, ...args: string[]) => runCommandLine(registerBackup, ['backup', ...args], { env })

async function tokenOf(url: string): Promise<string> {
  const { clientId, clientSecret } = credentialOf('acme', 'ada')
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const answer = await fetch(new URL('/oauth/token', url), { method: 'POST', body: new URLSearchParams(form) })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return token
}

const statusOf = async (url: string, token: string): Promise<number> =>
  (await fetch(new URL('/v3/sources', url), { headers: { authorization: `Bearer ${token}` } })).status

/** Serves a data directory as it lies there. */
async function serve(t: TestContext, data: string): Promise<string> {
  const server = await startServer(
    readSettings({ data, port: '0', opsPort: 'off', logLevel: 'error' }, {}),
    async () => {},
  )
  onEnd(t, () => server.close())
  return server.url
}

if (isPostgres) {
  test('on PostgreSQL a backup is refused, with what to use instead', async (t) => {
    const { env, place } = await start(t)

    const { exitCode, stderr } = await run(env, 'create', join(place, 'copy'))

    assert.equal(exitCode, 1)
    assert.match(stderr, /pg_dump.*sallyport backup restored/s)
    assert.equal(existsSync(join(place, 'copy')), false)
  })
} else {
  test('a backup that is made beside a running server and put back serves the same, and no token from before', async (t) => {
    const { env, url, data, place } = await start(t)
    const token = await tokenOf(url)
    assert.equal(await statusOf(url, token), 200)
    const [copy, restored] = [join(place, 'copy'), join(place, 'restored')]

    const created = await run(env, 'create', copy)
    const key = join(data, 'master.key')
    const back = await run({ SALLYPORT_DATA_DIR: restored, SALLYPORT_MASTER_KEY_FILE: key }, 'restore', copy)

    assert.deepEqual([created.exitCode, back.exitCode], [0, 0], created.stderr + back.stderr)
    assert.deepEqual(readdirSync(copy).sort(), ['instance.json', 'sallyport.db'])
    for (const name of readdirSync(copy)) assert.equal(statSync(join(copy, name)).mode & 0o777, 0o600)
    assert.match(created.stderr, /master key is not in it/)
    copyFileSync(key, join(restored, 'master.key'))
    chmodSync(join(restored, 'master.key'), 0o600)
    const again = await serve(t, restored)
    assert.equal(await statusOf(again, token), 401)
    assert.equal(await statusOf(again, await tokenOf(again)), 200)
  })

  test('neither a backup nor a restore overwrites anything', async (t) => {
    const { env, data, place } = await start(t)
    const copy = join(place, 'copy')
    await run(env, 'create', copy)

    const over = await run(env, 'create', copy)
    const back = await run(env, 'restore', copy)

    assert.deepEqual([over.exitCode, back.exitCode], [1, 1])
    assert.match(over.stderr, /is not empty/)
    assert.match(back.stderr, new RegExp(`${data} is not empty`))
  })

  test('a backup that is cut short, and a directory that is none, are refused before anything is made', async (t) => {
    const { env, data, place } = await start(t)
    const [copy, none, restored] = [join(place, 'copy'), join(place, 'none'), join(place, 'restored')]
    await run(env, 'create', copy)
    const size = statSync(join(copy, 'sallyport.db')).size
    truncateSync(join(copy, 'sallyport.db'), size - 4096)
    mkdirSync(none)
    const target = { SALLYPORT_DATA_DIR: restored, SALLYPORT_MASTER_KEY_FILE: join(data, 'master.key') }

    const short = await run(target, 'restore', copy)
    const absent = await run(target, 'restore', none)

    assert.deepEqual([short.exitCode, absent.exitCode], [1, 1])
    assert.match(short.stderr, /is cut short/)
    assert.match(absent.stderr, /is no backup/)
    assert.equal(existsSync(restored), false)
  })

  test('a restore without the master key is refused before anything is made', async (t) => {
    const { env, place } = await start(t)
    const [copy, restored] = [join(place, 'copy'), join(place, 'restored')]
    await run(env, 'create', copy)

    const { exitCode, stderr } = await run({ SALLYPORT_DATA_DIR: restored }, 'restore', copy)

    assert.equal(exitCode, 1)
    assert.match(stderr, /master key .* is not part of a backup/)
    assert.equal(existsSync(restored), false)
  })

  test('where there is no installation there is nothing to copy', async (t) => {
    const place = temporaryDirectory(t)
    writeFileSync(join(place, 'file'), '')

    const { exitCode, stderr } = await run({ SALLYPORT_DATA_DIR: place }, 'create', join(place, 'copy'))

    assert.equal(exitCode, 1)
    assert.match(stderr, /There is no installation/)
  })
}

test('after a restore by other means, one command ends every token of a running server, and is on record', async (t) => {
  const { env, url, installation } = await start(t)
  const token = await tokenOf(url)
  assert.equal(await statusOf(url, token), 200)

  const { exitCode, stderr } = await run(env, 'restored')
  await installation.changes.catchUp()

  assert.equal(exitCode, 0)
  assert.match(stderr, /acme: every token and session from before is dead \(epoch 1\)/)
  assert.equal(await statusOf(url, token), 401)
  assert.equal(await statusOf(url, await tokenOf(url)), 200)
  const { directory, forTenant } = installation.database
  const { id } = await directory.selectFrom('tenant').select('id').executeTakeFirstOrThrow()
  const events = await forTenant(id).selectFrom('audit_event').select('action').where('tenant_id', '=', id).execute()
  assert.equal(events.at(-1)?.action, 'tenant.restored')
})
