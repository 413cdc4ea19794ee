import type { Insertable } from 'kysely'
import type { Database, IdentityRow, IdentityTable, Tx } from '../database/schema.ts'

const columns = [
  'tenant_id',
  'id',
  'user_number',
  'alias',
  'display_name',
  'email',
  'kind',
  'enabled',
  'password_hash',
  'created_at',
  'modified_at',
] as const

export function findIdentityRow(db: Database, tenantId: string, id: string): Promise<IdentityRow | undefined> {
  return db
    .selectFrom('identity')
    .select(columns)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export function findIdentityRowByAlias(
  db: Database,
  tenantId: string,
  alias: string,
): Promise<IdentityRow | undefined> {
  return db
    .selectFrom('identity')
    .select(columns)
    .where('tenant_id', '=', tenantId)
    .where('alias', '=', alias)
    .executeTakeFirst()
}

export async function findUserLevels(db: Database, tenantId: string, identityId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('identity_user_level')
    .select('user_level')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .orderBy('user_level')
    .execute()
  return rows.map(({ user_level }) => user_level)
}

/** False when the id or the alias is taken. */
export async function insertIdentityRow(tx: Tx, row: Insertable<IdentityTable>): Promise<boolean> {
  const result = await tx
    .insertInto('identity')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Makes whoever would change this identity wait until the transaction ends. Changes nothing. */
export async function lockIdentityRow(tx: Tx, tenantId: string, id: string): Promise<void> {
  await tx
    .updateTable('identity')
    .set((eb) => ({ modified_at: eb.ref('modified_at') }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute()
}

/** False when the tenant has no such identity. */
export async function updateIdentityRow(
  tx: Tx,
  tenantId: string,
  id: string,
  values: Partial<Omit<IdentityRow, 'tenant_id' | 'id'>>,
): Promise<boolean> {
  const result = await tx
    .updateTable('identity')
    .set(values)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Replaces a password hash where it is still `from`. */
export async function replacePasswordHash(
  tx: Tx,
  tenantId: string,
  { id, from, to }: { id: string; from: string; to: string },
): Promise<void> {
  await tx
    .updateTable('identity')
    .set({ password_hash: to })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('password_hash', '=', from)
    .execute()
}

/** Makes these the levels of an identity, each once. */
export async function replaceUserLevels(
  tx: Tx,
  tenantId: string,
  identityId: string,
  levels: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('identity_user_level')
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .execute()
  if (levels.length === 0) return
  await tx
    .insertInto('identity_user_level')
    .values([...new Set(levels)].map((user_level) => ({ tenant_id: tenantId, identity_id: identityId, user_level })))
    .execute()
}

/** The next number for an identity of this tenant; numbers are not used twice. */
export async function takeUserNumber(tx: Tx, tenantId: string): Promise<number> {
  const { value } = await tx
    .insertInto('tenant_counter')
    .values({ tenant_id: tenantId, name: 'user_number', value: FIRST_USER_NUMBER })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'name']).doUpdateSet((eb) => ({ value: eb('tenant_counter.value', '+', 1) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}

const FIRST_USER_NUMBER = 100_001
