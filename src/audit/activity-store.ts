import type { Selectable } from 'kysely'
import type { ActivityTable, Database } from '../database/schema.ts'
import { writeInOrder } from '../database/write-in-order.ts'

export type ActivityCount = Selectable<ActivityTable>

/** What tells one count from another. */
export const keyOf = (row: ActivityCount): string =>
  `${row.tenant_id} ${row.minute} ${row.client_id} ${row.action} ${row.reason}`

/** Adds counts to those of the same client, minute and reason, all or nothing. The rows are of one tenant. */
export function addActivity(db: Database, rows: readonly ActivityCount[]): Promise<void> {
  return writeInOrder(db, rows, keyOf, (tx, batch) =>
    tx
      .insertInto('activity')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'minute', 'client_id', 'action', 'reason']).doUpdateSet((eb) => ({
          count: eb('activity.count', '+', eb.ref('excluded.count')),
          last_at: eb.ref('excluded.last_at'),
        })),
      )
      .execute(),
  )
}
