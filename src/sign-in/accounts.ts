import { recordAudit } from '../audit/record.ts'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { deleteGuardRow } from './guard-store.ts'
import { endResets } from './reset-store.ts'
import { deleteSessionRowsOf } from './session-store.ts'

/** Ends the sessions of an identity, the links it was mailed and a lock, within the caller's transaction. */
export async function forgetSignIns(tx: Tx, { tenantId, nowMs }: RequestContext, identityId: string): Promise<void> {
  await deleteGuardRow(tx, tenantId, identityId)
  await deleteSessionRowsOf(tx, tenantId, identityId)
  await endResets(tx, tenantId, { identityId, nowMs })
}

/** Lets an identity try passwords again before its lock ends, within the caller's transaction. */
export async function unlockSignIn(tx: Tx, ctx: RequestContext, identityId: string): Promise<void> {
  await deleteGuardRow(tx, ctx.tenantId, identityId)
  await recordAudit(tx, ctx, { action: 'identity.unlocked', targetKind: 'identity', targetId: identityId })
}
