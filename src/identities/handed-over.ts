import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { retireHandedOverSecrets } from './handed-over-store.ts'

/**
 * Ends what a disabled identity may still know: the old secrets of tokens that it handed over lately, and the tokens
 * that were minted with them.
 */
export async function endHandedOverSecrets(tx: Tx, ctx: RequestContext, formerOwnerId: string): Promise<void> {
  for (const credentialId of await retireHandedOverSecrets(tx, ctx.tenantId, { formerOwnerId, nowMs: ctx.nowMs }))
    await appendChange(tx, ctx, { kind: 'client', subject: credentialId, isCutOff: true })
}
