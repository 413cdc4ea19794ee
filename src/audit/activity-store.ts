import type { Selectable } from 'kysely'
import type { ActivityTable, Database } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'

export type ActivityCount = Selectable<ActivityTable>

const ROWS_PER_STATEMENT = 200

/** What tells one count from another. */
export const keyOf = (row: ActivityCount): string =>
  `${row.tenant_id} ${row.minute} ${row.client_id} ${row.action} ${row.reason}`

/** Adds counts to those of the same client, minute and reason, all or nothing. The rows are of one tenant. */
export async function addActivity(db: Database, rows: readonly ActivityCount[]): Promise<void> {
  // In one order on every node: two that write at once then never wait for each other in a circle.
  const sorted = rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await writeTransaction(db, async (tx) => {
    for (let at = 0; at < sorted.length; at += ROWS_PER_STATEMENT)
      await tx
        .insertInto('activity')
        .values(sorted.slice(at, at + ROWS_PER_STATEMENT))
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'minute', 'client_id', 'action', 'reason']).doUpdateSet((eb) => ({
            count: eb('activity.count', '+', eb.ref('excluded.count')),
            last_at: eb.ref('excluded.last_at'),
          })),
        )
        .execute()
  })
}
