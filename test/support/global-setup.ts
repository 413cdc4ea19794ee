import { openPostgres } from '../../src/database/open.ts'
import { createDatabase, type Postgres, startPostgres } from './postgres.ts'
import { MIGRATED } from './test-database.ts'

let postgres: Postgres | undefined

/** Before any test file: starts the PostgreSQL that all of them share when `TEST_DATABASE=postgres`, tables and all. */
export async function globalSetup(): Promise<void> {
  if (process.env['TEST_DATABASE'] !== 'postgres') return
  try {
    postgres = await startPostgres()
    await makeTemplate(postgres.adminUrl)
    process.env['TEST_POSTGRES_URL'] = postgres.adminUrl
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

/** Makes the database that tests get copies of. */
async function makeTemplate(adminUrl: string): Promise<void> {
  const { url, migrationUrl } = await createDatabase(adminUrl, { name: MIGRATED })
  const database = await openPostgres({ url, migrationUrl, poolSize: 1, statementTimeoutMs: 10_000 })
  await database.close()
}

/** After the last test file: stops it. */
export async function globalTeardown(): Promise<void> {
  await postgres?.stop()
}
