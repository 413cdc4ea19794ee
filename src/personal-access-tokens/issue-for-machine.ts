import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identities/identity.ts'
import { lockIdentity } from '../identities/list.ts'
import type { RequestContext } from '../request-context.ts'
import { type AskedToken, type IssuedToken, type Issuing, issueToOwner } from './issue.ts'

/**
 * Makes a personal access token for a machine, which cannot sign in to make its own. Ask before whether the caller
 * is an administrator.
 * @throws DomainError `not_found`, `resource_denied` for a person, `illegal_value` for a disabled machine, and
 * whatever refuses a token of one's own.
 */
export function issueForMachine(
  ctx: RequestContext,
  { machineId, ...asked }: AskedToken & { readonly machineId: string },
  issuing: Issuing,
): Promise<IssuedToken> {
  return writeTransaction(ctx.db, async (tx) => {
    requireEnabledMachine(await lockIdentity(tx, ctx.tenantId, machineId))
    return issueToOwner(tx, ctx, { ...asked, ownerId: machineId }, issuing)
  })
}

function requireEnabledMachine({ alias, kind, isEnabled }: Identity): void {
  if (kind !== 'MACHINE')
    throw new DomainError(
      'resource_denied',
      `${alias} is a person, and only the person makes personal access tokens of its own. Others make them for machines alone.`,
    )
  if (!isEnabled)
    throw new DomainError('illegal_value', `${alias} is disabled, so no token of it works. Enable it first.`)
}
