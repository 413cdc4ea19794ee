import type { Database, Tx } from '../database/schema.ts'

/** What is remembered of an entry that was applied. */
export interface AppliedEntry {
  digest: string
  /** The id of what the entry made; empty where its name is its id. */
  subject: string
}

export async function listAppliedEntries(db: Database, tenantId: string): Promise<Map<string, AppliedEntry>> {
  const rows = await db
    .selectFrom('tenant_file_entry')
    .select(['entry', 'digest', 'subject'])
    .where('tenant_id', '=', tenantId)
    .execute()
  return new Map(rows.map(({ entry, digest, subject }) => [entry, { digest, subject }]))
}

export async function recordAppliedEntry(
  tx: Tx,
  tenantId: string,
  { entry, digest, subject, nowMs }: AppliedEntry & { entry: string; nowMs: number },
): Promise<void> {
  await tx
    .insertInto('tenant_file_entry')
    .values({ tenant_id: tenantId, entry, digest, subject, applied_at: nowMs })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'entry']).doUpdateSet({ digest, subject, applied_at: nowMs }),
    )
    .execute()
}
