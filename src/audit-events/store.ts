import type { CollectionQuery } from '../collections/collection-query.ts'
import type { Fields } from '../collections/fields.ts'
import { selectPage } from '../collections/select-page.ts'
import type { AuditEventRow, Database } from '../database/schema.ts'
import type { Page } from '../http/answer-page.ts'

const columns = [
  'tenant_id',
  'position',
  'recorded_at',
  'actor_kind',
  'actor_id',
  'action',
  'target_kind',
  'target_id',
  'outcome',
  'network',
  'tracking_id',
  'details',
  'mac',
] as const

/** By what audit events are filtered and sorted. */
export const auditEventFields: Fields = {
  position: { column: 'position', kind: 'number', operators: ['eq', 'gt', 'ge', 'lt', 'le'], isSortable: true },
  created: { column: 'recorded_at', kind: 'time', operators: ['gt', 'ge', 'lt', 'le'], isSortable: true },
  'actor.kind': { column: 'actor_kind', kind: 'id', operators: ['eq', 'ne', 'in'] },
  'actor.id': { column: 'actor_id', kind: 'id', operators: ['eq', 'ne', 'in'] },
  action: { column: 'action', kind: 'text', operators: ['eq', 'ne', 'sw', 'co', 'in'], isSortable: true },
  'target.kind': { column: 'target_kind', kind: 'id', operators: ['eq', 'ne', 'in'] },
  'target.id': { column: 'target_id', kind: 'id', operators: ['eq', 'ne', 'in'] },
  outcome: { column: 'outcome', kind: 'id', operators: ['eq', 'ne'] },
  network: { column: 'network', kind: 'id', operators: ['eq', 'ne', 'sw'] },
  trackingId: { column: 'tracking_id', kind: 'id', operators: ['eq', 'in'] },
}

const NEWEST_FIRST = [{ field: 'position', isDescending: true }]

/** The newest first, where nothing else is asked for. */
export function selectAuditEvents(
  db: Database,
  tenantId: string,
  asked: CollectionQuery,
): Promise<Page<AuditEventRow>> {
  const sorters = asked.sorters.length > 0 ? asked.sorters : NEWEST_FIRST
  const query = db.selectFrom('audit_event').select(columns).where('tenant_id', '=', tenantId)
  return selectPage(db, query, { ...asked, sorters }, 'position')
}
