import { timingSafeEqual } from 'node:crypto'
import { OperatorError } from '../errors.ts'
import { type DataDirectory, markReady } from './data-directory.ts'
import { isDatabaseOutage } from './outage.ts'
import type { Directory } from './schema.ts'

/**
 * Holds the database against the data directory and the master key: all three belong to one installation.
 * A new database is told its instance id; a data directory that is new to a shared database learns it.
 * @throws OperatorError when they do not belong together, or the database cannot be read.
 */
export async function bindInstance(
  directory: DataDirectory,
  db: Directory,
  masterKeyCheck: Buffer,
  nowMs: number,
): Promise<void> {
  const { marker, isNew, path } = directory
  const made = { singleton: 1, id: marker.instanceId, master_key_check: masterKeyCheck, created_at: nowMs }
  const instance = await readInstance(db, isNew ? made : undefined)
  if (!instance || (!isNew && instance.id !== marker.instanceId))
    throw new OperatorError(
      `The database belongs to another installation than ${path}. Restore both from the same backup.`,
    )
  if (!isEqual(instance.master_key_check, masterKeyCheck))
    throw new OperatorError('The master key is not the one this database was made with. Put the right key in place.')
  if (isNew) markReady(directory, instance.id)
}

interface Instance {
  id: string
  master_key_check: Buffer
}

async function readInstance(
  db: Directory,
  made: (Instance & { singleton: number; created_at: number }) | undefined,
): Promise<Instance | undefined> {
  try {
    if (made)
      await db
        .insertInto('instance')
        .values(made)
        .onConflict((conflict) => conflict.doNothing()) // the first of several nodes names the installation
        .execute()
    return await db.selectFrom('instance').select(['id', 'master_key_check']).executeTakeFirst()
  } catch (error) {
    if (!isDatabaseOutage(error) || !(error instanceof Error)) throw error
    throw new OperatorError(`The database cannot be read (${error.message}). Restore it from a backup.`, {
      cause: error,
    })
  }
}

const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
