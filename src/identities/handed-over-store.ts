import type { Tx } from '../database/schema.ts'

/** Ends the live secrets that an identity handed over, and answers whose they were. */
export async function retireHandedOverSecrets(
  tx: Tx,
  tenantId: string,
  { formerOwnerId, nowMs }: { formerOwnerId: string; nowMs: number },
): Promise<string[]> {
  const handedOver = await tx
    .deleteFrom('handed_over_secret')
    .where('tenant_id', '=', tenantId)
    .where('former_owner_id', '=', formerOwnerId)
    .returning(['credential_id', 'secret_id'])
    .execute()
  const ended = new Set<string>()
  for (const { credential_id, secret_id } of handedOver) {
    const { numUpdatedRows } = await tx
      .updateTable('credential_secret')
      .set({ retired_at: nowMs })
      .where('tenant_id', '=', tenantId)
      .where('credential_id', '=', credential_id)
      .where('id', '=', secret_id)
      .where('retired_at', '>', nowMs)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) ended.add(credential_id)
  }
  return [...ended]
}
