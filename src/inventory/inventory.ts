import { type CollectionParameters, readCollectionQuery } from '../collections/collection-query.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import { mapPage, type Page } from '../http/answer-page.ts'
import type { RequestContext } from '../request-context.ts'
import { flags, inventoryFields, type InventoryRow } from './inventory-row.ts'
import { selectInventory } from './store.ts'

/** One credential of a tenant, and what is remarkable about it. Never a secret. */
export interface InventoryEntry {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly owner: { id: string; alias: string; displayName: string; enabled: boolean } | null
  readonly enabled: boolean
  readonly scope: readonly string[]
  readonly created: string
  readonly expires: string | null
  /** When it last called here, or obtained a token. */
  readonly lastUsed: string | null
  /** When the oldest secret that works was made. */
  readonly secretCreated: string | null
  readonly liveSecrets: number
  readonly flags: readonly (keyof typeof flags)[]
}

/**
 * Lists all personal access tokens and API clients of all owners.
 * @throws DomainError `invalid` for a filter or sorter that means nothing here.
 */
export async function listCredentials(
  { db, tenantId, nowMs }: RequestContext,
  asked: CollectionParameters,
): Promise<Page<InventoryEntry>> {
  const query = readCollectionQuery(asked, inventoryFields)
  const sorters = query.sorters.length > 0 ? query.sorters : [{ field: 'name', isDescending: false }]
  return mapPage(await selectInventory(db, tenantId, { ...query, sorters }, nowMs), entryOf)
}

const entryOf = (row: InventoryRow): InventoryEntry => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  owner:
    row.owner_id === null
      ? null
      : {
          id: row.owner_id,
          alias: row.owner_alias ?? '',
          displayName: row.owner_name ?? '',
          enabled: row.owner_disabled === 0,
        },
  enabled: row.enabled === 1,
  scope: fromStoredJson(row.scope),
  created: new Date(row.created_at).toISOString(),
  expires: timeOf(row.expires_at),
  lastUsed: timeOf(row.last_used_at),
  secretCreated: timeOf(row.secret_created_at),
  liveSecrets: Number(row.live_secrets),
  flags: (Object.keys(flags) as (keyof typeof flags)[]).filter((name) => row[flags[name]] === 1),
})

const timeOf = (unixMs: number | null): string | null => (unixMs === null ? null : new Date(unixMs).toISOString())
