import type { Database, Tx } from './schema.ts'
import { writeTransaction } from './write-transaction.ts'

const ROWS_PER_STATEMENT = 200

/**
 * Writes rows all or nothing, two hundred at a time, and in one order on every node: two that write at once then
 * never wait for each other in a circle. No two rows have the same key.
 */
export async function writeInOrder<Row>(
  db: Database,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  write: (tx: Tx, batch: Row[]) => Promise<unknown>,
): Promise<void> {
  const sorted = rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await writeTransaction(db, async (tx) => {
    for (let at = 0; at < sorted.length; at += ROWS_PER_STATEMENT)
      await write(tx, sorted.slice(at, at + ROWS_PER_STATEMENT))
  })
}
