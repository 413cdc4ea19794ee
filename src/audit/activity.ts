import type { Database } from '../database/schema.ts'
import { type ActivityCount, addActivity, keyOf } from './activity-store.ts'

/** A mint or a refusal, to be counted. `reason` is a reason code or a remark; empty for a plain success. */
export interface Activity {
  tenantId: string
  clientId: string
  action: 'token.minted' | 'token.refused' | 'request.refused' | 'sign_in.refused' | 'authorization.refused'
  reason: string
}

/** Where counts are written, by which clock, and who hears when they cannot be. */
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
/** Counts kept until they are written; what comes on top is counted under one name for all clients. */
const COUNTS_MAX = 5000
const NAMELESS_COUNTS_MAX = 1000
/** Clients that are named in a minute for a refused token: whoever makes up ids fills no table with them. */
const REFUSED_CLIENTS_MAX = 1000
const OTHERS = 'others'

/**
 * Counts mints and refusals per client, minute and reason, and writes the counts every second: a token costs no row.
 * A `kill -9` may lose the last second. Callers who make up client ids are counted together once there are too many.
 */
export class ActivityCounter {
  readonly #options: ActivityOptions
  readonly #totals = new Map<string, Total>()
  readonly #refused = { minute: 0, clients: new Set<string>() }
  #counts = new Map<string, ActivityCount>()
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

  count(activity: Activity): void {
    const { tenantId, action, reason } = activity
    this.#addTotal(action, reason)
    const nowMs = this.#options.nowMs()
    const minute = Math.floor(nowMs / MINUTE_MS)
    const client_id = this.#clientNamed(activity, minute)
    this.#add({ tenant_id: tenantId, minute, client_id, action, reason, count: 1, last_at: nowMs })
  }

  /** Writes what was counted so far. What cannot be written is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write())
    return this.#flushing
  }

  #addTotal(action: Activity['action'], reason: string): void {
    const key = `${action} ${reason}`
    const total = this.#totals.get(key)
    if (total) total.count += 1
    else this.#totals.set(key, { action, reason, count: 1 })
  }

  #clientNamed({ tenantId, clientId, action }: Activity, minute: number): string {
    if (action !== 'token.refused') return clientId
    const refused = this.#refused
    if (refused.minute !== minute) {
      refused.minute = minute
      refused.clients.clear()
    }
    const key = `${tenantId} ${clientId}`
    if (refused.clients.size < REFUSED_CLIENTS_MAX) refused.clients.add(key)
    return refused.clients.has(key) ? clientId : OTHERS
  }

  #add(row: ActivityCount): void {
    if (this.#addToKnown(row)) return
    if (this.#counts.size < COUNTS_MAX) this.#counts.set(keyOf(row), row)
    else {
      const nameless = { ...row, client_id: OTHERS }
      if (!this.#addToKnown(nameless) && this.#counts.size < COUNTS_MAX + NAMELESS_COUNTS_MAX)
        this.#counts.set(keyOf(nameless), nameless)
    }
  }

  #addToKnown(row: ActivityCount): boolean {
    const known = this.#counts.get(keyOf(row))
    if (!known) return false
    known.count += row.count
    known.last_at = Math.max(known.last_at, row.last_at)
    return true
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
        for (const row of rows) this.#add(row)
      }
    }
  }
}
