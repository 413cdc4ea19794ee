import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { type AuditEvent, chainSeal, eventMac, NO_SEAL } from './chain.ts'

/** What happened, in the words of the audit trail: `personal_access_token.created`. Details never hold a secret. */
export interface AuditEntry {
  action: string
  targetKind: string
  targetId: string
  outcome?: 'success' | 'refused'
  details?: Record<string, unknown>
}

/**
 * Writes an audit event in the caller's transaction, chained to the one before: no record, no change.
 * The chain's row is locked until commit, so one tenant's events have one order on every node.
 */
export async function recordAudit(tx: Tx, ctx: RequestContext, entry: AuditEntry): Promise<void> {
  const head = await takeNextPosition(tx, ctx.tenantId)
  const event: AuditEvent = {
    tenant_id: ctx.tenantId,
    position: head.position,
    recorded_at: ctx.nowMs,
    actor_kind: ctx.actor.kind,
    actor_id: ctx.actor.id,
    action: entry.action,
    target_kind: entry.targetKind,
    target_id: entry.targetId,
    outcome: entry.outcome ?? 'success',
    network: ctx.network,
    tracking_id: ctx.trackingId,
    details: JSON.stringify(entry.details ?? {}),
  }
  const mac = eventMac(ctx.auditKey, head.seal, event)
  await tx
    .insertInto('audit_event')
    .values({ ...event, mac })
    .execute()
  const seal = chainSeal(ctx.auditKey, mac)
  await tx.updateTable('audit_chain').set({ mac: seal }).where('tenant_id', '=', ctx.tenantId).execute()
}

async function takeNextPosition(tx: Tx, tenantId: string): Promise<{ position: number; seal: Buffer }> {
  const { position, mac } = await tx
    .insertInto('audit_chain')
    .values({ tenant_id: tenantId, position: 1, mac: NO_SEAL })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id']).doUpdateSet((eb) => ({ position: eb('audit_chain.position', '+', 1) })),
    )
    .returning(['position', 'mac'])
    .executeTakeFirstOrThrow()
  return { position, seal: mac }
}
