import type { Database, Tx } from '../database/schema.ts'

export interface ResetRow {
  tenantId: string
  digest: string
  identityId: string
  createdAtMs: number
  expiresAtMs: number
}

/** How many links an identity was sent after `sinceMs`. */
export async function countResets(
  tx: Tx,
  tenantId: string,
  { identityId, sinceMs }: { identityId: string; sinceMs: number },
): Promise<number> {
  const { count } = await tx
    .selectFrom('password_reset')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .where('created_at', '>', sinceMs)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Adds a link and ends those that were sent to the same identity before; forgets what is older than `forgetMs`. */
export async function replaceReset(tx: Tx, row: ResetRow, forgetMs: number): Promise<void> {
  const { tenantId, digest, identityId, createdAtMs, expiresAtMs } = row
  await tx
    .deleteFrom('password_reset')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .where('created_at', '<=', forgetMs)
    .execute()
  await endResets(tx, tenantId, { identityId, nowMs: createdAtMs })
  await tx
    .insertInto('password_reset')
    .values({
      tenant_id: tenantId,
      digest,
      identity_id: identityId,
      created_at: createdAtMs,
      expires_at: expiresAtMs,
      used_at: null,
    })
    .execute()
}

/** Ends every link that was sent to an identity. */
export async function endResets(
  tx: Tx,
  tenantId: string,
  { identityId, nowMs }: { identityId: string; nowMs: number },
): Promise<void> {
  await tx
    .updateTable('password_reset')
    .set({ used_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .where('used_at', 'is', null)
    .execute()
}

/** Whose link this is, while it can be used. */
export async function findReset(
  db: Database,
  tenantId: string,
  { digest, nowMs }: { digest: string; nowMs: number },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('password_reset')
    .select('identity_id')
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst()
  return row?.identity_id
}

/** Uses a link up in one conditional statement; false when it was used, replaced or has expired. */
export async function markResetUsed(
  tx: Tx,
  tenantId: string,
  { digest, nowMs }: { digest: string; nowMs: number },
): Promise<boolean> {
  const result = await tx
    .updateTable('password_reset')
    .set({ used_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
