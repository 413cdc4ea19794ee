import { type Kysely, PostgresAdapter } from 'kysely'
import type { Dialect } from './columns.ts'

/** The dialect that a handle, or a transaction of it, speaks: for the few statements that must be spelled for each. */
export function dialectOf<Tables>(db: Kysely<Tables>): Dialect {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}
