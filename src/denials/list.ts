import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { HOUR_MS } from './denial-counts.ts'
import type { DenialGroup, DenialQuery } from './schemas.ts'
import { listGroups } from './store.ts'

const KEPT_MS = 7 * 24 * HOUR_MS
const LIMIT = '50'

/** What the client parameter says for refusals that nobody stands behind. */
const NOBODY = 'nobody'

/**
 * Refusals grouped by client, operation and reason, the most frequent first. They are counted by the hour.
 * @throws DomainError `invalid` for a time that never was.
 */
export async function listDenials(
  { db, tenantId, nowMs }: RequestContext,
  { client, reason, since, limit = LIMIT }: DenialQuery,
): Promise<DenialGroup[]> {
  const sinceMs = since === undefined ? nowMs - KEPT_MS : Date.parse(since)
  if (Number.isNaN(sinceMs)) throw new DomainError('invalid', 'There is no such time as the one in since.')
  const clientId = client === NOBODY ? '' : client
  const groups = await listGroups(db, tenantId, { clientId, reason, sinceMs, limit: Number(limit) })
  return groups.map((group) => ({
    clientId: group.client_id || null,
    method: group.method,
    path: group.path,
    reason: group.reason,
    count: group.count,
    firstAt: new Date(group.first_at).toISOString(),
    lastAt: new Date(group.last_at).toISOString(),
    trackingId: group.last_tracking_id,
  }))
}
