import { type RawBuilder, sql } from 'kysely'
import type { Database, Directory } from '../database/schema.ts'

export interface CutOffRow {
  tenant_id: string
  kind: string
  subject: string
  seq: number
  recorded_at: number
}

/** Every cut-off recorded after `sinceMs`, in commit order. */
export function findCutOffs(directory: Directory, sinceMs: number): Promise<CutOffRow[]> {
  return directory
    .selectFrom('change_log')
    .select(['tenant_id', 'kind', 'subject', 'seq', 'recorded_at'])
    .where('is_cut_off', '=', 1)
    .where('recorded_at', '>', sinceMs)
    .orderBy('seq')
    .execute()
}

/**
 * True in SQL when one of these subjects was cut off after `position`, which may be a column: for a statement that must
 * decide and write at once. Whole keys are looked up, so however many cut-offs a tenant has, it takes no longer.
 */
export function cutOffSince(
  tenantId: string,
  subjects: readonly { kind: string; subject: string }[],
  position: number | RawBuilder<number>,
): RawBuilder<boolean> {
  const keys = sql.join(subjects.map(({ kind, subject }) => sql`(${kind}, ${subject})`))
  return sql`exists (
    select 1 from "cut_off" where "tenant_id" = ${tenantId} and ("kind", "subject") in (values ${keys})
      and "position" > ${position})`
}

/** True when `condition` holds. */
export async function hasCutOff(db: Database, condition: RawBuilder<boolean>): Promise<boolean> {
  const { rows } = await sql`select 1 where ${condition}`.execute(db)
  return rows.length > 0
}
