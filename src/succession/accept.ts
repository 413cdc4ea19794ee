import type { KeyObject } from 'node:crypto'
import type { Principal } from '../access/policy.ts'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { ChangeLog } from '../change-log/change-log.ts'
import { digestSecret, newSecret } from '../credentials/secret.ts'
import { insertSecret, retireSecrets } from '../credentials/secrets.ts'
import type { Tx } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { DomainError } from '../errors.ts'
import { lockIdentities } from '../identities/lock.ts'
import { findCredential } from '../inventory/credential.ts'
import { requireScopeWithin } from '../inventory/scope-within.ts'
import { transferPersonalAccessToken } from '../personal-access-tokens/transfer.ts'
import type { RequestContext } from '../request-context.ts'
import { requireOffer } from './decide.ts'
import { type OfferServices, requireFit } from './offer.ts'
import { type OfferRow, rememberHandedOver, takeOffer } from './store.ts'

export interface AcceptServices extends OfferServices {
  changes: ChangeLog
  /** Keys the digests of secrets. */
  secretsKey: KeyObject
}

/** A token in its new owner's hands. The secret is shown this once. */
export interface Accepted {
  clientId: string
  clientSecret: string
  ownerId: string
  /** Until when the secret from before works too; null when it ended at once. */
  oldSecretUntil: string | null
}

/**
 * Takes over a personal access token: its id stays, its owner and secret are new. Tokens minted before are dead. The
 * old secret ends at once when the old owner is disabled, else when the offer says.
 * @throws DomainError `not_found`, `beyond_token`, `illegal_value`, `conflict` or `limit_exceeded`; nothing has changed then.
 */
export async function acceptOffer(
  services: AcceptServices,
  ctx: RequestContext,
  { caller, id, perOwnerMax }: { caller: Principal; id: string; perOwnerMax: number },
): Promise<Accepted> {
  const offer = await requireOffer(services.identities, ctx, { caller, id, part: 'successor' })
  const credential = await findCredential(services, ctx, offer.credential_id)
  if (!credential) throw new DomainError('not_found', 'The token on offer was deleted.')
  requireScopeWithin(caller, credential.scope)
  const secret = newSecret()
  const until = await writeTransaction(ctx.db, async (tx) => {
    if (!(await takeOffer(tx, ctx.tenantId, id, ctx.nowMs)))
      throw new DomainError('not_found', `There is no open offer ${id} any more.`)
    const identities = await lockIdentities(tx, ctx.tenantId, [offer.from_id, offer.to_id])
    const owner = identities.get(offer.from_id)
    requireFit(owner, identities.get(offer.to_id))
    const { name } = credential
    await transferPersonalAccessToken(tx, ctx, {
      id: offer.credential_id,
      name,
      fromId: offer.from_id,
      toId: offer.to_id,
      perOwnerMax,
    })
    const endsAt = ctx.nowMs + (owner?.isEnabled ? offer.overlap_ms : 0)
    await replaceSecret(tx, ctx, { offer, digest: digestSecret(services.secretsKey, secret), endsAt })
    await record(tx, ctx, { offer, endsAt })
    return endsAt > ctx.nowMs ? new Date(endsAt).toISOString() : null
  })
  await services.changes.catchUp()
  return { clientId: offer.credential_id, clientSecret: secret, ownerId: offer.to_id, oldSecretUntil: until }
}

async function replaceSecret(
  tx: Tx,
  { tenantId, nowMs }: RequestContext,
  { offer, digest, endsAt }: { offer: OfferRow; digest: Buffer; endsAt: number },
): Promise<void> {
  const { credential_id: credentialId, from_id: formerOwnerId } = offer
  await rememberHandedOver(tx, tenantId, { formerOwnerId, credentialId, until: endsAt, nowMs })
  await retireSecrets(tx, tenantId, credentialId, endsAt)
  await insertSecret(tx, tenantId, { credentialId, digest, nowMs })
}

async function record(
  tx: Tx,
  ctx: RequestContext,
  { offer, endsAt }: { offer: OfferRow; endsAt: number },
): Promise<void> {
  const oldSecretUntil = new Date(endsAt).toISOString()
  await recordAudit(tx, ctx, {
    action: 'personal_access_token.transferred',
    targetKind: 'personal_access_token',
    targetId: offer.credential_id,
    details: { offerId: offer.id, fromId: offer.from_id, toId: offer.to_id, oldSecretUntil },
  })
  await appendChange(tx, ctx, { kind: 'client', subject: offer.credential_id, isCutOff: true })
}
