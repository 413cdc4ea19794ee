import type { Database, Tx } from '../database/schema.ts'

interface DocumentKey {
  tenantId: string
  name: string
}

export async function findDocument(db: Database, { tenantId, name }: DocumentKey): Promise<string | undefined> {
  const row = await db
    .selectFrom('tenant_document')
    .select('document')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.document
}

/** The document, made now if there is none, which no other transaction changes until this one ends. */
export async function lockDocument(
  tx: Tx,
  { tenantId, name }: DocumentKey,
  made: { document: string; nowMs: number },
): Promise<string> {
  const { document } = await tx
    .insertInto('tenant_document')
    .values({ tenant_id: tenantId, name, document: made.document, modified_at: made.nowMs })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet({ modified_at: made.nowMs }))
    .returning('document')
    .executeTakeFirstOrThrow()
  return document
}

export async function saveDocument(tx: Tx, { tenantId, name }: DocumentKey, document: string): Promise<void> {
  await tx
    .updateTable('tenant_document')
    .set({ document })
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .execute()
}
