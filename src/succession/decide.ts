import type { Principal } from '../access/policy.ts'
import { meetsScope } from '../access/requirements.ts'
import { DomainError } from '../errors.ts'
import type { Identities } from '../identities/find.ts'
import { isAdministrator, MANAGE_CREDENTIALS } from '../inventory/credential.ts'
import type { RequestContext } from '../request-context.ts'
import { findOffer, type OfferRow } from './store.ts'

/** Who the caller is to an offer. */
export type Part = 'successor' | 'giver'

/**
 * An open offer that the caller may decide on. A person accepts and declines by itself; for a machine an `ORG_ADMIN`
 * does. Its owner, or an `ORG_ADMIN`, withdraws it.
 * @throws DomainError `not_found` for every other caller.
 */
export async function requireOffer(
  identities: Identities,
  ctx: RequestContext,
  { caller, id, part }: { caller: Principal; id: string; part: Part },
): Promise<OfferRow> {
  const offer = await findOffer(ctx.db, ctx.tenantId, id, ctx.nowMs)
  if (offer && meetsScope(caller, MANAGE_CREDENTIALS) && (await isTheirs(identities, ctx, { caller, offer, part })))
    return offer
  throw new DomainError('not_found', `There is no open offer ${id} for you to decide on.`)
}

async function isTheirs(
  identities: Identities,
  { db, tenantId }: RequestContext,
  { caller, offer, part }: { caller: Principal; offer: OfferRow; part: Part },
): Promise<boolean> {
  if (part === 'giver') return caller.identityId === offer.from_id || isAdministrator(caller)
  if (caller.identityId === offer.to_id) return true
  const successor = await identities.find(db, tenantId, offer.to_id)
  return successor?.kind === 'MACHINE' && isAdministrator(caller)
}
