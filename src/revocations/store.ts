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

/** True when one of these subjects has a cut-off above `position`. */
export async function hasCutOffAbove(
  db: Database,
  tenantId: string,
  { subjects, position }: { subjects: readonly { kind: string; subject: string }[]; position: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('cut_off')
    .select('position')
    .where('tenant_id', '=', tenantId)
    .where('position', '>', position)
    .where((eb) =>
      eb.or(subjects.map(({ kind, subject }) => eb.and([eb('kind', '=', kind), eb('subject', '=', subject)]))),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
