import { ChangeCache } from '../change-log/change-cache.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import type { CollectionQuery } from '../collections/collection-query.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import type { Database } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import { mapPage, type Page } from '../http/answer-page.ts'
import type { RequestContext } from '../request-context.ts'
import { scopesOf } from './right-sets.ts'
import { findActiveUserLevels, findUserLevelRow, selectUserLevels } from './store.ts'
import { type CustomUserLevel, userLevelFromRow } from './user-level.ts'

export { userLevelFields } from './store.ts'

/** The custom levels of a tenant that grant something now, by id, with the scopes they grant. */
export type GrantingLevels = ReadonlyMap<string, readonly string[]>

const TENANTS_MAX = 1000
const ALL = 'all'

/** What each tenant's custom levels grant, remembered until the change log says otherwise. */
export class UserLevels {
  readonly #known: ChangeCache<GrantingLevels>

  constructor(changes: ChangeLog) {
    this.#known = new ChangeCache(changes, ['user_level'], TENANTS_MAX, () => ALL)
  }

  /** What is remembered of a tenant's levels, without asking the database. */
  peek(tenantId: string): GrantingLevels | undefined {
    return this.#known.peek(tenantId, ALL)
  }

  async find(db: Database, tenantId: string): Promise<GrantingLevels> {
    const levels = await this.#known.get(tenantId, ALL, () => grantingLevelsOf(db, tenantId))
    return levels ?? new Map<string, readonly string[]>()
  }
}

/** The levels that can be assigned and grant something, read afresh. */
export async function grantingLevelsOf(db: Database, tenantId: string): Promise<GrantingLevels> {
  const rows = await findActiveUserLevels(db, tenantId)
  return new Map(rows.map(({ id, right_sets }) => [id, scopesOf(fromStoredJson<string[]>(right_sets))]))
}

/** The scopes that an identity's levels grant through custom levels; none for the built-in ones. */
export const customScopesOf = (userLevels: readonly string[], granting: GrantingLevels): readonly string[] =>
  granting.size === 0 ? [] : userLevels.flatMap((level) => granting.get(level) ?? [])

/** A custom level of the tenant. @throws DomainError `not_found`. */
export async function getUserLevel({ db, tenantId }: RequestContext, id: string): Promise<CustomUserLevel> {
  const row = await findUserLevelRow(db, tenantId, id)
  if (!row) throw userLevelNotFound(id)
  return userLevelFromRow(row)
}

export const userLevelNotFound = (id: string): DomainError =>
  new DomainError('not_found', `There is no custom user level ${id}.`)

/** The custom levels of the tenant, as asked for. */
export async function listUserLevels(
  { db, tenantId }: RequestContext,
  asked: CollectionQuery,
): Promise<Page<CustomUserLevel>> {
  return mapPage(await selectUserLevels(db, tenantId, asked), userLevelFromRow)
}
