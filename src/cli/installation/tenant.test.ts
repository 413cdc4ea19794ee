import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { request } from 'undici'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { eventually } from '../../../test/support/eventually.ts'
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts'
import { testInstallationOptions } from '../../../test/support/test-database.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchToken } from '../../../test/support/demo-secrets.ts'
import { credentialOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import { registerApply } from './apply.ts'
import { registerTenant } from './tenant.ts'

/** How soon a running server must follow what a command did beside it. */
const FOLLOWS_MS = 1000

/** The environment of an empty installation. */
async function emptyInstallation(t: TestContext): Promise<NodeJS.ProcessEnv> {
  const { data, databaseUrl, migrationUrl } = await testInstallationOptions(t)
  return {
    SALLYPORT_DATA_DIR: data,
    ...(databaseUrl && { SALLYPORT_DATABASE_URL: databaseUrl, SALLYPORT_MIGRATION_URL: migrationUrl }),
  }
}

/** Runs `tenant ...` and answers how it ended. */
const tenant = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  runCommandLine(registerTenant, ['tenant', ...args], { env })

/** A server with the tenant globex, and a token of its administrator. */
async function startWithGlobex(
  t: TestContext,
): Promise<{ server: TestServer; ask: () => Promise<number>; token: () => Promise<string> }> {
  const server = await startTestServer(t)
  const file = join(server.env['SALLYPORT_DATA_DIR'] ?? '', 'globex.json')
  writeFileSync(file, JSON.stringify(tenantFileFor('globex', { isDefault: true, catalogs: [] })))
  const applied = await runCommandLine(registerApply, ['apply', '-f', file], { env: server.env })
  assert.equal(applied.exitCode, 0, applied.stderr)
  const { clientId, clientSecret } = credentialOf('globex', 'ada')
  const token = () => fetchToken(server.url, clientId, clientSecret)
  const first = await token()
  const ask = async () => {
    const { statusCode, body } = await request(`${server.url}/sallyport/v1/access-matrix`, {
      headers: { authorization: `Bearer ${first}` },
    })
    await body.dump()
    return statusCode
  }
  return { server, ask, token }
}

test('tenants are created and listed, as rows and as JSON', async (t) => {
  const env = await emptyInstallation(t)

  const created = await tenant(env, 'create', 'acme', '--display-name', 'Acme Ltd', '--default')
  const second = await tenant(env, 'create', 'globex', '--json')
  const rows = await tenant(env, 'list')
  const json = await tenant(env, 'list', '--json')

  assert.match(created.stderr, /^Created the tenant acme, id [0-9a-f-]{36}\.\n$/)
  assert.equal(created.stdout, '')
  assert.match(
    rows.stdout,
    /^acme\t[0-9a-f-]{36}\tactive\tdefault\tAcme Ltd\nglobex\t[0-9a-f-]{36}\tactive\t-\tglobex\n$/,
  )
  const [acme, globex] = JSON.parse(json.stdout)
  assert.deepEqual(Object.keys(acme), ['name', 'id', 'displayName', 'isDefault', 'state', 'vanityDomain'])
  assert.equal(JSON.parse(second.stdout).id, globex.id)
})

test('names that are taken, reserved or no DNS label are refused in one line', async (t) => {
  const env = await emptyInstallation(t)
  await tenant(env, 'create', 'acme')

  const results = []
  for (const name of ['acme', 'api', 'login', 'www', 'A b', '_x', 'x'.repeat(64)])
    results.push(await tenant(env, 'create', name))

  const [taken, ...wrong] = results
  assert.equal(taken?.exitCode, exitCodes.conflict)
  assert.deepEqual(new Set(wrong.map(({ exitCode }) => exitCode)), new Set([exitCodes.usage]))
  for (const { stdout, stderr } of results) {
    assert.match(stderr, /^[^\n]+\.\n$/)
    assert.equal(stdout, '')
  }
})

test('a tenant that is not there is said to be unknown, with JSON where JSON was asked for', async (t) => {
  const env = await emptyInstallation(t)
  await tenant(env, 'create', 'acme')

  const results = [
    await tenant(env, 'suspend', 'nobody'),
    await tenant(env, 'resume', 'nobody'),
    await tenant({ ...env, SALLYPORT_OUTPUT: 'json' }, 'delete', 'nobody', '--yes'),
  ]

  assert.deepEqual(
    results.map(({ exitCode }) => exitCode),
    [6, 6, 6],
  )
  assert.match(results[0]?.stderr ?? '', /^There is no tenant nobody\.\n/)
  assert.equal(JSON.parse(results[2]?.stderr ?? '').error.code, 'tenant.unknown')
})

test('a running server refuses a suspended tenant at once; resumed, it lets in new tokens and not the old ones', async (t) => {
  const { server, ask, token } = await startWithGlobex(t)
  assert.equal(await ask(), 200)

  await tenant(server.env, 'suspend', 'globex')
  const whileSuspended = await eventually(ask, (status) => status !== 200, FOLLOWS_MS)
  const mintWhileSuspended = token()
  await assert.rejects(mintWhileSuspended, /403/)
  await tenant(server.env, 'resume', 'globex')
  const fresh = await eventually(
    () => token().catch(() => ''),
    (made) => made !== '',
    FOLLOWS_MS,
  )

  assert.equal(whileSuspended, 403)
  assert.notEqual(fresh, '')
  assert.equal(await ask(), 401)
})

test('deleting needs --yes; then the name is free, and a running server knows the tenant no more', async (t) => {
  const { server, ask } = await startWithGlobex(t)

  const unsure = await tenant(server.env, 'delete', 'globex')
  assert.equal(await ask(), 200)
  const sure = await tenant(server.env, 'delete', 'globex', '--yes')
  const afterwards = await eventually(ask, (status) => status !== 200, FOLLOWS_MS)
  const again = await tenant(server.env, 'create', 'globex')

  assert.deepEqual([unsure.exitCode, sure.exitCode, again.exitCode], [exitCodes.usage, 0, 0])
  assert.match(unsure.stderr, /Give --yes if you mean it\.\n$/)
  assert.equal(afterwards, 404)
  assert.notEqual(await ask(), 200)
})
