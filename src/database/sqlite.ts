import SQLite from 'better-sqlite3'
import {
  type CompiledQuery,
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
import { isPassing } from './passing-statement.ts'
import { SQLITE_APPLICATION_ID } from './sqlite-file.ts'
import type { SqliteWriteQueue, Synchronous } from './sqlite-write-queue.ts'

const BUSY_MS = 5000

/** A SQLite file that is open twice: reads never wait for a transaction, and never see one that is under way. */
export interface SqliteFile {
  readonly reader: SQLite.Database
  readonly writer: SQLite.Database
}

/** Opens a SQLite file, or makes it, so that a commit survives a power cut (WAL with `synchronous=FULL`). */
export function openSqliteFile(path: string): SqliteFile {
  const writer = new SQLite(path, { timeout: BUSY_MS })
  try {
    if (writer.pragma('page_count', { simple: true }) === 0) writer.pragma(`application_id = ${SQLITE_APPLICATION_ID}`)
    writer.pragma('journal_mode = WAL')
    writer.pragma('synchronous = FULL')
    writer.pragma('foreign_keys = ON')
    writer.pragma('wal_autocheckpoint = 4000')
    const reader = new SQLite(path, { readonly: true, timeout: BUSY_MS })
    for (const connection of [writer, reader]) connection.function('fold', { deterministic: true }, foldText)
    // From here on SqliteWriteQueue waits for other processes, because SQLite would stop the event loop meanwhile.
    writer.pragma('busy_timeout = 0')
    return { reader, writer }
  } catch (error) {
    writer.close()
    throw error
  }
}

/** SQLite's own `upper` knows ASCII alone. */
const foldText = (text: unknown): unknown => (typeof text === 'string' ? text.toUpperCase() : null)

/** How the transactions of a dialect come to the file. */
export interface SqliteWriting {
  /** The one queue of this file and process. */
  queue: SqliteWriteQueue
  synchronous: Synchronous
}

/** Kysely over an open file: statements are prepared once, and transactions take turns. */
export function sqliteDialect(file: SqliteFile, writing: SqliteWriting): Dialect {
  return {
    createAdapter: () => new TurnTakingAdapter(),
    createDriver: () => new SqliteDriver(file, writing),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db: Kysely<never>): DatabaseIntrospector => new SqliteIntrospector(db),
  }
}

class TurnTakingAdapter extends SqliteAdapter {
  /** The driver makes writers wait for each other; readers need not. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** SQLite rolls DDL back like anything else; saying so makes the migrator use one transaction for all steps. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class SqliteDriver implements Driver {
  readonly #file: SqliteFile
  readonly #reads: PreparedStatements
  readonly #writes: PreparedStatements
  readonly #queue: SqliteWriteQueue
  readonly #synchronous: Synchronous

  constructor(file: SqliteFile, { queue, synchronous }: SqliteWriting) {
    this.#file = file
    this.#reads = new PreparedStatements(file.reader)
    this.#writes = new PreparedStatements(file.writer)
    this.#queue = queue
    this.#synchronous = synchronous
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#reads, this.#writes, this.#queue)
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await this.#queue.begin(this.#synchronous)
    connection.isInTransaction = true
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    this.#queue.commit()
    connection.isInTransaction = false
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.isInTransaction = false
    this.#queue.rollback()
  }

  async destroy(): Promise<void> {
    this.#file.reader.close()
    this.#file.writer.close()
  }
}

/** What Kysely borrows for one query or one transaction. */
class SqliteConnection implements DatabaseConnection {
  isInTransaction = false
  readonly #reads: PreparedStatements
  readonly #writes: PreparedStatements
  readonly #queue: SqliteWriteQueue

  constructor(reads: PreparedStatements, writes: PreparedStatements, queue: SqliteWriteQueue) {
    this.#reads = reads
    this.#writes = writes
    this.#queue = queue
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.isInTransaction) return run(this.#writes.get(query.sql), query)
    const read = this.#reads.get(query.sql)
    return read.readonly ? run(read, query) : this.#write(query)
  }

  // biome-ignore lint: the interface asks for a generator; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not used on SQLite.')
  }

  async #write<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await this.#queue.begin()
    try {
      const result = run<R>(this.#writes.get(query.sql), query)
      this.#queue.commit()
      return result
    } catch (error) {
      this.#queue.rollback()
      throw error
    }
  }
}

function run<R>(statement: SQLite.Statement, { parameters }: CompiledQuery): QueryResult<R> {
  if (statement.reader) return { rows: statement.all(parameters) as R[] }
  const { changes, lastInsertRowid } = statement.run(parameters)
  return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] }
}

const PREPARED_STATEMENTS_MAX = 500

class PreparedStatements {
  readonly #sqlite: SQLite.Database
  readonly #known = new Map<string, SQLite.Statement>()

  constructor(sqlite: SQLite.Database) {
    this.#sqlite = sqlite
  }

  get(sql: string): SQLite.Statement {
    const known = this.#known.get(sql)
    if (known) return known
    const statement = this.#sqlite.prepare(sql)
    if (isPassing(sql)) return statement
    if (this.#known.size >= PREPARED_STATEMENTS_MAX) this.#known.clear()
    this.#known.set(sql, statement)
    return statement
  }
}
