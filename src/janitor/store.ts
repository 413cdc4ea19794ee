import { sql } from 'kysely'
import type { Database, Directory } from '../database/schema.ts'

/** Rows of one table that nobody needs once a time of theirs lies behind. */
export interface Expiring {
  readonly table:
    | 'session'
    | 'sign_in_guard'
    | 'password_reset'
    | 'authorization_code'
    | 'refresh_family'
    | 'activity'
    | 'usage_count'
    | 'denial'
    | 'denial_count'
    | 'succession_offer'
    | 'handed_over_secret'
    | 'expiry_notice'
  readonly key: string
  /** A column that an index leads to: the whole table is never read. */
  readonly time: string
}

const ROWS_PER_STATEMENT = 500

/** Deletes some 500 rows whose time lies before `before`, and answers how many there were. */
export async function deleteExpired(
  db: Database,
  tenantId: string,
  { table, key, time, before }: Expiring & { before: number },
): Promise<number> {
  const [name, id, at] = [sql.table(table), sql.ref(key), sql.ref(time)]
  const expired = sql`select ${id} from ${name} where ${sql.ref('tenant_id')} = ${tenantId} and ${at} < ${before}
    limit ${ROWS_PER_STATEMENT}`
  const statement = sql`delete from ${name} where ${sql.ref('tenant_id')} = ${tenantId} and ${id} in (${expired})`
  const result = await statement.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/** When the n-th latest refusal of a tenant happened; undefined when there are fewer. */
export async function findTimeOfNth(db: Database, tenantId: string, n: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('denial')
    .select('refused_at')
    .where('tenant_id', '=', tenantId)
    .orderBy('refused_at', 'desc')
    .offset(n - 1)
    .limit(1)
    .executeTakeFirst()
  return row?.refused_at
}

/** Forgets changes recorded before `beforeMs`: a process that slept longer reads everything anew. */
export async function forgetChanges(directory: Directory, beforeMs: number): Promise<void> {
  await directory.deleteFrom('change_log').where('recorded_at', '<', beforeMs).execute()
}
