import { type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres | undefined

/** Before any test file: starts the PostgreSQL that all of them share when `TEST_DATABASE=postgres`. */
export async function globalSetup(): Promise<void> {
  if (process.env['TEST_DATABASE'] !== 'postgres') return
  try {
    postgres = await startPostgres()
    process.env['TEST_POSTGRES_URL'] = postgres.adminUrl
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

/** After the last test file: stops it. */
export async function globalTeardown(): Promise<void> {
  await postgres?.stop()
}
