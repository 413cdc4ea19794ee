import SQLite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'

/** Opens a SQLite file so that a commit survives a power cut (WAL with `synchronous=FULL`). */
export function openSqliteFile(path: string): SQLite.Database {
  const sqlite = new SQLite(path, { timeout: 5000 })
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('wal_autocheckpoint = 4000')
  return sqlite
}

/** Kysely over one better-sqlite3 connection: statements are prepared once, transactions begin IMMEDIATE. */
export function sqliteDialect(sqlite: SQLite.Database): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => new SqliteDriver(sqlite),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db: Kysely<never>): DatabaseIntrospector => new SqliteIntrospector(db),
  }
}

/** SQLite rolls DDL back like anything else; saying so makes the migrator use one transaction for all steps. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class SqliteDriver implements Driver {
  readonly #sqlite: SQLite.Database
  readonly #connection: SqliteConnection
  #queue: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined

  constructor(sqlite: SQLite.Database) {
    this.#sqlite = sqlite
    this.#connection = new SqliteConnection(sqlite)
  }

  async init(): Promise<void> {}

  /** There is one connection; whoever asks waits for those before. */
  async acquireConnection(): Promise<DatabaseConnection> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const previous = this.#queue
    this.#queue = promise
    await previous
    this.#release = resolve
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#release?.()
  }

  /** A plain BEGIN would fail with SQLITE_BUSY at the first write after another process committed. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A failed statement may have ended the transaction already (disk full, for one).
    if (this.#sqlite.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async destroy(): Promise<void> {
    this.#sqlite.close()
  }
}

const PREPARED_STATEMENTS_MAX = 500

class SqliteConnection implements DatabaseConnection {
  readonly #sqlite: SQLite.Database
  readonly #prepared = new Map<string, SQLite.Statement>()

  constructor(sqlite: SQLite.Database) {
    this.#sqlite = sqlite
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.#prepare(query.sql)
    if (statement.reader) return { rows: statement.all(query.parameters as unknown[]) as R[] }
    const { changes, lastInsertRowid } = statement.run(query.parameters as unknown[])
    return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] }
  }

  // biome-ignore lint: the interface asks for a generator; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not used on SQLite.')
  }

  #prepare(sql: string): SQLite.Statement {
    const known = this.#prepared.get(sql)
    if (known) return known
    const statement = this.#sqlite.prepare(sql)
    if (this.#prepared.size >= PREPARED_STATEMENTS_MAX) this.#prepared.clear()
    this.#prepared.set(sql, statement)
    return statement
  }
}
