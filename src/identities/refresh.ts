import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { updateIdentityRow } from './store.ts'

/**
 * Makes every process read these identities and their levels afresh, and dates their last refresh, within the caller's
 * transaction. Lock them before.
 */
export async function refreshIdentities(tx: Tx, ctx: RequestContext, ids: readonly string[]): Promise<void> {
  for (const id of ids) await updateIdentityRow(tx, ctx.tenantId, id, { modified_at: ctx.nowMs })
  for (const id of ids)
    await recordAudit(tx, ctx, { action: 'identity.refreshed', targetKind: 'identity', targetId: id })
  for (const id of ids) await appendChange(tx, ctx, { kind: 'identity', subject: id })
}
