import { type CollectionParameters, readCollectionQuery } from '../collections/collection-query.ts'
import type { Fields } from '../collections/fields.ts'
import { selectPage } from '../collections/select-page.ts'
import type { Database } from '../database/schema.ts'
import { mapPage, type Page } from '../http/answer-page.ts'
import type { RequestContext } from '../request-context.ts'
import { type DescribedClient, describedFromRow } from './described-client.ts'
import { describedClients } from './store.ts'

const fields: Fields = {
  lastUsed: { column: 'use.daily_at', kind: 'time', operators: ['le', 'isnull'], isSortable: true },
  name: { column: 'client.name', kind: 'text', operators: [], isSortable: true },
  created: { column: 'client.created_at', kind: 'time', operators: [], isSortable: true },
}

/** ISC's clients do not ask for pages of clients, and expect all. */
const UNASKED_LIMIT = 10_000

/**
 * Lists the clients of API Management.
 * @throws DomainError `invalid` for a filter or a page that cannot be.
 */
export async function listOauthClients(
  { db, tenantId }: RequestContext,
  parameters: CollectionParameters,
): Promise<Page<DescribedClient>> {
  const asked = readCollectionQuery({ ...parameters, sorters: parameters.sorters || 'created' }, fields)
  const limit = parameters.limit ? asked.limit : UNASKED_LIMIT
  return mapPage(
    await selectPage(db, describedClients(db, tenantId), { ...asked, limit }, 'client.id'),
    describedFromRow,
  )
}

/** One client as lists tell of it. */
export async function describeOauthClient(
  db: Database,
  tenantId: string,
  id: string,
): Promise<DescribedClient | undefined> {
  const row = await describedClients(db, tenantId).where('client.id', '=', id).executeTakeFirst()
  return row && describedFromRow(row)
}
