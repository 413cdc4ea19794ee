import type { Directory } from '../database/schema.ts'

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
