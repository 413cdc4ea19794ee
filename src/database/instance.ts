import { timingSafeEqual } from 'node:crypto'
import { OperatorError } from '../errors.ts'
import { type DataDirectory, markReady } from './data-directory.ts'
import type { Directory } from './schema.ts'

/**
 * Holds the database against the data directory and the master key: all three belong to one installation.
 * A new database is told its instance id; a data directory that is new to a shared database learns it.
 * @throws OperatorError when they do not belong together.
 */
export async function bindInstance(
  directory: DataDirectory,
  db: Directory,
  masterKeyCheck: Buffer,
  nowMs: number,
): Promise<void> {
  const { marker } = directory
  if (directory.isNew)
    await db
      .insertInto('instance')
      .values({ singleton: 1, id: marker.instanceId, master_key_check: masterKeyCheck, created_at: nowMs })
      .onConflict((conflict) => conflict.doNothing()) // the first of several nodes names the installation
      .execute()
  const instance = await db.selectFrom('instance').select(['id', 'master_key_check']).executeTakeFirst()
  if (!instance || (!directory.isNew && instance.id !== marker.instanceId))
    throw new OperatorError(
      `The database belongs to another installation than ${directory.path}. Restore both from the same backup.`,
    )
  if (!timingSafeEqual(instance.master_key_check, masterKeyCheck))
    throw new OperatorError('The master key is not the one this database was made with. Put the right key in place.')
  if (directory.isNew) markReady(directory, instance.id)
}
