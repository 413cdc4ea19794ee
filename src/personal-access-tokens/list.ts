import type { Fields } from '../collections/fields.ts'
import { type CollectionParameters, readCollectionQuery } from '../collections/collection-query.ts'
import { selectPage } from '../collections/select-page.ts'
import type { Database } from '../database/schema.ts'
import { mapPage, type Page } from '../http/answer-page.ts'
import type { RequestContext } from '../request-context.ts'
import { type DescribedToken, describedFromRow } from './described-token.ts'
import { describedTokens } from './store.ts'

/** Whose tokens, and which of them. */
export interface TokenQuery extends CollectionParameters {
  /** Undefined for those of everybody. */
  readonly ownerId: string | undefined
  /** Those that the platform made for somebody, too. */
  readonly includesManaged: boolean
}

const fields: Fields = {
  lastUsed: { column: 'use.daily_at', kind: 'time', operators: ['le', 'isnull'], isSortable: true },
  name: { column: 'pat.name', kind: 'text', operators: [], isSortable: true },
  created: { column: 'pat.created_at', kind: 'time', operators: [], isSortable: true },
}

/** ISC's clients do not ask for pages of tokens, and expect all. */
const UNASKED_LIMIT = 10_000

/**
 * Lists tokens, the expired ones among them.
 * @throws DomainError `invalid` for a filter or a page that cannot be.
 */
export async function listPersonalAccessTokens(
  { db, tenantId }: RequestContext,
  { ownerId, includesManaged, ...parameters }: TokenQuery,
): Promise<Page<DescribedToken>> {
  const asked = readCollectionQuery({ ...parameters, sorters: parameters.sorters || 'created' }, fields)
  const query = describedTokens(db, tenantId)
    .$if(ownerId !== undefined, (all) => all.where('pat.owner_id', '=', ownerId ?? ''))
    .$if(!includesManaged, (all) => all.where('pat.managed', '=', 0))
  const limit = parameters.limit ? asked.limit : UNASKED_LIMIT
  return mapPage(await selectPage(db, query, { ...asked, limit }, 'pat.id'), describedFromRow)
}

/** One token as lists tell of it. */
export async function describePersonalAccessToken(
  db: Database,
  tenantId: string,
  id: string,
): Promise<DescribedToken | undefined> {
  const row = await describedTokens(db, tenantId).where('pat.id', '=', id).executeTakeFirst()
  return row && describedFromRow(row)
}
