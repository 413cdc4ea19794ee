import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { retireHandedOver, takeHandedOver, takeOutgrown } from './handed-over-store.ts'

/**
 * Ends what an identity that is disabled or deleted may still know: the old secrets of tokens that it handed over
 * lately, and the tokens that were minted with them.
 */
export async function endHandedOverSecrets(tx: Tx, ctx: RequestContext, formerOwnerId: string): Promise<void> {
  await end(tx, ctx, await takeHandedOver(tx, ctx.tenantId, formerOwnerId))
}

/**
 * Ends the old secrets of tokens that an identity handed over or was handed, once their owner can do more than the one
 * who may still know them. Ask when its user levels have changed, after the audit event was written: from there on no
 * other change of the tenant can come between.
 */
export async function endOutgrownSecrets(tx: Tx, ctx: RequestContext, identityId: string): Promise<void> {
  await end(tx, ctx, await takeOutgrown(tx, ctx.tenantId, identityId))
}

async function end(tx: Tx, ctx: RequestContext, handedOver: Awaited<ReturnType<typeof takeHandedOver>>): Promise<void> {
  for (const credentialId of await retireHandedOver(tx, ctx.tenantId, { handedOver, nowMs: ctx.nowMs }))
    await appendChange(tx, ctx, { kind: 'client', subject: credentialId, isCutOff: true })
}
