import { targetOf } from '../access/question.ts'
import type { Admission } from '../admission/admit.ts'
import { DomainError } from '../errors.ts'
import type { Visit } from '../front-door/visit.ts'
import type { LogEvent } from './schemas.ts'
import type { Ending, Tail } from './tail.ts'

const TICK_MS = 1000
const TAILS_OF_TENANT_MAX = 20
const TAILS_MAX = 200

interface Open {
  readonly tail: Tail
  /** Why the stream may not go on; undefined while it may. */
  readonly objection: () => Promise<Ending | undefined>
}

export interface LiveLogOptions {
  /** What may be told of a path that no operation has. */
  shapeOf: (path: string) => string
  /** True where no other process serves the same tenants. */
  isAlone: boolean
}

/** Tells whoever listens of the calls that this process refuses or lets through, as they happen. */
export class LiveLog {
  /** What a stream tells of: everything, or what one of several nodes serves. */
  readonly covers: string
  readonly #shapeOf: LiveLogOptions['shapeOf']
  readonly #open = new Map<string, Set<Open>>()
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor({ shapeOf, isAlone }: LiveLogOptions) {
    this.#shapeOf = shapeOf
    this.covers = isAlone ? 'every request of this tenant' : 'requests that this node serves'
  }

  /** Makes sure that one more may listen. @throws DomainError `limit_exceeded`, or `unavailable` at the end. */
  requireRoom(tenantId: string): void {
    if (this.#isClosed) throw new DomainError('unavailable', 'This server is stopping. Try again in a moment.')
    const all = [...this.#open.values()].reduce((sum, { size }) => sum + size, 0)
    if (all < TAILS_MAX && (this.#open.get(tenantId)?.size ?? 0) < TAILS_OF_TENANT_MAX) return
    throw new DomainError('limit_exceeded', 'As many listen to the live log as may at once. Close another one first.')
  }

  /** Lets a tail listen until it is told to go, `objection` objects, or the log closes. Answers what removes it. */
  add(tenantId: string, tail: Tail, objection: Open['objection']): () => void {
    const entry = { tail, objection }
    this.#open.getOrInsertComputed(tenantId, () => new Set()).add(entry)
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref()
    return () => this.#remove(tenantId, entry)
  }

  refused(visit: Visit, admission: Admission, method: string): void {
    if (this.#open.size > 0) this.#tell(visit, admission, method)
  }

  admitted(visit: Visit, admission: Admission): void {
    if (this.#open.size > 0) this.#tell(visit, admission, targetOf(admission.question)?.operation.method ?? '')
  }

  /** Ends every stream. */
  close(): void {
    this.#isClosed = true
    for (const { tail } of this.#entries()) tail.end({ code: 'server.stopping', message: 'The server is stopping.' })
    this.#open.clear()
    clearInterval(this.#timer)
  }

  #tell(visit: Visit, admission: Admission, method: string): void {
    const open = this.#open.get(visit.site.tenant.id)
    if (!open) return
    const event = eventOf(visit, admission, { method, path: this.#shapeOf(visit.path) })
    for (const { tail } of open) tail.offer(event)
  }

  #tick(): void {
    for (const entry of this.#entries()) {
      entry.tail.tick()
      entry.objection().then(
        (ending) => ending && entry.tail.end(ending),
        () => entry.tail.end({ code: 'state.stale', message: 'The database does not answer.' }),
      )
    }
  }

  #entries(): Open[] {
    return [...this.#open.values()].flatMap((open) => [...open])
  }

  #remove(tenantId: string, entry: Open): void {
    const open = this.#open.get(tenantId)
    open?.delete(entry)
    if (open?.size === 0) this.#open.delete(tenantId)
    if (this.#open.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

function eventOf(
  { nowMs, trackingId, network }: Visit,
  { question, decision: { allowed, status, reason } }: Admission,
  { method, path }: { method: string; path: string },
): LogEvent {
  const { authentication } = question
  const principal = 'principal' in authentication ? authentication.principal : undefined
  return {
    at: new Date(nowMs).toISOString(),
    trackingId,
    allowed,
    status: allowed ? null : status,
    reason: reason?.code ?? null,
    message: reason?.message ?? null,
    method,
    path: targetOf(question)?.operation.path ?? path,
    clientId: principal?.clientId ?? null,
    identityId: principal?.identityId ?? null,
    network,
  }
}
