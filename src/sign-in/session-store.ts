import type { Database, SessionRow, Tx } from '../database/schema.ts'

export function findSessionRow(db: Database, tenantId: string, digest: string): Promise<SessionRow | undefined> {
  return db
    .selectFrom('session')
    .select(['tenant_id', 'digest', 'identity_id', 'authenticated_at', 'last_seen_at', 'idle_ms', 'expires_at'])
    .select(['is_remembered', 'issued_position'])
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .executeTakeFirst()
}

export async function insertSessionRow(tx: Tx, row: SessionRow): Promise<void> {
  await tx.insertInto('session').values(row).execute()
}

export async function touchSessionRow(
  db: Database,
  tenantId: string,
  { digest, nowMs }: { digest: string; nowMs: number },
): Promise<void> {
  await db
    .updateTable('session')
    .set({ last_seen_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .where('last_seen_at', '<', nowMs)
    .execute()
}

/** The identity whose session it was; undefined when there was none. */
export async function deleteSessionRow(tx: Tx, tenantId: string, digest: string): Promise<string | undefined> {
  const row = await tx
    .deleteFrom('session')
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .returning('identity_id')
    .executeTakeFirst()
  return row?.identity_id
}

/** Removes the sessions of an identity that ended by themselves. */
export async function deleteDeadSessionRows(
  tx: Tx,
  tenantId: string,
  { identityId, nowMs }: { identityId: string; nowMs: number },
): Promise<void> {
  await tx
    .deleteFrom('session')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .where((eb) => eb.or([eb('expires_at', '<=', nowMs), eb(eb('last_seen_at', '+', eb.ref('idle_ms')), '<=', nowMs)]))
    .execute()
}

export async function deleteSessionRowsOf(tx: Tx, tenantId: string, identityId: string): Promise<void> {
  await tx.deleteFrom('session').where('tenant_id', '=', tenantId).where('identity_id', '=', identityId).execute()
}
