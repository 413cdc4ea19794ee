import type { Database, Tx } from '../../database/schema.ts'

export interface ConfigRow {
  attributes: string
  modified_by: string | null
  modified_at: number
}

export function findConfigRow(db: Database, tenantId: string): Promise<ConfigRow | undefined> {
  return db
    .selectFrom('public_identity_config')
    .select(['attributes', 'modified_by', 'modified_at'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
}

export async function saveConfigRow(tx: Tx, tenantId: string, row: ConfigRow): Promise<void> {
  await tx
    .insertInto('public_identity_config')
    .values({ tenant_id: tenantId, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id']).doUpdateSet(row))
    .execute()
}
