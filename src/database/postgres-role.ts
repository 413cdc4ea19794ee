import { Kysely } from 'kysely'
import type pg from 'pg'
import { OperatorError } from '../errors.ts'
import { migrate } from './migrate.ts'
import { openPostgresPool, postgresDialect } from './postgres.ts'
import type { DirectorySchema } from './schema.ts'

/** How to reach PostgreSQL. */
export interface PostgresSettings {
  url: string
  /** A login that may change the schema, where `url` may not. */
  migrationUrl?: string | undefined
  poolSize: number
  statementTimeoutMs: number
}

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
    await migrate(new Kysely<never>({ dialect: postgresDialect(pool) }), 'postgres')
    if (login.isBound) {
      if (settings.migrationUrl) await alone(pool, (client) => grantTables(client, login.name))
      return undefined
    }
    await alone(pool, (client) => prepareSafeRole(client, login))
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw new OperatorError(
      `The role ${login.name} cannot be given its rights (${textOf(error)}). Give --migration-url the owner of the schema.`,
      { cause: error },
    )
  } finally {
    await pool.end()
  }
  await proveSafeRole(settings)
  return SAFE_ROLE
}

interface Login {
  name: string
  isSuperuser: boolean
  /** Row-level security binds it. */
  isBound: boolean
}

async function describeLogin(settings: PostgresSettings): Promise<Login> {
  try {
    const login = await readLogin(settings)
    if (login) return login
  } catch (error) {
    throw new OperatorError(
      `PostgreSQL cannot be reached (${textOf(error)}). Check --database-url and that the server runs.`,
      { cause: error },
    )
  }
  throw new OperatorError('PostgreSQL does not know the role that the database URL logs in as.')
}

async function readLogin({ url, statementTimeoutMs }: PostgresSettings, role?: string): Promise<Login | undefined> {
  const pool = openPostgresPool({ url, poolSize: 1, statementTimeoutMs, role })
  try {
    const { rows } = await pool.query<Login>(
      `select rolname as name, rolsuper as "isSuperuser", not (rolsuper or rolbypassrls) as "isBound"
       from pg_roles where rolname = current_user`,
    )
    return rows[0]
  } finally {
    await pool.end()
  }
}

/** Nodes that start together would otherwise change the same grants at once, which PostgreSQL refuses. */
async function alone(pool: pg.Pool, run: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query("select pg_advisory_xact_lock(hashtext('sallyport roles'))")
    await run(client)
    await client.query('commit')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function prepareSafeRole(client: pg.PoolClient, login: Login): Promise<void> {
  try {
    const { rows } = await client.query<{ isBound: boolean }>(
      'select not (rolsuper or rolbypassrls) as "isBound" from pg_roles where rolname = $1',
      [SAFE_ROLE],
    )
    if (rows.length === 0) await client.query(`create role ${SAFE_ROLE} nologin nosuperuser nobypassrls`)
    if (!login.isSuperuser) await client.query(`grant ${SAFE_ROLE} to ${quoted(login.name)}`)
  } catch (error) {
    throw noRole(textOf(error), error)
  }
  await grantTables(client, SAFE_ROLE)
}

async function proveSafeRole(settings: PostgresSettings): Promise<void> {
  let login: Login | undefined
  try {
    login = await readLogin(settings, SAFE_ROLE)
  } catch (error) {
    throw noRole(textOf(error), error)
  }
  if (!login?.isBound) throw noRole(`the role ${SAFE_ROLE} may bypass it too`)
}

/** Grants our own tables, those that this release added included; what else lies in the schema is none of our business. */
async function grantTables(client: pg.PoolClient, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_policies where schemaname = current_schema() and policyname = 'tenant'`,
  )
  const tables = [...Object.keys(directoryTables), ...rows.map(({ name }) => name)].map(quoted).join(', ')
  await client.query(`grant select, insert, update, delete on ${tables} to ${quoted(role)}`)
}

const directoryTables = {
  instance: true,
  tenant: true,
  pod_clock: true,
  change_log: true,
} satisfies Record<keyof DirectorySchema, true>

function noRole(why: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `The database login may bypass row-level security, and no safer role can be had: ${why}. ` +
      'Give --database-url a role without SUPERUSER and BYPASSRLS, and --migration-url one that owns the schema.',
    { cause },
  )
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error')
