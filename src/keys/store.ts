import type { Database, SigningKeyRow, Tx } from '../database/schema.ts'
import type { KeyPurpose } from './signing-key.ts'

/** The keys of one tenant and purpose that still verify, newest first. */
export function findSigningKeys(
  db: Database,
  tenantId: string,
  { purpose, nowMs }: { purpose: SigningKeyRow['purpose']; nowMs: number },
): Promise<SigningKeyRow[]> {
  return db
    .selectFrom('signing_key')
    .select(['tenant_id', 'kid', 'purpose', 'generation', 'public_jwk', 'wrapped_private_key', 'created_at'])
    .select(['activates_at', 'retires_at'])
    .where('tenant_id', '=', tenantId)
    .where('purpose', '=', purpose)
    .where((eb) => eb.or([eb('retires_at', 'is', null), eb('retires_at', '>', nowMs)]))
    .orderBy('generation', 'desc')
    .execute()
}

/** False when another process made this generation first. */
export async function insertSigningKey(tx: Tx, row: SigningKeyRow): Promise<boolean> {
  const result = await tx
    .insertInto('signing_key')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** The newest generation there is, whatever its state; 0 when there is none. */
export async function findNewestGeneration(db: Database, tenantId: string, purpose: KeyPurpose): Promise<number> {
  const row = await db
    .selectFrom('signing_key')
    .select('generation')
    .where('tenant_id', '=', tenantId)
    .where('purpose', '=', purpose)
    .orderBy('generation', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.generation ?? 0
}

/** Sets when the keys up to a generation stop verifying, unless they stop sooner. */
export async function retireSigningKeys(
  tx: Tx,
  tenantId: string,
  { purpose, upTo, retiresAtMs }: { purpose: KeyPurpose; upTo: number; retiresAtMs: number },
): Promise<void> {
  await tx
    .updateTable('signing_key')
    .set({ retires_at: retiresAtMs })
    .where('tenant_id', '=', tenantId)
    .where('purpose', '=', purpose)
    .where('generation', '<=', upTo)
    .where((eb) => eb.or([eb('retires_at', 'is', null), eb('retires_at', '>', retiresAtMs)]))
    .execute()
}
