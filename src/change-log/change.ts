import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'

/** What a change concerns. A process that keeps something of the kind in memory drops it when it reads the change. */
export type ChangeKind = 'tenant' | 'key' | 'identity' | 'client' | 'token' | 'family' | 'user_level' | 'catalog'

export interface Change {
  kind: ChangeKind
  subject: string
  /** True when whatever was issued to the subject before now must die: a deletion, a disabling, a shrinking. */
  isCutOff?: boolean
}

/** One lane suffices until a pod commits more than about a thousand changes a second. */
export const LANE = 0

/**
 * Appends to the change log as the LAST statement of a transaction, and answers the change's position. The lane's row
 * is locked from here to the commit: positions follow commit order without gaps, on SQLite and PostgreSQL alike.
 */
export async function appendChange(tx: Tx, ctx: RequestContext, change: Change): Promise<number> {
  const { seq } = await tx
    .updateTable('pod_clock')
    .set((eb) => ({ seq: eb('seq', '+', 1) }))
    .where('lane', '=', LANE)
    .returning('seq')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('change_log')
    .values({
      lane: LANE,
      seq,
      tenant_id: ctx.tenantId,
      kind: change.kind,
      subject: change.subject,
      is_cut_off: change.isCutOff ? 1 : 0,
      recorded_at: ctx.nowMs,
    })
    .execute()
  if (change.isCutOff) await rememberCutOff(tx, ctx, { ...change, position: seq })
  return seq
}

/** Access tokens outlive no cut-off that the log remembers; sessions and refresh tokens may, and ask this table. */
async function rememberCutOff(
  tx: Tx,
  ctx: RequestContext,
  { kind, subject, position }: Change & { position: number },
): Promise<void> {
  await tx
    .insertInto('cut_off')
    .values({ tenant_id: ctx.tenantId, kind, subject, position })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'kind', 'subject']).doUpdateSet({ position }))
    .execute()
}
