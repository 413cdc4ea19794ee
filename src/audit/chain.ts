import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { AuditEventRow, Database } from '../database/schema.ts'

export type AuditEvent = Omit<AuditEventRow, 'mac'>

/** The seal of an event: an HMAC over everything it says and over the seal of the event before it. */
export function eventMac(key: KeyObject, previousMac: Buffer, event: AuditEvent): Buffer {
  const text = JSON.stringify([
    event.tenant_id,
    event.position,
    event.recorded_at,
    event.actor_kind,
    event.actor_id,
    event.action,
    event.target_kind,
    event.target_id,
    event.outcome,
    event.network,
    event.tracking_id,
    event.details,
  ])
  return createHmac('sha256', key).update(previousMac).update(text).digest()
}

/** `brokenAt` is the first position where an event is missing, altered or out of order; undefined when all hold. */
export interface ChainVerdict {
  events: number
  brokenAt: number | undefined
}

const PAGE = 1000

/** Reads one tenant's whole audit trail and checks that every event is there, unaltered and in order. */
export async function verifyAuditChain(db: Database, tenantId: string, key: KeyObject): Promise<ChainVerdict> {
  let previousMac: Buffer = Buffer.alloc(0)
  let events = 0
  for (;;) {
    const page = await pageAfter(db, tenantId, events)
    for (const { mac, ...event } of page) {
      if (event.position !== events + 1 || !isEqual(mac, eventMac(key, previousMac, event)))
        return { events, brokenAt: events + 1 }
      previousMac = mac
      events += 1
    }
    if (page.length < PAGE) break
  }
  const head = await db
    .selectFrom('audit_chain')
    .select(['position', 'mac'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  const isWhole = head ? head.position === events && isEqual(head.mac, previousMac) : events === 0
  return { events, brokenAt: isWhole ? undefined : events + 1 }
}

function pageAfter(db: Database, tenantId: string, position: number): Promise<AuditEventRow[]> {
  return db
    .selectFrom('audit_event')
    .select(['tenant_id', 'position', 'recorded_at', 'actor_kind', 'actor_id', 'action', 'target_kind', 'target_id'])
    .select(['outcome', 'network', 'tracking_id', 'details', 'mac'])
    .where('tenant_id', '=', tenantId)
    .where('position', '>', position)
    .orderBy('position')
    .limit(PAGE)
    .execute()
}

const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
