import { sql } from 'kysely'
import type { CollectionQuery } from '../collections/collection-query.ts'
import type { Field, Fields } from '../collections/fields.ts'
import { selectPage } from '../collections/select-page.ts'
import type { Database, IdentityRow, Tx } from '../database/schema.ts'
import type { Page } from '../http/answer-page.ts'

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

const text = (column: string): Field => ({ column, kind: 'text', operators: ['eq', 'sw'] })

/** By what everybody may filter identities. */
export const publicIdentityFields: Fields = {
  id: { column: 'id', kind: 'id', operators: ['eq', 'in'], isSortable: true },
  alias: { ...text('alias'), isSortable: true },
  name: { ...text('display_name'), isSortable: true },
  email: { ...text('email'), isSortable: true },
}

/** By what ISC's clients filter identities; of us all are correlated, none is protected, and none fails in processing. */
export const identityFields: Fields = {
  ...publicIdentityFields,
  cloudStatus: {
    column: sql`case when enabled = 1 then 'ACTIVE' else 'DISABLED' end`,
    kind: 'text',
    operators: ['eq'],
    isSortable: true,
  },
  processingState: { column: sql`cast('OK' as text)`, kind: 'text', operators: ['eq'] },
  correlated: { column: sql`1`, kind: 'flag', operators: ['eq'] },
  protected: { column: sql`0`, kind: 'flag', operators: ['eq'] },
}

/** By what the holders of a level are sorted. */
export const holderFields: Fields = {
  displayName: { column: 'display_name', kind: 'text', operators: [], isSortable: true },
}

/** By what the accounts of our own namespace are filtered and sorted. */
export const accountFields: Fields = {
  id: { column: 'id', kind: 'id', operators: ['eq', 'in'] },
  alias: { column: 'alias', kind: 'text', operators: ['eq', 'ne', 'sw', 'co', 'in'], isSortable: true },
  displayName: { column: 'display_name', kind: 'text', operators: ['eq', 'sw', 'co'], isSortable: true },
  email: { column: 'email', kind: 'text', operators: ['eq', 'sw', 'co', 'pr', 'isnull'], isSortable: true },
  kind: { column: 'kind', kind: 'text', operators: ['eq', 'ne'], isSortable: true },
  enabled: { column: 'enabled', kind: 'flag', operators: ['eq'] },
  created: { column: 'created_at', kind: 'time', operators: ['gt', 'ge', 'lt', 'le'], isSortable: true },
}

export function selectIdentities(db: Database, tenantId: string, asked: CollectionQuery): Promise<Page<IdentityRow>> {
  return selectPage(db, db.selectFrom('identity').select(columns).where('tenant_id', '=', tenantId), asked, 'id')
}

/** The first of the people that may sign in, can be mailed and have no password. */
export async function selectUninvited(db: Database, tenantId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('identity')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'HUMAN')
    .where('enabled', '=', 1)
    .where('email', 'is not', null)
    .where('password_hash', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** The levels of each of these identities. */
export async function findUserLevelsOf(
  db: Database,
  tenantId: string,
  identityIds: readonly string[],
): Promise<Map<string, string[]>> {
  const levels = new Map(identityIds.map((id): [string, string[]] => [id, []]))
  if (identityIds.length === 0) return levels
  const rows = await db
    .selectFrom('identity_user_level')
    .select(['identity_id', 'user_level'])
    .where('tenant_id', '=', tenantId)
    .where('identity_id', 'in', identityIds)
    .orderBy('user_level')
    .execute()
  for (const { identity_id, user_level } of rows) levels.get(identity_id)?.push(user_level)
  return levels
}

/** How many identities hold each of these levels. */
export async function countHolders(
  db: Database,
  tenantId: string,
  userLevels: readonly string[],
): Promise<Map<string, number>> {
  if (userLevels.length === 0) return new Map()
  const rows = await db
    .selectFrom('identity_user_level')
    .select((eb) => ['user_level', eb.fn.countAll<number | string>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('user_level', 'in', userLevels)
    .groupBy('user_level')
    .execute()
  return new Map(rows.map(({ user_level, count }) => [user_level, Number(count)]))
}

export function selectHolders(
  db: Database,
  { tenantId, userLevel, asked }: { tenantId: string; userLevel: string; asked: CollectionQuery },
): Promise<Page<IdentityRow>> {
  const query = db
    .selectFrom('identity')
    .select(columns)
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('identity_user_level')
        .select('identity_id')
        .where('tenant_id', '=', tenantId)
        .where('user_level', '=', userLevel),
    )
  return selectPage(db, query, asked, 'id')
}

/** Whether an identity that is enabled holds the level. */
export async function isHeldByEnabled(tx: Tx, tenantId: string, userLevel: string): Promise<boolean> {
  const row = await tx
    .selectFrom('identity')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('enabled', '=', 1)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('identity_user_level')
        .select('identity_id')
        .where('tenant_id', '=', tenantId)
        .where('user_level', '=', userLevel),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** False when the tenant has no such identity. Its levels go with it. */
export async function deleteIdentityRow(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  await tx.deleteFrom('identity_user_level').where('tenant_id', '=', tenantId).where('identity_id', '=', id).execute()
  const result = await tx
    .deleteFrom('identity')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numDeletedRows === 1n
}
