import type { Tx } from '../database/schema.ts'
import { identityFromRow } from './find.ts'
import type { Identity } from './identity.ts'
import { findIdentityRow, findUserLevels, lockIdentityRow } from './store.ts'

/**
 * Identities as they stay until the transaction ends: whoever would change one, or its levels, waits. They are locked
 * in one order, so that two that lock the same never wait for each other in a circle. Those that do not exist are left
 * out.
 */
export async function lockIdentities(tx: Tx, tenantId: string, ids: readonly string[]): Promise<Map<string, Identity>> {
  const locked = new Map<string, Identity>()
  for (const id of ids.toSorted()) {
    await lockIdentityRow(tx, tenantId, id)
    const row = await findIdentityRow(tx, tenantId, id)
    if (row) locked.set(id, identityFromRow(row, await findUserLevels(tx, tenantId, id)))
  }
  return locked
}
