import type { Insertable } from 'kysely'
import type { Directory, TenantRow, TenantTable, Tx } from '../database/schema.ts'

const columns = [
  'id',
  'name',
  'display_name',
  'is_default',
  'vanity_domain',
  'state',
  'epoch',
  'settings',
  'created_at',
  'modified_at',
] as const

export type TenantNames = { name: string } | { vanityDomain: string } | { isDefault: true }

/** Finds one tenant that is not deleted. */
export function findTenantRow(db: Directory, by: TenantNames): Promise<TenantRow | undefined> {
  let query = db.selectFrom('tenant').select(columns).where('state', '!=', 'deleted')
  if ('name' in by) query = query.where('name', '=', by.name)
  else if ('vanityDomain' in by) query = query.where('vanity_domain', '=', by.vanityDomain)
  else query = query.where('is_default', '=', 1)
  return query.executeTakeFirst()
}

export function listTenantRows(db: Directory): Promise<TenantRow[]> {
  return db.selectFrom('tenant').select(columns).where('state', '!=', 'deleted').orderBy('name').execute()
}

export function listAllTenantRows(db: Directory): Promise<TenantRow[]> {
  return db.selectFrom('tenant').select(columns).orderBy('name').execute()
}

/** The only tenant there is, if there is just one. */
export async function findOnlyTenantRow(db: Directory): Promise<TenantRow | undefined> {
  const rows = await db.selectFrom('tenant').select(columns).where('state', '!=', 'deleted').limit(2).execute()
  return rows.length === 1 ? rows[0] : undefined
}

/** False when the name, the id or the vanity domain is taken. */
export async function insertTenantRow(tx: Tx, row: Insertable<TenantTable>): Promise<boolean> {
  const result = await tx
    .insertInto('tenant')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** False when there is no such tenant. */
export async function updateTenantRow(tx: Tx, id: string, values: Partial<TenantRow>): Promise<boolean> {
  const result = await tx
    .updateTable('tenant')
    .set(values)
    .where('id', '=', id)
    .where('state', '!=', 'deleted')
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export async function clearDefaultTenant(tx: Tx, exceptId: string): Promise<void> {
  await tx
    .updateTable('tenant')
    .set({ is_default: 0 })
    .where('is_default', '=', 1)
    .where('id', '!=', exceptId)
    .execute()
}

/** The epoch of a tenant that is not deleted; undefined when there is none. */
export async function findEpoch(tx: Tx, id: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('tenant')
    .select('epoch')
    .where('id', '=', id)
    .where('state', '!=', 'deleted')
    .executeTakeFirst()
  return row?.epoch
}

/** The settings as stored, which no other transaction changes until this one ends; undefined without such a tenant. */
export async function lockTenantSettings(tx: Tx, id: string): Promise<string | undefined> {
  const row = await tx
    .updateTable('tenant')
    .set((eb) => ({ modified_at: eb.ref('modified_at') }))
    .where('id', '=', id)
    .where('state', '!=', 'deleted')
    .returning('settings')
    .executeTakeFirst()
  return row?.settings
}
