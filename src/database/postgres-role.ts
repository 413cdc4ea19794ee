import { Kysely } from 'kysely'
import type pg from 'pg'
import { OperatorError } from '../errors.ts'
import { migrate } from './migrate.ts'
import type { PostgresSettings } from './open.ts'
import { openPostgresPool, postgresDialect } from './postgres.ts'

/** The role Sallyport changes to where it is given a login that could bypass row-level security. */
const SAFE_ROLE = 'sallyport_app'
const MIGRATION_TIMEOUT_MS = 600_000

/**
 * Migrates the schema and makes sure that everyday statements run as a role bound by row-level security.
 * Answers the role to change to on each connection, or undefined when the login itself is bound.
 * @throws OperatorError when the server cannot be reached, or no such role can be had.
 */
export async function prepareRole(settings: PostgresSettings): Promise<string | undefined> {
  const login = await describeLogin(settings)
  const url = settings.migrationUrl ?? settings.url
  const pool = openPostgresPool({ url, poolSize: 2, statementTimeoutMs: MIGRATION_TIMEOUT_MS })
  try {
    const db = new Kysely<never>({ dialect: postgresDialect(pool) })
    await migrate(db, 'postgres')
    if (login.isBound) {
      if (settings.migrationUrl) await grantTables(pool, login.name)
      return undefined
    }
    await createSafeRole(pool)
    await grantTables(pool, SAFE_ROLE)
    return SAFE_ROLE
  } finally {
    await pool.end()
  }
}

async function describeLogin(settings: PostgresSettings): Promise<{ name: string; isBound: boolean }> {
  const pool = openPostgresPool({ url: settings.url, poolSize: 1, statementTimeoutMs: settings.statementTimeoutMs })
  try {
    const { rows } = await pool.query<{ name: string; isBound: boolean }>(
      'select rolname as name, not (rolsuper or rolbypassrls) as "isBound" from pg_roles where rolname = current_user',
    )
    const [login] = rows
    if (!login) throw new OperatorError('PostgreSQL does not know the role that the database URL logs in as.')
    return login
  } catch (error) {
    if (error instanceof OperatorError) throw error
    const why = error instanceof Error ? error.message : 'unknown error'
    throw new OperatorError(`PostgreSQL cannot be reached (${why}). Check --database-url and that the server runs.`, {
      cause: error,
    })
  } finally {
    await pool.end()
  }
}

async function createSafeRole(pool: pg.Pool): Promise<void> {
  try {
    await pool.query(`do $$ begin
      if not exists (select from pg_roles where rolname = '${SAFE_ROLE}') then
        create role ${SAFE_ROLE} nologin nosuperuser nobypassrls;
      end if;
    exception when duplicate_object or unique_violation then null; -- another node was quicker
    end $$`)
    const { rows } = await pool.query(
      `select from pg_roles where rolname = '${SAFE_ROLE}' and not (rolsuper or rolbypassrls)`,
    )
    if (rows.length === 0) throw new Error(`the role ${SAFE_ROLE} exists and may bypass row-level security`)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error'
    throw new OperatorError(
      `The database login may bypass row-level security, and no safer role can be had: ${why}. ` +
        'Give --database-url a role without SUPERUSER and BYPASSRLS, and --migration-url one that owns the schema.',
      { cause: error },
    )
  }
}

async function grantTables(pool: pg.Pool, role: string): Promise<void> {
  const name = `"${role.replaceAll('"', '""')}"`
  await pool.query(`grant usage on schema public to ${name}`)
  await pool.query(`grant select, insert, update, delete on all tables in schema public to ${name}`)
}
