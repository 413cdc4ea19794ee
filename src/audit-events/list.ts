import { type Static, Type } from 'typebox'
import type { CollectionQuery } from '../collections/collection-query.ts'
import type { AuditEventRow } from '../database/schema.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import { mapPage, type Page } from '../http/answer-page.ts'
import type { RequestContext } from '../request-context.ts'
import { selectAuditEvents } from './store.ts'

export { auditEventFields } from './store.ts'

const Who = Type.Object({ kind: Type.String(), id: Type.String() })

export const AuditEventDto = Type.Object({
  position: Type.Integer({ description: 'Its place in the chain of the tenant: 1, 2, 3 ...' }),
  created: Type.String(),
  actor: Who,
  action: Type.String(),
  target: Who,
  outcome: Type.String(),
  network: Type.String({ description: 'Where the actor called from; empty for commands.' }),
  trackingId: Type.String(),
  details: Type.Object({}, { additionalProperties: true, description: 'Never a secret.' }),
})
export type AuditEventDto = Static<typeof AuditEventDto>

/** The audit events of the tenant, as asked for. */
export async function listAuditEvents(
  { db, tenantId }: RequestContext,
  asked: CollectionQuery,
): Promise<Page<AuditEventDto>> {
  return mapPage(await selectAuditEvents(db, tenantId, asked), auditEventDto)
}

const auditEventDto = (row: AuditEventRow): AuditEventDto => ({
  position: row.position,
  created: new Date(row.recorded_at).toISOString(),
  actor: { kind: row.actor_kind, id: row.actor_id },
  action: row.action,
  target: { kind: row.target_kind, id: row.target_id },
  outcome: row.outcome,
  network: row.network,
  trackingId: row.tracking_id,
  details: fromStoredJson(row.details),
})
