import type { Principal } from '../access/policy.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import { readUserLevels } from '../identities/find.ts'
import type { DescribedToken } from './described-token.ts'

/** Who asks for something to be done to a token. */
export interface TokenCaller {
  readonly caller: Principal
  /** May the caller do it to the tokens of others? */
  readonly mayTouchAll: boolean
}

export const tokenNotFound = (id: string): DomainError =>
  new DomainError('not_found', `There is no personal access token ${id}.`)

/**
 * Refuses whoever may not touch a token: one's own one may; those of others with the right to all, and those of
 * somebody who holds a user level as an `ORG_ADMIN` alone.
 * @throws DomainError `resource_denied`.
 */
export async function requireTouchable(
  tx: Tx,
  tenantId: string,
  { ownerId }: DescribedToken,
  { caller, mayTouchAll }: TokenCaller,
): Promise<void> {
  if (ownerId === caller.identityId) return
  if (!mayTouchAll)
    throw new DomainError(
      'resource_denied',
      'This personal access token belongs to somebody else. Only its owner may do this, or whoever has the right to all tokens.',
    )
  if (caller.userLevels.includes('ORG_ADMIN')) return
  if ((await readUserLevels(tx, tenantId, ownerId)).length > 0)
    throw new DomainError(
      'resource_denied',
      'The owner of this personal access token holds a user level, so only an ORG_ADMIN may do this.',
    )
}
