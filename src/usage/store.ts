import { type Selectable, sql } from 'kysely'
import type { UsageCountTable } from '../database/lifecycle-schema.ts'
import type { Database } from '../database/schema.ts'
import { writeInOrder } from '../database/write-in-order.ts'

export type UsageRow = Selectable<UsageCountTable>

/** What tells one count from another. */
export const keyOf = (row: UsageRow): string =>
  `${row.tenant_id} ${row.kind} ${row.client_id} ${row.day} ${row.method} ${row.subject}`

/** Adds counts to those of the same client, day and subject, all or nothing. The rows are of one tenant. */
export function addUsage(db: Database, rows: readonly UsageRow[]): Promise<void> {
  return writeInOrder(db, rows, keyOf, (tx, batch) =>
    tx
      .insertInto('usage_count')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'kind', 'client_id', 'day', 'method', 'subject']).doUpdateSet((eb) => ({
          count: eb('usage_count.count', '+', eb.ref('excluded.count')),
          last_at: eb
            .case()
            .when('usage_count.last_at', '>', eb.ref('excluded.last_at'))
            .then(eb.ref('usage_count.last_at'))
            .else(eb.ref('excluded.last_at'))
            .end(),
        })),
      )
      .execute(),
  )
}

/** From the first day to the last, both included. */
export interface Days {
  readonly since: number
  readonly until: number
}

/** A sum as a number in both dialects. */
const total = sql<number>`cast(sum("count") as bigint)`
const latest = sql<number>`max("last_at")`

export interface ClientTotal {
  client_id: string
  count: number
  last_at: number
}

/** What every client of a tenant did in these days, in one number each. */
export function sumByClient(
  db: Database,
  tenantId: string,
  { since, until, kind }: Days & { kind: 'client' | 'denial' },
): Promise<ClientTotal[]> {
  return db
    .selectFrom('usage_count')
    .select(['client_id', total.as('count'), latest.as('last_at')])
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .where('day', '>=', since)
    .where('day', '<=', until)
    .groupBy('client_id')
    .orderBy('client_id')
    .execute()
}

export interface SubjectTotal {
  method: string
  subject: string
  count: number
  last_at: number
}

/** What one client did in these days, by operation, network or reason, the most frequent first. */
export function sumBySubject(
  db: Database,
  tenantId: string,
  { clientId, kind, since, until, max }: Days & { clientId: string; kind: UsageRow['kind']; max: number },
): Promise<SubjectTotal[]> {
  return db
    .selectFrom('usage_count')
    .select(['method', 'subject', total.as('count'), latest.as('last_at')])
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .where('client_id', '=', clientId)
    .where('day', '>=', since)
    .where('day', '<=', until)
    .groupBy(['method', 'subject'])
    .orderBy(sql`3 desc`)
    .orderBy('subject')
    .orderBy('method')
    .limit(max)
    .execute()
}

/** How often a client called on each of these days; days without calls are left out. */
export function countByDay(
  db: Database,
  tenantId: string,
  { clientId, since, until }: Days & { clientId: string },
): Promise<{ day: number; count: number; last_at: number }[]> {
  return db
    .selectFrom('usage_count')
    .select(['day', 'count', 'last_at'])
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'client')
    .where('client_id', '=', clientId)
    .where('day', '>=', since)
    .where('day', '<=', until)
    .orderBy('day')
    .execute()
}

/** Which credentials are whose, and what they are called, at present. */
export async function namesOfCredentials(
  db: Database,
  tenantId: string,
): Promise<{ id: string; name: string; owner_id: string | null }[]> {
  const tokens = await db
    .selectFrom('personal_access_token')
    .select(['id', 'name', 'owner_id'])
    .where('tenant_id', '=', tenantId)
    .execute()
  const clients = await db.selectFrom('oauth_client').select(['id', 'name']).where('tenant_id', '=', tenantId).execute()
  return [...tokens, ...clients.map((client) => ({ ...client, owner_id: null }))]
}

/** Calls of the whole tenant in these days, of one method or of all. */
interface OperationCounts {
  days: Days
  method?: string
}

const operationCounts = (db: Database, tenantId: string, { days, method }: OperationCounts) => {
  const counts = db
    .selectFrom('usage_count')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'operation')
    .where('client_id', '=', '')
    .where('day', '>=', days.since)
    .where('day', '<=', days.until)
  return method === undefined ? counts : counts.where('method', '=', method)
}

/** How many calls there were. */
export async function countOperations(db: Database, tenantId: string, asked: OperationCounts): Promise<number> {
  const row = await operationCounts(db, tenantId, asked).select(total.as('count')).executeTakeFirst()
  return row?.count ?? 0
}

/** How many calls each path had, the busiest first. */
export function pageOfOperations(
  db: Database,
  tenantId: string,
  { limit, offset, ...asked }: OperationCounts & { limit: number; offset: number },
): Promise<{ subject: string; count: number }[]> {
  return operationCounts(db, tenantId, asked)
    .select(['subject', total.as('count')])
    .groupBy('subject')
    .orderBy(sql`2 desc`)
    .orderBy('subject')
    .limit(limit)
    .offset(offset)
    .execute()
}
