import type { CatalogRow, Database, Tx } from '../database/schema.ts'

/** A catalog without its document, which may be large. */
export type CatalogHead = Omit<CatalogRow, 'document'>

const headColumns = [
  'tenant_id',
  'name',
  'prefix',
  'upstream',
  'schemes',
  'document_digest',
  'created_at',
  'modified_at',
] as const

export function listCatalogHeads(db: Database, tenantId: string): Promise<CatalogHead[]> {
  return db.selectFrom('catalog').select(headColumns).where('tenant_id', '=', tenantId).orderBy('name').execute()
}

export function findCatalogHead(db: Database, tenantId: string, name: string): Promise<CatalogHead | undefined> {
  return db
    .selectFrom('catalog')
    .select(headColumns)
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** The document of a catalog while it is the one with this digest. */
export async function findDocument(
  db: Database,
  { tenant_id, name, document_digest }: CatalogHead,
): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('catalog')
    .select('document')
    .where('tenant_id', '=', tenant_id)
    .where('name', '=', name)
    .where('document_digest', '=', document_digest)
    .executeTakeFirst()
  return row?.document
}

/**
 * Lets one transaction at a time change the catalogs of a tenant, until it ends. Whoever waited reads what the one
 * before it left behind: two imports cannot both find an operation unclaimed.
 */
export async function lockCatalogs(tx: Tx, tenantId: string): Promise<void> {
  await tx
    .insertInto('tenant_counter')
    .values({ tenant_id: tenantId, name: 'catalog_changes', value: 1 })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'name']).doUpdateSet((eb) => ({ value: eb('tenant_counter.value', '+', 1) })),
    )
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

/** False when there was no such catalog. */
export async function deleteCatalogRow(tx: Tx, tenantId: string, name: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('catalog')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst()
  return numDeletedRows === 1n
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
