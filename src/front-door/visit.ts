import type { IncomingMessage } from 'node:http'
import type { Site } from '../tenants/resolve.ts'

/** What the front door found out about a request before anybody else sees it. */
export interface Visit {
  readonly site: Site
  /** 32 hex; in every answer and every record of the request. */
  readonly trackingId: string
  /** The canonical path: what is matched is what is sent. */
  readonly path: string
  /** The query as sent, without `?`; empty when there is none. */
  readonly query: string
  /** The caller's address, as far as trusted proxies tell. */
  readonly network: string
  /** Unix milliseconds. */
  readonly nowMs: number
}

const visit = Symbol('visit')
type Visited = IncomingMessage & { [visit]?: Visit }

/** Remembers the visit for as long as its request lives. */
export function rememberVisit(request: IncomingMessage, made: Visit): void {
  ;(request as Visited)[visit] = made
}

/** The visit that a request is. Throws for a request that did not come by the front door. */
export function visitOf(request: IncomingMessage): Visit {
  const made = (request as Visited)[visit]
  if (!made) throw new Error('the request did not come by the front door')
  return made
}
