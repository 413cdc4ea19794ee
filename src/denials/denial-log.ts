import { setImmediate as nextTurn } from 'node:timers/promises'
import { boundedCache } from '../bounded-cache.ts'
import type { Database } from '../database/schema.ts'
import type { KnownDenial } from '../explain/explain.ts'
import { explanationOf } from '../explain/explanation.ts'
import { type Denial, whoseDenial } from './denial.ts'
import { DenialCounts } from './denial-counts.ts'
import { type DenialRow, rowOf } from './denial-row.ts'
import { MinuteCaps } from './minute-caps.ts'
import { findDenialRow, writeDenials } from './store.ts'

/** Where refusals are written, and who hears when they cannot be. */
export interface DenialLogOptions {
  databaseOf: (tenantId: string) => Database
  onError: (error: unknown) => void
}

const FLUSH_MS = 1000
const RECENT_MAX = 5000
/** Refusals that wait to be written; what comes on top, as while the database is away, is counted only. */
const QUEUE_MAX = 2000
const CAPS = { perCaller: 60, perTenant: 240, ofNobody: 60 }
/** Put into words before other work gets its turn. */
const ROWS_PER_TURN = 50

/**
 * Keeps every refusal at the gates for whoever asks why: the latest in memory, and all that the caps let through in the
 * database, written each second off the path of requests. A `kill -9` may lose the last second. What a flood brings
 * beyond the caps is counted.
 */
export class DenialLog {
  readonly #options: DenialLogOptions
  readonly #recent = boundedCache<string, Denial>(RECENT_MAX)
  readonly #caps = new MinuteCaps(CAPS)
  readonly #counts = new DenialCounts()
  #queue: Denial[] = []
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> = Promise.resolve()

  constructor(options: DenialLogOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS)
    this.#timer.unref()
  }

  /** Stops the clock and writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  record(denial: Denial): void {
    const { tenantId, trackingId, network, refusedAtMs } = denial
    this.#recent.set(keyOf(tenantId, trackingId), denial)
    const caller = { tenantId, network, clientId: whoseDenial(denial).clientId }
    const isKept = this.#queue.length < QUEUE_MAX && this.#caps.take(caller, refusedAtMs)
    if (isKept) this.#queue.push(denial)
    this.#counts.count(denial, isKept)
  }

  /** A refusal of any node by its tracking id, for as long as it is kept. */
  async find(db: Database, tenantId: string, trackingId: string): Promise<KnownDenial | undefined> {
    const denial = this.#recent.get(keyOf(tenantId, trackingId))
    if (!denial) return findDenialRow(db, tenantId, trackingId)
    const { clientId, identityId } = whoseDenial(denial)
    return {
      method: denial.method,
      path: denial.path,
      clientId: clientId || null,
      identityId: identityId || null,
      refusedAtMs: denial.refusedAtMs,
      explanation: explanationOf(denial.question),
    }
  }

  /** Writes what was refused so far. Counts that cannot be written are kept for the next time, and so are refusals. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write()).catch(this.#options.onError)
    return this.#flushing
  }

  async #write(): Promise<void> {
    const denials = Map.groupBy(this.#takeQueue(), ({ tenantId }) => tenantId)
    const counts = Map.groupBy(this.#counts.take(), ({ tenant_id }) => tenant_id)
    for (const [tenantId, ofTenant] of counts) {
      const kept = denials.get(tenantId) ?? []
      try {
        const rows = await inTurns(kept)
        await writeDenials(this.#options.databaseOf(tenantId), { rows, counts: ofTenant })
      } catch (error) {
        this.#options.onError(error)
        this.#queue = [...kept, ...this.#queue].slice(0, QUEUE_MAX)
        for (const row of ofTenant) this.#counts.add(row)
      }
    }
  }

  #takeQueue(): Denial[] {
    const queue = this.#queue
    this.#queue = []
    return queue
  }
}

const keyOf = (tenantId: string, trackingId: string): string => `${tenantId} ${trackingId}`

async function inTurns(denials: readonly Denial[]): Promise<DenialRow[]> {
  const rows: DenialRow[] = []
  for (const denial of denials) {
    rows.push(rowOf(denial))
    if (rows.length % ROWS_PER_TURN === 0) await nextTurn()
  }
  return rows
}
