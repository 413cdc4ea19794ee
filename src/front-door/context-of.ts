import type { KeyObject } from 'node:crypto'
import { boundedCache } from '../bounded-cache.ts'
import type { DatabaseHandle } from '../database/open.ts'
import type { ServerKeys } from '../keys/master-key.ts'
import { type Actor, nobody, type RequestContext } from '../request-context.ts'
import type { Visit } from './visit.ts'

/** The context of a request; nobody acts in it unless somebody is named. */
export type ContextOf = (visit: Visit, actor?: Actor) => RequestContext

const AUDIT_KEYS_MAX = 1000

/** Makes the contexts of requests; a tenant's audit key is derived once. */
export function contextMaker(database: DatabaseHandle, keys: ServerKeys): ContextOf {
  const auditKeys = boundedCache<string, KeyObject>(AUDIT_KEYS_MAX)
  const auditKeyOf = (tenantId: string): KeyObject => {
    let key = auditKeys.get(tenantId)
    if (!key) auditKeys.set(tenantId, (key = keys.auditKey(tenantId)))
    return key
  }
  return ({ site, nowMs, trackingId, network }, actor = nobody) => {
    const tenantId = site.tenant.id
    return {
      db: database.forTenant(tenantId),
      tenantId,
      auditKey: auditKeyOf(tenantId),
      actor,
      nowMs,
      trackingId,
      network,
    }
  }
}
