import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { fetchToken } from '../../../test/support/demo-secrets.ts'
import { eventually } from '../../../test/support/eventually.ts'
import { startTestServer } from '../../../test/support/test-server.ts'
import { credentialOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { registerApply } from './apply.ts'

const FOLLOWS_MS = 1000

/** A running server, and how `apply` brings a tenant file to it. */
async function startForApply(t: TestContext) {
  const server = await startTestServer(t)
  const file = join(server.env['SALLYPORT_DATA_DIR'] ?? '', 'tenant.json')
  const apply = (contents: object, ...flags: string[]) => {
    writeFileSync(file, JSON.stringify(contents))
    return runCommandLine(registerApply, ['apply', '-f', file, ...flags], { env: server.env })
  }
  return { server, apply }
}

/** A tenant with one client, whose secret is to be made. */
const withClient = (name: string, more: object = {}) => ({
  tenant: { name: 'acme', default: true },
  oauthClients: [{ name, grantTypes: ['CLIENT_CREDENTIALS'], scope: ['sp:scopes:all'], ...more }],
})

test('a running server knows within a second what was applied beside it', async (t) => {
  const { server, apply } = await startForApply(t)
  const { clientId, clientSecret } = credentialOf('acme', 'ada')

  const { stdout, stderr, exitCode } = await apply(tenantFileFor('acme', { isDefault: true, catalogs: [] }))
  const mint = () => fetchToken(server.url, clientId, clientSecret).catch((error: Error) => error.message)
  const token = await eventually(mint, (answer) => answer.startsWith('eyJ'), FOLLOWS_MS)

  assert.match(token, /^eyJ/)
  assert.equal(exitCode, 0)
  assert.equal(stdout, '')
  assert.match(stderr, /^created tenant$/m)
  assert.match(stderr, /^created identity ada$/m)
  assert.match(stderr, /^created personalAccessToken ada\/test$/m)
})

test('what did not change is applied again only with --reset, and that is said', async (t) => {
  const { apply } = await startForApply(t)
  const file = tenantFileFor('acme', { isDefault: true, catalogs: [] })
  await apply(file)

  const again = await apply(file)
  const reset = await apply(file, '--reset')

  assert.deepEqual([again.stdout, again.stderr, again.exitCode], ['', 'Tenant acme: nothing to change.\n', 0])
  assert.match(reset.stderr, /^updated identity ada$/m)
  assert.equal(reset.exitCode, 0)
})

test('a secret that was made is printed once, to standard output alone, and works', async (t) => {
  const { server, apply } = await startForApply(t)

  const first = await apply(withClient('Nightly'))
  const second = await apply(withClient('Nightly', { description: 'changed' }))

  const [entry = '', clientId = '', secret = ''] = first.stdout.trimEnd().split('\t')
  assert.match(entry, /^oauthClient /)
  assert.match(secret, /^[0-9a-f]{64}$/)
  assert.ok(!first.stderr.includes(secret))
  assert.match(await fetchToken(server.url, clientId, secret), /^eyJ/)
  assert.deepEqual([second.stdout, second.exitCode], ['', 0])
})

test('a mistake in the file applies nothing, and a conflict says which line', async (t) => {
  const { apply } = await startForApply(t)
  await apply({ tenant: { name: 'acme', vanityDomain: 'iga.acme.test' } })

  const mistake = await apply({ tenant: { name: 'globex' }, oauthClients: [{ nmae: 'x' }] })
  const conflict = await apply({ tenant: { name: 'initech', vanityDomain: 'iga.acme.test' } })

  assert.equal(mistake.exitCode, 2)
  assert.match(mistake.stderr, /^\S+tenant\.json:1: oauthClients\[0\]\.nmae: is not a known key; did you mean name\?$/m)
  assert.equal(conflict.exitCode, 1)
  assert.match(conflict.stderr, /^\S+tenant\.json:1: tenant: .*taken/m)
})
