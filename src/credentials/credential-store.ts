import type { Tx } from '../database/schema.ts'

/** A credential by its kind, which is both its table and what audit events call it, and its id. */
export interface CredentialKey {
  readonly kind: 'oauth_client' | 'personal_access_token'
  readonly id: string
}

/** False when the tenant has no such credential. */
export async function deleteCredentialRow(tx: Tx, tenantId: string, { kind, id }: CredentialKey): Promise<boolean> {
  const result = await tx.deleteFrom(kind).where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows === 1n
}

/** False when the scope is no longer what it was. */
export async function replaceScope(
  tx: Tx,
  tenantId: string,
  { kind, id, from, scope, nowMs }: CredentialKey & { from: string; scope: string; nowMs: number },
): Promise<boolean> {
  const result = await tx
    .updateTable(kind)
    .set({ scope, modified_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('scope', '=', from)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
