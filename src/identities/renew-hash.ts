import type { Tx } from '../database/schema.ts'
import { replacePasswordHash } from './store.ts'

/**
 * Keeps the same password under a new hash, within the caller's transaction. Nothing ends by it, and nothing happens
 * when the identity has another password by now: the hash is replaced in one statement that asks for the old one.
 */
export async function renewPasswordHash(
  tx: Tx,
  tenantId: string,
  { id, from, to }: { id: string; from: string; to: string },
): Promise<void> {
  await replacePasswordHash(tx, tenantId, { id, from, to })
}
