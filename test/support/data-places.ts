import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { OperatorError } from '../../src/errors.ts'
import { type InstallationOptions, openInstallation } from '../../src/installation.ts'
import { createTenant, newTenantId } from '../../src/tenants/manage.ts'
import { onEnd } from './on-end.ts'

/** A data directory of a test's own, and what opens it. */
export interface Place {
  data: string
  options: InstallationOptions
}

/** A data directory with nothing in it, for an installation on SQLite; removed when the test ends. */
export function emptyPlace(t: TestContext): Place {
  const data = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  onEnd(t, () => rmSync(data, { recursive: true, force: true }))
  const masterKeyFile = join(data, 'master.key')
  return {
    data,
    options: { data, masterKeyFile, databasePoolSize: 2, databaseStatementTimeoutMs: 5000, maxStalenessMs: 5000 },
  }
}

/** A closed installation on SQLite with one tenant in it. */
export async function installedPlace(t: TestContext): Promise<Place> {
  const place = emptyPlace(t)
  const installation = await openInstallation(place.options)
  const ctx = installation.contextFor(newTenantId(), { kind: 'operator', id: 'test' })
  await installation.changes.write(ctx, (tx) => createTenant(tx, ctx, { name: 'acme' }))
  await installation.close()
  return place
}

/** The one line in which opening a place is refused. */
export async function refusalOf({ options }: Place): Promise<string> {
  const error = await openInstallation(options).then(
    (installation) => installation.close(),
    (refusal: unknown) => refusal,
  )
  assert.ok(error instanceof OperatorError, String(error))
  assert.equal(error.problems.length, 1)
  return error.message
}

/** Makes the marker of a data directory say something else. */
export function rewriteMarker(data: string, change: object): void {
  const file = join(data, 'instance.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }))
}
