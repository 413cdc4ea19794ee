import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { AuditEventRow, Database } from '../database/schema.ts'

export type AuditEvent = Omit<AuditEventRow, 'mac'>

/** What proves an event: an HMAC over everything it says and over the seal of the chain before it. */
export function eventMac(key: KeyObject, sealBefore: Buffer, event: AuditEvent): Buffer {
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
  return createHmac('sha256', key).update('event').update(sealBefore).update(text).digest()
}

/**
 * What proves that a chain ends with an event. Only the latest seal is stored, so that whoever cuts off the newest
 * events cannot find the seal of those that are left.
 */
export const chainSeal = (key: KeyObject, mac: Buffer): Buffer =>
  createHmac('sha256', key).update('seal').update(mac).digest()

/** The seal of a chain without events. */
export const NO_SEAL: Buffer = Buffer.alloc(0)

/** `brokenAt` is the first position where an event is missing, altered or out of order; undefined when all hold. */
export interface ChainVerdict {
  events: number
  brokenAt: number | undefined
}

const PAGE = 1000

/**
 * Reads one tenant's whole audit trail and checks that every event is there, unaltered and in order. Events recorded
 * meanwhile are left for the next time. A tenant has an event from its making on: none at all is a broken trail.
 */
export async function verifyAuditChain(db: Database, tenantId: string, key: KeyObject): Promise<ChainVerdict> {
  const head = await findHead(db, tenantId)
  if (!head) return { events: 0, brokenAt: 1 }
  let seal = NO_SEAL
  let events = 0
  while (events < head.position) {
    const page = await pageAfter(db, tenantId, events === 0 ? Number.MIN_SAFE_INTEGER : events)
    if (page.length === 0) return { events, brokenAt: events + 1 }
    for (const { mac, ...event } of page.slice(0, head.position - events)) {
      if (event.position !== events + 1 || !isEqual(mac, eventMac(key, seal, event)))
        return { events, brokenAt: events + 1 }
      seal = chainSeal(key, mac)
      events += 1
    }
  }
  const isWhole = isEqual(head.mac, seal) && !(await hasStrays(db, tenantId, events))
  return { events, brokenAt: isWhole ? undefined : events + 1 }
}

/** Are there events past the end of the chain? Those recorded since it was read have moved its end. */
async function hasStrays(db: Database, tenantId: string, events: number): Promise<boolean> {
  const [stray] = await pageAfter(db, tenantId, events)
  if (!stray) return false
  const head = await findHead(db, tenantId)
  return !head || head.position < stray.position
}

function findHead(db: Database, tenantId: string): Promise<{ position: number; mac: Buffer } | undefined> {
  return db.selectFrom('audit_chain').select(['position', 'mac']).where('tenant_id', '=', tenantId).executeTakeFirst()
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
