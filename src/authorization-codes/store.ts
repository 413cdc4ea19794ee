import { compileOnce } from '../database/compile-once.ts'
import type { AuthorizationCodeRow, Database, Tx } from '../database/schema.ts'

/** False when the authorization request was answered before. */
export async function insertCode(tx: Tx, row: AuthorizationCodeRow): Promise<boolean> {
  const result = await tx
    .insertInto('authorization_code')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'interaction_id']).doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

export async function findCode(
  db: Database,
  tenantId: string,
  digest: string,
): Promise<AuthorizationCodeRow | undefined> {
  const { rows } = await find(db, { tenantId, digest })
  return rows[0]
}

const find = compileOnce((db, { tenantId, digest }: { tenantId: string; digest: string }) =>
  db
    .selectFrom('authorization_code')
    .select(['tenant_id', 'digest', 'interaction_id', 'client_id', 'identity_id', 'redirect_uri', 'scope'])
    .select(['code_challenge', 'issued_position', 'created_at', 'expires_at', 'used_at', 'family_id'])
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .compile(),
)

interface CodeUse {
  digest: string
  familyId: string | null
  nowMs: number
}

/** Marks a code used in one conditional statement; false when it was used before. */
export async function markCodeUsed(db: Database, tenantId: string, use: CodeUse): Promise<boolean> {
  const { numAffectedRows } = await markUsed(db, { ...use, tenantId })
  return numAffectedRows === 1n
}

const markUsed = compileOnce((db, { tenantId, digest, familyId, nowMs }: CodeUse & { tenantId: string }) =>
  db
    .updateTable('authorization_code')
    .set({ used_at: nowMs, family_id: familyId })
    .where('tenant_id', '=', tenantId)
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .compile(),
)
