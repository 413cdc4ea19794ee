import type { Selectable } from 'kysely'
import type { ActivityTable, Database } from '../database/schema.ts'

export type ActivityCount = Selectable<ActivityTable>

const ROWS_PER_STATEMENT = 200

/** Adds counts to those of the same client, minute and reason, all or nothing. The rows are of one tenant. */
export async function addActivity(db: Database, rows: readonly ActivityCount[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT)
      await tx
        .insertInto('activity')
        .values(rows.slice(at, at + ROWS_PER_STATEMENT))
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'minute', 'client_id', 'action', 'reason']).doUpdateSet((eb) => ({
            count: eb('activity.count', '+', eb.ref('excluded.count')),
            last_at: eb.ref('excluded.last_at'),
          })),
        )
        .execute()
  })
}
