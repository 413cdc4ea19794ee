import { isUniqueViolation } from '../database/conflicts.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { PERSONAL_ACCESS_TOKENS_PER_OWNER } from './personal-access-token.ts'
import { findPersonalAccessTokenByName, listSlots, moveToOwner } from './store.ts'

/** A token that gets another owner. */
export interface Transfer {
  id: string
  name: string
  fromId: string
  toId: string
  /** How many one owner may hold, at most ten. */
  perOwnerMax: number
}

/**
 * Gives a token to another owner within the caller's transaction; its id stays. The caller records it.
 * @throws DomainError `conflict` when it is not that owner's any more, or the new owner has a token of its name;
 * `limit_exceeded` when the new owner holds as many as allowed.
 */
export async function transferPersonalAccessToken(
  tx: Tx,
  { tenantId, nowMs }: RequestContext,
  { id, name, fromId, toId, perOwnerMax }: Transfer,
): Promise<void> {
  if (await findPersonalAccessTokenByName(tx, tenantId, { ownerId: toId, name }))
    throw new DomainError('conflict', `The new owner has a token named ${name} already. Rename one of the two first.`)
  const slot = freeSlot(await listSlots(tx, tenantId, toId), perOwnerMax)
  try {
    if (await moveToOwner(tx, tenantId, { id, fromId, toId, slot, nowMs })) return
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new DomainError('conflict', 'The new owner got another token at the same time. Try again.', { cause: error })
  }
  throw new DomainError('conflict', 'The token was deleted or given to somebody else meanwhile.')
}

function freeSlot(taken: readonly number[], perOwnerMax: number): number {
  const max = Math.min(perOwnerMax, PERSONAL_ACCESS_TOKENS_PER_OWNER)
  const free = Array.from({ length: max }, (_, index) => index + 1).find((slot) => !taken.includes(slot))
  if (free !== undefined && taken.length < max) return free
  throw new DomainError(
    'limit_exceeded',
    `The new owner holds ${taken.length} personal access tokens, as many as allowed. One must be deleted first.`,
  )
}
