import { randomBytes } from 'node:crypto'
import type { Database, Tx } from '../database/schema.ts'

/** What is kept of a secret. */
export interface SecretRow {
  id: string
  digest: Buffer
  created_at: number
  /** Unix milliseconds; null while no end is set. */
  retired_at: number | null
}

/** Every secret a credential ever had, the retired ones included. */
export function findSecrets(db: Database, tenantId: string, credentialId: string): Promise<SecretRow[]> {
  return db
    .selectFrom('credential_secret')
    .select(['id', 'digest', 'created_at', 'retired_at'])
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .orderBy('created_at')
    .execute()
}

/** Adds a live secret to a credential. */
export async function insertSecret(
  tx: Tx,
  tenantId: string,
  row: { credentialId: string; digest: Buffer; nowMs: number },
): Promise<void> {
  await tx
    .insertInto('credential_secret')
    .values({
      tenant_id: tenantId,
      credential_id: row.credentialId,
      id: randomBytes(16).toString('hex'),
      digest: row.digest,
      created_at: row.nowMs,
      retired_at: null,
    })
    .execute()
}

/** Ends every live secret of a credential at `nowMs`. */
export async function retireSecrets(tx: Tx, tenantId: string, credentialId: string, nowMs: number): Promise<void> {
  await tx
    .updateTable('credential_secret')
    .set({ retired_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .where((eb) => eb.or([eb('retired_at', 'is', null), eb('retired_at', '>', nowMs)]))
    .execute()
}

/** Makes a retired secret live again; only a reset asks for it. */
export async function reviveSecret(
  tx: Tx,
  tenantId: string,
  { credentialId, digest }: { credentialId: string; digest: Buffer },
): Promise<void> {
  await tx
    .updateTable('credential_secret')
    .set({ retired_at: null })
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .where('digest', '=', digest)
    .execute()
}
