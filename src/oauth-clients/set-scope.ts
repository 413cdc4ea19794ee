import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { replaceScope } from './store.ts'

/**
 * Gives a credential another scope in place of the one that it is known to hold, within the caller's transaction. The
 * caller records it.
 * @throws DomainError `conflict` when it was changed or deleted meanwhile.
 */
export async function setOauthClientScope(
  tx: Tx,
  { tenantId, nowMs }: RequestContext,
  { id, from, scope }: { id: string; from: readonly string[]; scope: readonly string[] },
): Promise<void> {
  if (await replaceScope(tx, tenantId, { id, from: JSON.stringify(from), scope: JSON.stringify(scope), nowMs })) return
  throw new DomainError('conflict', `The API client ${id} was changed or deleted meanwhile. Look at it again.`)
}
