import type { CatalogRow, Database, Tx } from '../database/schema.ts'

export function listCatalogRows(db: Database, tenantId: string): Promise<CatalogRow[]> {
  return db
    .selectFrom('catalog')
    .select([
      'tenant_id',
      'name',
      'prefix',
      'upstream',
      'schemes',
      'document',
      'document_digest',
      'created_at',
      'modified_at',
    ])
    .where('tenant_id', '=', tenantId)
    .orderBy('name')
    .execute()
}

export async function upsertCatalogRow(tx: Tx, row: CatalogRow): Promise<void> {
  const { tenant_id: _tenant, name: _name, created_at: _created, ...changed } = row
  await tx
    .insertInto('catalog')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet(changed))
    .execute()
}

/** What the tenant itself says about whom a scope is granted to. */
export async function readScopeGrants(db: Database, tenantId: string): Promise<Record<string, string[]>> {
  const rows = await db
    .selectFrom('scope_grant')
    .select(['scope', 'user_levels'])
    .where('tenant_id', '=', tenantId)
    .execute()
  return Object.fromEntries(rows.map(({ scope, user_levels }) => [scope, JSON.parse(user_levels) as string[]]))
}

export async function upsertScopeGrant(
  tx: Tx,
  tenantId: string,
  { scope, userLevels }: { scope: string; userLevels: readonly string[] },
): Promise<void> {
  const user_levels = JSON.stringify(userLevels)
  await tx
    .insertInto('scope_grant')
    .values({ tenant_id: tenantId, scope, user_levels })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'scope']).doUpdateSet({ user_levels }))
    .execute()
}
