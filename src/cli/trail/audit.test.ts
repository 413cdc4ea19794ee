import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { openTestInstallation } from '../../../test/support/test-installation.ts'
import { registerAudit } from './audit.ts'
import { exitCodes } from '../terminal/exit-codes.ts'

/** An installation with two tenants, and how its audit trails are verified from the command line. */
async function installWithTenants(t: TestContext) {
  const { options, database, makeTenant } = await openTestInstallation(t)
  const acme = await makeTenant('acme')
  await makeTenant('globex')
  const env = {
    SALLYPORT_DATA_DIR: options.data,
    ...(options.databaseUrl && { SALLYPORT_DATABASE_URL: options.databaseUrl }),
    ...(options.migrationUrl && { SALLYPORT_MIGRATION_URL: options.migrationUrl }),
  }
  const verify = (...flags: string[]) => runCommandLine(registerAudit, ['audit', 'verify', ...flags], { env })
  return { database, tenantId: acme().tenantId, verify }
}

test('whole audit trails are said to be whole, with 0', async (t) => {
  const { verify } = await installWithTenants(t)

  const { stdout, exitCode } = await verify()

  assert.equal(stdout, 'acme\twhole, 1 event\nglobex\twhole, 1 event\n')
  assert.equal(exitCode, exitCodes.ok)
})

test('an event that was altered breaks its trail, and the exit code says so', async (t) => {
  const { database, tenantId, verify } = await installWithTenants(t)
  await database
    .forTenant(tenantId)
    .updateTable('audit_event')
    .set({ actor_id: 'somebody else' })
    .where('tenant_id', '=', tenantId)
    .execute()

  const rows = await verify()
  const json = await verify('--json')

  assert.equal(rows.stdout, 'acme\tBROKEN at event 1\nglobex\twhole, 1 event\n')
  assert.deepEqual([rows.exitCode, json.exitCode], [exitCodes.no, exitCodes.no])
  assert.deepEqual(JSON.parse(json.stdout), [
    { tenant: 'acme', events: 0, brokenAt: 1 },
    { tenant: 'globex', events: 1, brokenAt: null },
  ])
})
