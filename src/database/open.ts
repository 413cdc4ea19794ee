import { boundedCache } from '../bounded-cache.ts'
import { Kysely, type LogConfig } from 'kysely'
import type pg from 'pg'
import { OperatorError } from '../errors.ts'
import { migrate } from './migrate.ts'
import { GroupedWrites, type Written } from './grouped-writes.ts'
import type { PostgresSettings } from './postgres-role.ts'
import type { Database, Directory, DirectorySchema, Schema, Tx } from './schema.ts'
import { openSqliteFile, type SqliteFile, sqliteDialect } from './sqlite.ts'
import { SqliteWriteQueue, type Synchronous } from './sqlite-write-queue.ts'
import { WriteAheadLog } from './write-ahead-log.ts'
import { writeTransaction } from './write-transaction.ts'

/** An open database: the directory of tenants, and a handle bound to each tenant. */
export interface DatabaseHandle {
  readonly dialect: 'sqlite' | 'postgres'
  readonly directory: Directory
  /** The database as one tenant sees it. On PostgreSQL other tenants' rows do not exist for it. */
  readonly forTenant: (tenantId: string) => Database
  /** Runs a write that stands by itself, together with those of the same moment. Wait for its `onDisk` before an answer. */
  readonly writeSmall: <Value>(db: Database, run: (tx: Tx) => Promise<Value>) => Promise<Written<Value>>
  close(): Promise<void>
}

/**
 * Opens and migrates a SQLite file. `log` sees every statement.
 * @throws OperatorError when SQLite cannot use the file.
 */
export async function openSqlite(path: string, log?: LogConfig): Promise<DatabaseHandle> {
  const file = openFile(path)
  const queue = new SqliteWriteQueue(file.writer)
  const kysely = (synchronous: Synchronous): Kysely<Schema> =>
    new Kysely<Schema>({ dialect: sqliteDialect(file, { queue, synchronous }), ...(log && { log }) })
  const db = kysely('FULL')
  try {
    await migrate(db as unknown as Kysely<never>, 'sqlite')
  } catch (error) {
    await db.destroy()
    throw error
  }
  const writeAheadLog = new WriteAheadLog(path)
  const writes = new GroupedWrites(kysely('NORMAL'), () => writeAheadLog.sync())
  return {
    dialect: 'sqlite',
    directory: db as unknown as Directory,
    forTenant: () => db,
    writeSmall: (_db, run) => writes.run(run),
    close: async () => {
      await writeAheadLog.close()
      await db.destroy()
    },
  }
}

function openFile(path: string): SqliteFile {
  try {
    return openSqliteFile(path)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error'
    throw new OperatorError(
      `SQLite cannot use ${path} (${why}). Check that its directory is writable, or restore it from a backup.`,
      { cause: error },
    )
  }
}

const TENANT_HANDLES_MAX = 1000

/**
 * Opens and migrates a PostgreSQL database, and binds every later statement by row-level security.
 * @throws OperatorError when the login could bypass row-level security and cannot be changed to one that cannot.
 */
export async function openPostgres(settings: PostgresSettings, log?: LogConfig): Promise<DatabaseHandle> {
  // pg costs memory and start-up time that an embedded install need not pay.
  const [{ openPostgresPool, postgresDialect }, { prepareRole }] = await Promise.all([
    import('./postgres.ts'),
    import('./postgres-role.ts'),
  ])
  const role = await prepareRole(settings)
  const pool: pg.Pool = openPostgresPool({ ...settings, role })
  const logging = log && { log }
  const directory = new Kysely<DirectorySchema>({ dialect: postgresDialect(pool), ...logging })
  const handles = boundedCache<string, Database>(TENANT_HANDLES_MAX)
  return {
    dialect: 'postgres',
    directory,
    forTenant(tenantId) {
      let handle = handles.get(tenantId)
      if (!handle) {
        handle = new Kysely<Schema>({ dialect: postgresDialect(pool, tenantId), ...logging })
        handles.set(tenantId, handle)
      }
      return handle
    },
    // PostgreSQL groups the commits of its connections by itself.
    writeSmall: async (db, run) => ({ value: await writeTransaction(db, run), onDisk: Promise.resolve() }),
    close: () => pool.end(),
  }
}
