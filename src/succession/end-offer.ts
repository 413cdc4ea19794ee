import type { Principal } from '../access/policy.ts'
import { recordAudit } from '../audit/record.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import type { Identities } from '../identities/find.ts'
import type { RequestContext } from '../request-context.ts'
import { type Part, requireOffer } from './decide.ts'
import { takeOffer } from './store.ts'

/** Declines an offer as its successor, or withdraws it as its giver. @throws DomainError `not_found`. */
export async function endOffer(
  identities: Identities,
  ctx: RequestContext,
  { caller, id, part }: { caller: Principal; id: string; part: Part },
): Promise<void> {
  const offer = await requireOffer(identities, ctx, { caller, id, part })
  await writeTransaction(ctx.db, async (tx) => {
    if (!(await takeOffer(tx, ctx.tenantId, id, ctx.nowMs)))
      throw new DomainError('not_found', `There is no open offer ${id} any more.`)
    await recordAudit(tx, ctx, {
      action: part === 'successor' ? 'personal_access_token.offer_declined' : 'personal_access_token.offer_withdrawn',
      targetKind: 'personal_access_token',
      targetId: offer.credential_id,
      details: { offerId: id, ownerId: offer.from_id, successorId: offer.to_id },
    })
  })
}
