import { join } from 'node:path'
import type { InstallationOptions } from '../../src/installation.ts'
import { type Owner, onEnd } from './on-end.ts'
import { temporaryDirectory } from './temporary-directory.ts'

export type { Owner } from './on-end.ts'

export const isPostgres = process.env['TEST_DATABASE'] === 'postgres'

/** The database of the shared PostgreSQL that every migration was applied to, and nothing else. */
export const MIGRATED = 'migrated'

/**
 * What opens an empty installation of the test's own, on the database that this run is for. `isMigrated` leaves out of
 * the test how the tables come to be: making them takes PostgreSQL longer than copying a database that has them.
 */
export async function testInstallationOptions(
  t: Owner,
  { isMigrated = false }: { isMigrated?: boolean } = {},
): Promise<InstallationOptions> {
  const data = temporaryDirectory(t)
  const base = {
    data,
    databasePoolSize: 5,
    databaseStatementTimeoutMs: 10_000,
    masterKeyFile: join(data, 'master.key'),
    maxStalenessMs: 5000,
  }
  const adminUrl = process.env['TEST_POSTGRES_URL']
  if (!isPostgres || adminUrl === undefined) return base
  const { createDatabase } = await import('./postgres.ts') // Runs on SQLite do without loading its client.
  const { url, migrationUrl, drop } = await createDatabase(adminUrl, isMigrated ? { template: MIGRATED } : {})
  onEnd(t, drop)
  return { ...base, databaseUrl: url, migrationUrl }
}
