import type { CollectionQuery } from '../collections/collection-query.ts'
import { DomainError } from '../errors.ts'
import { mapPage, type Page } from '../http/answer-page.ts'
import type { RequestContext } from '../request-context.ts'
import type { Database, IdentityRow, Tx } from '../database/schema.ts'
import { identityFromRow } from './find.ts'
import type { Identity } from './identity.ts'
import {
  countHolders,
  findUserLevelsOf,
  isHeldByEnabled,
  selectHolders,
  selectIdentities,
  selectUninvited,
} from './list-store.ts'
import { findIdentityRow, findUserLevels, lockIdentityRow } from './store.ts'

export { accountFields, holderFields, identityFields, publicIdentityFields } from './list-store.ts'

/** An identity as management sees it. */
export interface IdentityRecord extends Identity {
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly hasPassword: boolean
}

const recordFromRow = (row: IdentityRow, userLevels: readonly string[]): IdentityRecord => ({
  ...identityFromRow(row, userLevels),
  createdAtMs: row.created_at,
  modifiedAtMs: row.modified_at,
  hasPassword: row.password_hash !== null,
})

/** An identity of the tenant, read afresh. @throws DomainError `not_found`. */
export async function getIdentity(db: Database, tenantId: string, id: string): Promise<IdentityRecord> {
  const row = await findIdentityRow(db, tenantId, id)
  if (!row) throw new DomainError('not_found', `There is no identity ${id}.`)
  return recordFromRow(row, await findUserLevels(db, tenantId, id))
}

/** An identity as it stays until the transaction ends: whoever else would change it waits. @throws DomainError `not_found`. */
export async function lockIdentity(tx: Tx, tenantId: string, id: string): Promise<IdentityRecord> {
  await lockIdentityRow(tx, tenantId, id)
  return getIdentity(tx, tenantId, id)
}

/** The identities of the tenant, as asked for. */
export async function listIdentities(
  { db, tenantId }: RequestContext,
  asked: CollectionQuery,
): Promise<Page<IdentityRecord>> {
  const page = await selectIdentities(db, tenantId, asked)
  return withLevels(db, tenantId, page)
}

/** The ids of people that may sign in, can be mailed and have no password; no more than `limit`. */
export const listUninvited = ({ db, tenantId }: RequestContext, limit: number): Promise<string[]> =>
  selectUninvited(db, tenantId, limit)

/** The identities that hold a level, as asked for. */
export async function listHolders(
  { db, tenantId }: RequestContext,
  userLevel: string,
  asked: CollectionQuery,
): Promise<Page<IdentityRecord>> {
  return withLevels(db, tenantId, await selectHolders(db, { tenantId, userLevel, asked }))
}

async function withLevels(db: Database, tenantId: string, page: Page<IdentityRow>): Promise<Page<IdentityRecord>> {
  const levels = await findUserLevelsOf(
    db,
    tenantId,
    page.items.map(({ id }) => id),
  )
  return mapPage(page, (row) => recordFromRow(row, levels.get(row.id) ?? []))
}

/** How many identities of the tenant hold each of these levels. */
export async function holdersOf(
  db: Database,
  tenantId: string,
  userLevels: readonly string[],
): Promise<{ id: string; count: number }[]> {
  const counts = await countHolders(db, tenantId, userLevels)
  return userLevels.map((id) => ({ id, count: counts.get(id) ?? 0 }))
}

/**
 * Refuses to leave a tenant without an administrator. Ask within the transaction, after the change has written its
 * audit event: the audit chain's row, locked until commit, lets one change of a tenant decide at a time.
 * @throws DomainError `illegal_value`.
 */
export async function requireAdministrator(tx: Tx, tenantId: string): Promise<void> {
  if (await isHeldByEnabled(tx, tenantId, 'ORG_ADMIN')) return
  throw new DomainError(
    'illegal_value',
    'This is the last ORG_ADMIN that is enabled. Make somebody else ORG_ADMIN first.',
  )
}
