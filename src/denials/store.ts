import { sql } from 'kysely'
import { fromStoredJson } from '../database/stored-json.ts'
import type { Database, Tx } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { KnownDenial } from '../explain/explain.ts'
import { type DenialCount, keyOf } from './denial-counts.ts'
import type { DenialRow } from './denial-row.ts'

const ROWS_PER_STATEMENT = 100

/** Writes refusals and adds to their counts, all or nothing. All are of one tenant. */
export async function writeDenials(
  db: Database,
  { rows, counts }: { rows: readonly DenialRow[]; counts: readonly DenialCount[] },
): Promise<void> {
  // In one order on every node: two that write at once then never wait for each other in a circle.
  const sorted = counts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await writeTransaction(db, async (tx) => {
    for (const part of inParts(rows)) await insertDenials(tx, part)
    for (const part of inParts(sorted)) await addCounts(tx, part)
  })
}

/** An outcome that was unknown is written again: what is there already stays. */
async function insertDenials(tx: Tx, rows: readonly DenialRow[]): Promise<void> {
  await tx
    .insertInto('denial')
    .values([...rows])
    .onConflict((conflict) => conflict.columns(['tenant_id', 'tracking_id']).doNothing())
    .execute()
}

async function addCounts(tx: Tx, rows: readonly DenialCount[]): Promise<void> {
  await tx
    .insertInto('denial_count')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'client_id', 'method', 'path', 'reason', 'hour']).doUpdateSet((eb) => ({
        count: eb('denial_count.count', '+', eb.ref('excluded.count')),
        last_at: eb.ref('excluded.last_at'),
        last_tracking_id: sql<string>`coalesce(nullif(excluded.last_tracking_id, ''), denial_count.last_tracking_id)`,
      })),
    )
    .execute()
}

/** One refusal by its tracking id. */
export async function findDenialRow(
  db: Database,
  tenantId: string,
  trackingId: string,
): Promise<KnownDenial | undefined> {
  const row = await db
    .selectFrom('denial')
    .select(['method', 'path', 'client_id', 'identity_id', 'refused_at', 'explanation'])
    .where('tenant_id', '=', tenantId)
    .where('tracking_id', '=', trackingId)
    .executeTakeFirst()
  return (
    row && {
      method: row.method,
      path: row.path,
      clientId: row.client_id || null,
      identityId: row.identity_id || null,
      refusedAtMs: row.refused_at,
      explanation: fromStoredJson(row.explanation),
    }
  )
}

/** Which groups are wanted. */
export interface GroupFilter {
  readonly clientId?: string | undefined
  readonly reason?: string | undefined
  readonly sinceMs: number
  readonly limit: number
}

export interface GroupRow {
  readonly client_id: string
  readonly method: string
  readonly path: string
  readonly reason: string
  readonly count: number
  readonly first_at: number
  readonly last_at: number
  readonly last_tracking_id: string | null
}

/** Refusals grouped by client, operation and reason, the most frequent first. */
export async function listGroups(db: Database, tenantId: string, filter: GroupFilter): Promise<GroupRow[]> {
  let query = db
    .selectFrom('denial_count as one')
    .where('one.tenant_id', '=', tenantId)
    .where('one.last_at', '>=', filter.sinceMs)
  if (filter.clientId !== undefined) query = query.where('one.client_id', '=', filter.clientId)
  if (filter.reason !== undefined) query = query.where('one.reason', '=', filter.reason)
  const groups = await query
    .groupBy(['one.client_id', 'one.method', 'one.path', 'one.reason'])
    .select((eb) => [
      'one.client_id',
      'one.method',
      'one.path',
      'one.reason',
      eb.fn.sum<number | string>('one.count').as('count'),
      eb.fn.min('one.first_at').as('first_at'),
      eb.fn.max('one.last_at').as('last_at'),
      eb
        .selectFrom('denial_count as latest')
        .where('latest.tenant_id', '=', tenantId)
        .whereRef('latest.client_id', '=', 'one.client_id')
        .whereRef('latest.method', '=', 'one.method')
        .whereRef('latest.path', '=', 'one.path')
        .whereRef('latest.reason', '=', 'one.reason')
        .where('latest.last_tracking_id', '<>', '')
        .orderBy('latest.hour', 'desc')
        .limit(1)
        .select('latest.last_tracking_id')
        .as('last_tracking_id'),
    ])
    .orderBy('count', 'desc')
    .orderBy('last_at', 'desc')
    .orderBy('one.client_id')
    .orderBy('one.method')
    .orderBy('one.path')
    .orderBy('one.reason')
    .limit(filter.limit)
    .execute()
  return groups.map((group) => ({ ...group, count: Number(group.count) }))
}

function inParts<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_PER_STATEMENT) }, (_part, index) =>
    rows.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT),
  )
}
