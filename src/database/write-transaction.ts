import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { isWriteConflict } from './conflicts.ts'
import type { Database, Tx } from './schema.ts'

const WITHIN_MS = 5000
const PAUSE_MS_MAX = 50

/**
 * Runs `run` in a transaction, and again from its start while it loses to others, for `withinMs`. `run` must do
 * nothing that cannot be done twice, apart from what it writes, and must not wait for anything but the database.
 * An outcome that is unknown, as when the connection breaks at the commit, is thrown and never tried again.
 */
export async function writeTransaction<Result>(
  db: Database,
  run: (tx: Tx) => Promise<Result>,
  withinMs = WITHIN_MS,
): Promise<Result> {
  const giveUpAtMs = performance.now() + withinMs
  for (;;) {
    try {
      return await db.transaction().execute(run)
    } catch (error) {
      if (!isWriteConflict(error) || performance.now() >= giveUpAtMs) throw error
    }
    await pause(randomInt(PAUSE_MS_MAX))
  }
}
