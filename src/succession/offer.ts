import { randomBytes } from 'node:crypto'
import type { Principal } from '../access/policy.ts'
import { recordAudit } from '../audit/record.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { Identities } from '../identities/find.ts'
import type { Identity } from '../identities/identity.ts'
import { type CredentialSources, MANAGE_CREDENTIALS, requireCredential } from '../inventory/credential.ts'
import { requireScopeWithin } from '../inventory/scope-within.ts'
import type { RequestContext } from '../request-context.ts'
import { insertOffer, type OfferRow } from './store.ts'

export interface OfferServices extends CredentialSources {
  identities: Identities
}

/** Which token shall be whose. */
export interface NewOffer {
  credentialId: string
  successorId: string
  /** How many days the old secret goes on working once the offer is accepted: 0 to 7. */
  overlapDays: number
}

const DAY_MS = 86_400_000
const OPEN_MS = 14 * DAY_MS

/**
 * Offers a personal access token to another identity, which has two weeks to accept.
 * @throws DomainError `not_found` for a token that is not the caller's to give, `beyond_token` for one that can do more
 * than the caller's own token, `illegal_value` for a successor who could do more with it than its owner,
 * `conflict` when it is on offer already.
 */
export async function offerCredential(
  services: OfferServices,
  ctx: RequestContext,
  { caller, credentialId, successorId, overlapDays }: NewOffer & { caller: Principal },
): Promise<OfferRow> {
  const credential = await requireCredential(services, ctx, { caller, id: credentialId, scope: MANAGE_CREDENTIALS })
  if (credential.ownerId === null)
    throw new DomainError('invalid', 'An API client belongs to nobody, so it stays when people leave.')
  requireScopeWithin(caller, credential.scope)
  const find = (id: string) => services.identities.find(ctx.db, ctx.tenantId, id)
  requireFit(await find(credential.ownerId), await find(successorId))
  const offer: OfferRow = {
    tenant_id: ctx.tenantId,
    id: randomBytes(16).toString('hex'),
    credential_id: credentialId,
    from_id: credential.ownerId,
    to_id: successorId,
    overlap_ms: overlapDays * DAY_MS,
    offered_at: ctx.nowMs,
    expires_at: ctx.nowMs + OPEN_MS,
  }
  await writeTransaction(ctx.db, async (tx) => {
    if (!(await insertOffer(tx, offer)))
      throw new DomainError('conflict', 'The token is on offer already. Withdraw that offer first.')
    await recordAudit(tx, ctx, {
      action: 'personal_access_token.offered',
      targetKind: 'personal_access_token',
      targetId: credentialId,
      details: { offerId: offer.id, ownerId: offer.from_id, successorId },
    })
  })
  return offer
}

/**
 * A successor must be able to do no more than the owner: others may know the secret.
 * @throws DomainError `reference_not_found` or `illegal_value`.
 */
export function requireFit(owner: Identity | undefined, successor: Identity | undefined): void {
  if (!successor) throw new DomainError('reference_not_found', 'There is no identity of the successor’s id.')
  if (successor.id === owner?.id) throw new DomainError('illegal_value', 'The successor owns the token already.')
  if (!successor.isEnabled) throw new DomainError('illegal_value', 'The successor is disabled.')
  const more = successor.userLevels.filter((level) => !owner?.userLevels.includes(level))
  if (more.length === 0) return
  throw new DomainError(
    'illegal_value',
    `The successor holds user levels that the owner does not hold: ${more.join(', ')}. Whoever knows the secret could then do more than before. Choose somebody with the same levels or fewer, or make a new token.`,
  )
}
