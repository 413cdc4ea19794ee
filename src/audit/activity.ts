import type { Database } from '../database/schema.ts'
import { addActivity, type ActivityCount } from './activity-store.ts'

/** A mint or a refusal, to be counted. `reason` is a reason code or a remark; empty for a plain success. */
export interface Activity {
  tenantId: string
  clientId: string
  action: 'token.minted' | 'token.refused' | 'request.refused'
  reason: string
}

export interface ActivityOptions {
  databaseOf: (tenantId: string) => Database
  nowMs: () => number
  onError: (error: unknown) => void
}

interface Total {
  action: Activity['action']
  reason: string
  count: number
}

const FLUSH_MS = 1000
const MINUTE_MS = 60_000
const COUNTS_MAX = 5000
const OTHERS = 'others'

/**
 * Counts mints and refusals per client, minute and reason, and writes the counts every second: a token costs no row.
 * A `kill -9` may lose the last second. Callers who make up client ids are counted together once there are too many.
 */
export class ActivityCounter {
  readonly #options: ActivityOptions
  #counts = new Map<string, ActivityCount>()
  readonly #totals = new Map<string, Total>()
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> = Promise.resolve()

  constructor(options: ActivityOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS)
    this.#timer.unref()
  }

  /** Stops counting and writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  /** Everything counted since the process started, over all tenants and clients. */
  totals(): Iterable<Readonly<Total>> {
    return this.#totals.values()
  }

  count({ tenantId, clientId, action, reason }: Activity): void {
    this.#addTotal(action, reason)
    const nowMs = this.#options.nowMs()
    const minute = Math.floor(nowMs / MINUTE_MS)
    const counted = this.#counts.size < COUNTS_MAX ? clientId : OTHERS
    const key = `${tenantId} ${minute} ${counted} ${action} ${reason}`
    const known = this.#counts.get(key)
    if (known) {
      known.count += 1
      known.last_at = nowMs
    } else
      this.#counts.set(key, {
        tenant_id: tenantId,
        minute,
        client_id: counted,
        action,
        reason,
        count: 1,
        last_at: nowMs,
      })
  }

  #addTotal(action: Activity['action'], reason: string): void {
    const key = `${action} ${reason}`
    const total = this.#totals.get(key)
    if (total) total.count += 1
    else this.#totals.set(key, { action, reason, count: 1 })
  }

  /** Writes what was counted so far. What cannot be written is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write())
    return this.#flushing
  }

  async #write(): Promise<void> {
    if (this.#counts.size === 0) return
    const counts = this.#counts
    this.#counts = new Map()
    for (const [tenantId, rows] of Map.groupBy(counts.values(), ({ tenant_id }) => tenant_id)) {
      try {
        await addActivity(this.#options.databaseOf(tenantId), rows)
      } catch (error) {
        this.#options.onError(error)
        this.#putBack(rows)
      }
    }
  }

  #putBack(rows: ActivityCount[]): void {
    for (const row of rows) {
      const key = `${row.tenant_id} ${row.minute} ${row.client_id} ${row.action} ${row.reason}`
      const known = this.#counts.get(key)
      if (known) known.count += row.count
      else if (this.#counts.size < COUNTS_MAX) this.#counts.set(key, row)
    }
  }
}
