import assert from 'node:assert/strict'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registerApply } from '../../src/cli/installation/apply.ts'
import { runCommandLine } from './command-line.ts'
import type { Owner } from './test-database.ts'
import { startTestServer, type TestServer } from './test-server.ts'

const sampleDocument = join(import.meta.dirname, '..', '..', 'examples', 'sample.openapi.yaml')

/** A server at the very address that it calls its own, with the tenant of this file, which may name the sample document. */
export async function startServedTenant(owner: Owner, tenantFile: object): Promise<TestServer> {
  const server = await startTestServer(owner)
  const data = server.env['SALLYPORT_DATA_DIR'] ?? ''
  const file = join(data, 'tenant.json')
  copyFileSync(sampleDocument, join(data, 'sample.openapi.yaml'))
  writeFileSync(file, JSON.stringify(tenantFile))
  const { exitCode, stderr } = await runCommandLine(registerApply, ['apply', '-f', file], server)
  assert.equal(exitCode, 0, stderr)
  await server.installation.changes.catchUp()
  return server
}
