import { hash } from 'node:crypto'
import {
  type Dialect,
  type Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  type PostgresPool,
  type PostgresPoolClient,
  PostgresQueryCompiler,
} from 'kysely'
import pg from 'pg'
import { isPassing } from './passing-statement.ts'

export interface PostgresOptions {
  url: string
  poolSize: number
  statementTimeoutMs: number
  /** A role to change to on every connection, where the login role could bypass row-level security. */
  role?: string | undefined
}

const BIGINT_OID = 20
const CONNECT_TIMEOUT_MS = 2000
/** How long past its timeout a statement is waited for: a server that cannot be reached does not say that it gave up. */
const SILENCE_MS = 1000

/** Opens a bounded pool; bigints come back as numbers (ours stay below 2^53). */
export function openPostgresPool(options: PostgresOptions): pg.Pool {
  const types = new pg.TypeOverrides()
  types.setTypeParser(BIGINT_OID, Number)
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + SILENCE_MS,
    keepAlive: true,
    idle_in_transaction_session_timeout: options.statementTimeoutMs * 2,
    types,
    ...(options.role && { options: `-c role=${options.role}` }),
  })
  // An idle connection that the server closes is replaced at its next use; nobody is waiting on it.
  pool.on('error', () => {})
  return pool
}

/**
 * Kysely over the pool, with every connection bound to `tenantId` before its first statement; without one, to no
 * tenant, for which row-level security shows no rows. Statements are named, so PostgreSQL plans each once.
 */
export function postgresDialect(pool: pg.Pool, tenantId?: string): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver({ pool: new BoundPool(pool, tenantId ?? '') }),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db: Kysely<never>) => new PostgresIntrospector(db),
  }
}

/** The tenant each pooled connection is bound to at present. */
const boundTenant = Symbol('bound tenant')
type BindableClient = pg.PoolClient & { [boundTenant]?: string | undefined }

/** Lends the connections of a shared pool, which outlives it, bound to one tenant. */
class BoundPool implements PostgresPool {
  readonly options: pg.PoolOptions
  readonly #pool: pg.Pool
  readonly #tenantId: string
  readonly #lent = new WeakMap<pg.PoolClient, PostgresPoolClient>()

  constructor(pool: pg.Pool, tenantId: string) {
    this.options = pool.options
    this.#pool = pool
    this.#tenantId = tenantId
  }

  async connect(): Promise<PostgresPoolClient> {
    const client: BindableClient = await this.#pool.connect()
    if (client[boundTenant] !== this.#tenantId) await this.#bind(client)
    let lent = this.#lent.get(client)
    if (!lent) this.#lent.set(client, (lent = withNamedStatements(client)))
    return lent
  }

  async end(): Promise<void> {}

  async #bind(client: BindableClient): Promise<void> {
    client[boundTenant] = undefined
    try {
      await client.query("select set_config('app.tenant', $1, false)", [this.#tenantId])
    } catch (error) {
      client.release(true)
      throw error
    }
    client[boundTenant] = this.#tenantId
  }
}

/** After these the server closes the connection: connection errors, an idle transaction's end, shutdowns, breakdowns. */
const LAST_WORDS = /^(?:08|25P03|57P|58|XX)/

/** True when a statement failed and its connection is as good as before. */
const isRefusal = (error: unknown): boolean => error instanceof pg.DatabaseError && !LAST_WORDS.test(error.code ?? '')

/**
 * A statement has a name by its text, so that each connection prepares it once, unless it is passing. A connection that broke, or left a
 * statement unanswered, is not lent again: it may be in the middle of anything.
 */
function withNamedStatements(client: pg.PoolClient): PostgresPoolClient {
  let isLost = false
  const lent = {
    query: async (text: string, values: readonly unknown[]) => {
      if (isLost) throw new Error('Connection terminated: an earlier statement lost it')
      try {
        return await client.query({ ...(!isPassing(text) && { name: statementName(text) }), text, values: [...values] })
      } catch (error) {
        isLost = !isRefusal(error)
        throw error
      }
    },
    release: (destroy?: boolean) => client.release(destroy === true || isLost),
  }
  return lent as unknown as PostgresPoolClient // Kysely's type also lists cursors, which nothing here uses.
}

const statementName = (text: string): string => hash('sha256', text).slice(0, 40)
