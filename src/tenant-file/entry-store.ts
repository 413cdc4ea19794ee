import type { Database, Tx } from '../database/schema.ts'

/** What is remembered of an entry that was applied. */
export interface AppliedEntry {
  digest: string
  /** The id of what the entry made; empty where its name is its id. */
  subject: string
}

const NEVER_APPLIED = ''

export async function listAppliedEntries(db: Database, tenantId: string): Promise<Map<string, AppliedEntry>> {
  const rows = await db
    .selectFrom('tenant_file_entry')
    .select(['entry', 'digest', 'subject'])
    .where('tenant_id', '=', tenantId)
    .execute()
  return new Map(rows.map(({ entry, digest, subject }) => [entry, { digest, subject }]))
}

/**
 * Answers what is remembered of an entry, undefined if it was never applied. Whoever else would apply it waits until
 * the transaction ends.
 */
export async function claimEntry(
  tx: Tx,
  tenantId: string,
  { entry, nowMs }: { entry: string; nowMs: number },
): Promise<AppliedEntry | undefined> {
  const { digest, subject } = await tx
    .insertInto('tenant_file_entry')
    .values({ tenant_id: tenantId, entry, digest: NEVER_APPLIED, subject: '', applied_at: nowMs })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'entry']).doUpdateSet({ applied_at: nowMs }))
    .returning(['digest', 'subject'])
    .executeTakeFirstOrThrow()
  return digest === NEVER_APPLIED ? undefined : { digest, subject }
}

/** Remembers an entry that was claimed. */
export async function recordAppliedEntry(
  tx: Tx,
  tenantId: string,
  { entry, digest, subject }: AppliedEntry & { entry: string },
): Promise<void> {
  await tx
    .updateTable('tenant_file_entry')
    .set({ digest, subject })
    .where('tenant_id', '=', tenantId)
    .where('entry', '=', entry)
    .execute()
}
