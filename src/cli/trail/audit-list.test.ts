import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { startServedTenant } from '../../../test/support/served-tenant.ts'
import { share } from '../../../test/support/shared-app.ts'
import { credentialOf, identityIdOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { registerAudit } from './audit.ts'

const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))

function run(who: string, ...args: string[]) {
  const { clientId, clientSecret } = credentialOf('acme', who)
  const env = { SALLYPORT_URL: server().url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
  return runCommandLine(registerAudit, ['audit', 'list', ...args], { env })
}

test('audit list prints a line for each event, the newest first', async () => {
  const { stdout, exitCode } = await run('ada', '--action', 'identity.', '--limit', '3')

  const lines = stdout.trimEnd().split('\n')
  const positions = lines.map((line) => Number(line.split('\t')[0]))
  assert.equal(exitCode, 0)
  assert.equal(lines.length, 3)
  assert.deepEqual(
    positions,
    positions.toSorted((a, b) => b - a),
  )
  for (const line of lines)
    assert.match(line, /\tidentity\.\w+\tidentity [0-9a-f]{32}\tby tenant_file \S+\tsuccess\t\{/)
})

test('audit list finds the events of one target, as JSON too', async () => {
  const target = identityIdOf('acme', 'ada')

  const { stdout } = await run('ada', '--target', target, '--filters', 'outcome eq "success"', '--json')

  const events = JSON.parse(stdout)
  assert.ok(events.length > 0)
  assert.ok(events.every((event: { target: { id: string } }) => event.target.id === target))
})

test('what could break out of a filter is a mistake on the command line', async () => {
  assert.equal((await run('ada', '--target', '" or action sw "')).exitCode, 2)
})

test('whoever may not read the audit trail is told so', async () => {
  assert.equal((await run('paul')).exitCode, 5)
})
