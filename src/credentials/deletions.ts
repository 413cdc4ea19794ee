import type { Database, Tx } from '../database/schema.ts'

/** True when the id belonged to a credential that was deleted: it is never given out again. */
export async function isDeletedCredential(db: Database, tenantId: string, credentialId: string): Promise<boolean> {
  const row = await db
    .selectFrom('deleted_credential')
    .select('deleted_at')
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps the id of a deleted credential as evidence. */
export async function markCredentialDeleted(
  tx: Tx,
  tenantId: string,
  credentialId: string,
  nowMs: number,
): Promise<void> {
  await tx
    .insertInto('deleted_credential')
    .values({ tenant_id: tenantId, credential_id: credentialId, deleted_at: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Forgets that a credential was deleted; only a reset asks for it. */
export async function unmarkCredentialDeleted(tx: Tx, tenantId: string, credentialId: string): Promise<void> {
  await tx
    .deleteFrom('deleted_credential')
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .execute()
}
