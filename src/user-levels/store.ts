import { type Page } from '../http/answer-page.ts'
import type { CollectionQuery } from '../collections/collection-query.ts'
import type { Fields } from '../collections/fields.ts'
import { selectPage } from '../collections/select-page.ts'
import type { Database, Tx, UserLevelRow } from '../database/schema.ts'

const columns = [
  'tenant_id',
  'id',
  'slot',
  'name',
  'folded_name',
  'description',
  'owner_id',
  'right_sets',
  'status',
  'created_at',
  'modified_at',
] as const

/** By what custom levels can be filtered and sorted. */
export const userLevelFields: Fields = {
  name: { column: 'name', kind: 'text', operators: ['co', 'eq', 'sw'], isSortable: true },
  description: { column: 'description', kind: 'text', operators: ['co'], isSortable: true },
  owner: { column: 'owner_id', kind: 'id', operators: ['co', 'eq'], isSortable: true },
  status: { column: 'status', kind: 'text', operators: ['eq'], isSortable: true },
  created: { column: 'created_at', kind: 'time', operators: [], isSortable: true },
}

export function findUserLevelRow(db: Database, tenantId: string, id: string): Promise<UserLevelRow | undefined> {
  return db
    .selectFrom('user_level')
    .select(columns)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export function selectUserLevels(db: Database, tenantId: string, asked: CollectionQuery): Promise<Page<UserLevelRow>> {
  const query = db.selectFrom('user_level').select(columns).where('tenant_id', '=', tenantId)
  return selectPage(db, query, asked, 'id')
}

export function findActiveUserLevels(
  db: Database,
  tenantId: string,
): Promise<Pick<UserLevelRow, 'id' | 'right_sets'>[]> {
  return db
    .selectFrom('user_level')
    .select(['id', 'right_sets'])
    .where('tenant_id', '=', tenantId)
    .where('status', '=', 'ACTIVE')
    .execute()
}

/** False when the slot or the name is taken. */
export async function insertUserLevelRow(tx: Tx, row: UserLevelRow): Promise<boolean> {
  const result = await tx
    .insertInto('user_level')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** The slots that are taken, and whether the name is. */
export async function findTaken(
  tx: Tx,
  tenantId: string,
  foldedName: string,
): Promise<{ slots: Set<number>; isNameTaken: boolean }> {
  const rows = await tx
    .selectFrom('user_level')
    .select(['slot', 'folded_name'])
    .where('tenant_id', '=', tenantId)
    .execute()
  return {
    slots: new Set(rows.map(({ slot }) => slot)),
    isNameTaken: rows.some(({ folded_name }) => folded_name === foldedName),
  }
}

/** False when the tenant has no such level. */
export async function updateUserLevelRow(
  tx: Tx,
  tenantId: string,
  id: string,
  values: Partial<Omit<UserLevelRow, 'tenant_id' | 'id' | 'slot'>>,
): Promise<boolean> {
  const result = await tx
    .updateTable('user_level')
    .set(values)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** False when the tenant has no such level. */
export async function deleteUserLevelRow(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('user_level')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numDeletedRows === 1n
}
