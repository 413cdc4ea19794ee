import type { Database, PersonalAccessTokenRow, Tx } from '../database/schema.ts'

const columns = [
  'tenant_id',
  'id',
  'owner_id',
  'slot',
  'name',
  'scope',
  'access_token_validity_seconds',
  'expires_at',
  'never_expires_acknowledged',
  'managed',
  'created_at',
  'modified_at',
] as const

export function findPersonalAccessTokenRow(
  db: Database,
  tenantId: string,
  id: string,
): Promise<PersonalAccessTokenRow | undefined> {
  return db
    .selectFrom('personal_access_token')
    .select(columns)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** False when the id, the name of this owner, or the slot is taken. */
export async function insertPersonalAccessTokenRow(tx: Tx, row: PersonalAccessTokenRow): Promise<boolean> {
  const result = await tx
    .insertInto('personal_access_token')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

export async function findPersonalAccessTokenByName(
  db: Database,
  tenantId: string,
  { ownerId, name }: { ownerId: string; name: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('personal_access_token')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.id
}

/** How many tokens of an owner lie in slots above this one. */
export async function countSlotsAbove(
  db: Database,
  tenantId: string,
  { ownerId, slot }: { ownerId: string; slot: number },
): Promise<number> {
  const rows = await db
    .selectFrom('personal_access_token')
    .select('slot')
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .where('slot', '>', slot)
    .execute()
  return rows.length
}

/** False when the tenant has no such token. */
export async function updatePersonalAccessTokenRow(
  tx: Tx,
  tenantId: string,
  id: string,
  values: Partial<Omit<PersonalAccessTokenRow, 'tenant_id' | 'id'>>,
): Promise<boolean> {
  const result = await tx
    .updateTable('personal_access_token')
    .set(values)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** The slots that the tokens of an owner lie in. */
export async function listSlots(db: Database, tenantId: string, ownerId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('personal_access_token')
    .select('slot')
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .execute()
  return rows.map(({ slot }) => slot)
}

/** False when the token is not, or no longer, of the owner that it comes from. */
export async function moveToOwner(
  tx: Tx,
  tenantId: string,
  { id, fromId, toId, slot, nowMs }: { id: string; fromId: string; toId: string; slot: number; nowMs: number },
): Promise<boolean> {
  const result = await tx
    .updateTable('personal_access_token')
    .set({ owner_id: toId, slot, modified_at: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('owner_id', '=', fromId)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Tokens with the name of their owner and their last use, as lists tell of them. */
export function describedTokens(db: Database, tenantId: string) {
  return db
    .selectFrom('personal_access_token as pat')
    .leftJoin('identity as owner', (join) =>
      join.onRef('owner.tenant_id', '=', 'pat.tenant_id').onRef('owner.id', '=', 'pat.owner_id'),
    )
    .leftJoin('credential_use as use', (join) =>
      join
        .onRef('use.tenant_id', '=', 'pat.tenant_id')
        .onRef('use.credential_id', '=', 'pat.id')
        .on('use.secret_id', '=', ''),
    )
    .select([
      'pat.tenant_id',
      'pat.id',
      'pat.owner_id',
      'pat.name',
      'pat.scope',
      'pat.access_token_validity_seconds',
      'pat.expires_at',
      'pat.never_expires_acknowledged',
      'pat.managed',
      'pat.created_at',
      'pat.modified_at',
      'owner.display_name as owner_name',
      'use.daily_at as last_used_at',
    ])
    .where('pat.tenant_id', '=', tenantId)
}

/** Makes whoever would change this token wait until the transaction ends; false when there is none. Changes nothing. */
export async function lockPersonalAccessTokenRow(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const result = await tx
    .updateTable('personal_access_token')
    .set((eb) => ({ modified_at: eb.ref('modified_at') }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
