import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { type CollectionQuery } from '../collections/collection-query.ts'
import { selectPage } from '../collections/select-page.ts'
import type { Database } from '../database/schema.ts'
import type { Page } from '../http/answer-page.ts'
import { type InventoryRow, never, OLD_SECRET_MS, SOON_MS, UNUSED_MS } from './inventory-row.ts'

/** The inventory as a table of its own, so that filters and sorters speak of its columns. */
interface InventorySchema {
  entry: InventoryRow
}

/**
 * A page of all personal access tokens and API clients of a tenant, with what is remarkable about each at `nowMs`.
 * Everything is told in SQL, because callers filter and sort by it.
 */
export function selectInventory(
  db: Database,
  tenantId: string,
  asked: CollectionQuery,
  nowMs: number,
): Promise<Page<InventoryRow>> {
  const entries = db.selectFrom(inventoryOf(db, tenantId, nowMs).as('entry')).selectAll()
  return selectPage(
    db as unknown as Kysely<InventorySchema>,
    entries as unknown as SelectQueryBuilder<InventorySchema, 'entry', InventoryRow>,
    asked,
    'entry.id',
  )
}

function inventoryOf(db: Database, tenantId: string, nowMs: number) {
  return db
    .selectFrom(credentialsOf(db, tenantId).as('credential'))
    .leftJoin(lastUses(db, tenantId).as('last_use'), 'last_use.client_id', 'credential.id')
    .leftJoin(liveSecrets(db, tenantId, nowMs).as('secret'), 'secret.credential_id', 'credential.id')
    .selectAll('credential')
    .select([
      'last_use.last_used_at',
      'secret.secret_created_at',
      sql<number>`coalesce(${sql.ref('secret.live_secrets')}, 0)`.as('live_secrets'),
      flag(sql`last_used_at is null`).as('never_used'),
      flag(sql`coalesce(last_used_at, created_at) < ${nowMs - UNUSED_MS}`).as('unused'),
      flag(sql`expires_at > ${nowMs} and expires_at <= ${nowMs + SOON_MS}`).as('expiring'),
      flag(sql`expires_at <= ${nowMs}`).as('expired'),
      flag(sql`scope like '%"sp:scopes:all"%'`).as('over_broad'),
      flag(sql`secret_created_at < ${nowMs - OLD_SECRET_MS}`).as('old_secret'),
    ])
}

/** A condition as 0 or 1; what is unknown is not so. */
const flag = (condition: ReturnType<typeof sql>) => sql<0 | 1>`case when ${condition} then 1 else 0 end`

function credentialsOf(db: Database, tenantId: string) {
  const tokens = db
    .selectFrom('personal_access_token as token')
    .leftJoin('identity as owner', (join) =>
      join.onRef('owner.tenant_id', '=', 'token.tenant_id').onRef('owner.id', '=', 'token.owner_id'),
    )
    .where('token.tenant_id', '=', tenantId)
    .select(['token.id', 'token.name', 'token.scope', 'token.created_at', 'token.expires_at'])
    .select(['owner.id as owner_id', 'owner.alias as owner_alias', 'owner.display_name as owner_name'])
    .select([
      sql<string>`cast('PERSONAL_ACCESS_TOKEN' as text)`.as('kind'),
      sql<0 | 1>`cast(1 as smallint)`.as('enabled'),
      sql<0 | 1>`case when owner.enabled = 1 then 0 else 1 end`.as('owner_disabled'),
    ])
  const clients = db
    .selectFrom('oauth_client as client')
    // Nobody has this id: it brings the columns of an owner, all empty.
    .leftJoin('identity as owner', (join) =>
      join.onRef('owner.tenant_id', '=', 'client.tenant_id').on('owner.id', '=', never),
    )
    .where('client.tenant_id', '=', tenantId)
    .select(['client.id', 'client.name', 'client.scope', 'client.created_at'])
    .select(sql<number | null>`cast(null as bigint)`.as('expires_at'))
    .select(['owner.id as owner_id', 'owner.alias as owner_alias', 'owner.display_name as owner_name'])
    .select([
      sql<string>`cast('OAUTH_CLIENT' as text)`.as('kind'),
      'client.enabled',
      sql<0 | 1>`0`.as('owner_disabled'),
    ])
  return tokens.unionAll(clients)
}

/** When a credential last called here, or obtained a token to call elsewhere. */
function lastUses(db: Database, tenantId: string) {
  const calls = db
    .selectFrom('usage_count')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'client')
    .select(['client_id', 'last_at'])
  const mints = db
    .selectFrom('credential_use')
    .where('tenant_id', '=', tenantId)
    .where('secret_id', '=', '')
    .select(['credential_id as client_id', 'last_at'])
  return db
    .selectFrom(calls.unionAll(mints).as('used'))
    .groupBy('client_id')
    .select(['client_id', sql<number | null>`max(last_at)`.as('last_used_at')])
}

const liveSecrets = (db: Database, tenantId: string, nowMs: number) =>
  db
    .selectFrom('credential_secret')
    .where('tenant_id', '=', tenantId)
    .where((eb) => eb.or([eb('retired_at', 'is', null), eb('retired_at', '>', nowMs)]))
    .groupBy('credential_id')
    .select([
      'credential_id',
      sql<number | null>`min(created_at)`.as('secret_created_at'),
      sql<number>`count(*)`.as('live_secrets'),
    ])
