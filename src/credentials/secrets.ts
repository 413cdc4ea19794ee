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

/** Adds a live secret to a credential, and answers its id. */
export async function insertSecret(
  tx: Tx,
  tenantId: string,
  row: { credentialId: string; digest: Buffer; nowMs: number },
): Promise<string> {
  const id = randomBytes(16).toString('hex')
  await tx
    .insertInto('credential_secret')
    .values({
      tenant_id: tenantId,
      credential_id: row.credentialId,
      id,
      digest: row.digest,
      created_at: row.nowMs,
      retired_at: null,
    })
    .execute()
  return id
}

/** Ends every live secret of a credential at `nowMs`, which may lie ahead; one that ends before stays as it is. */
export async function retireSecrets(tx: Tx, tenantId: string, credentialId: string, nowMs: number): Promise<void> {
  await tx
    .updateTable('credential_secret')
    .set({ retired_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .where((eb) => eb.or([eb('retired_at', 'is', null), eb('retired_at', '>', nowMs)]))
    .execute()
}

/** Ends one secret at `nowMs`; false when it has ended already. */
export async function retireSecret(
  tx: Tx,
  tenantId: string,
  { credentialId, secretId, nowMs }: { credentialId: string; secretId: string; nowMs: number },
): Promise<boolean> {
  const result = await tx
    .updateTable('credential_secret')
    .set({ retired_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('credential_id', '=', credentialId)
    .where('id', '=', secretId)
    .where((eb) => eb.or([eb('retired_at', 'is', null), eb('retired_at', '>', nowMs)]))
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
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
