import type { Directory } from '../database/schema.ts'
import { findTenantRow, listAllTenantRows, listTenantRows } from './store.ts'
import { type Tenant, tenantFromRow } from './tenant.ts'

/** The tenant of this name, if there is one. */
export async function findTenantByName(db: Directory, name: string): Promise<Tenant | undefined> {
  const row = await findTenantRow(db, { name })
  return row && tenantFromRow(row)
}

/** Every tenant that is not deleted, by name. */
export async function listTenants(db: Directory): Promise<Tenant[]> {
  return (await listTenantRows(db)).map(tenantFromRow)
}

/** Every tenant there ever was, the deleted ones too: their audit trails stay. */
export async function listTenantsEver(db: Directory): Promise<Tenant[]> {
  return (await listAllTenantRows(db)).map(tenantFromRow)
}
