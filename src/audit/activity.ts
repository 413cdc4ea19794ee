import type { Database } from '../database/schema.ts'
import { WriteBehind } from '../write-behind.ts'
import { type ActivityCount, addActivity, keyOf } from './activity-store.ts'

/** A mint or a refusal, to be counted. `reason` is a reason code or a remark; empty for a plain success. */
export interface Activity {
  tenantId: string
  clientId: string
  action: 'token.minted' | 'token.refused' | 'request.refused' | 'sign_in.refused' | 'authorization.refused'
  reason: string
}

interface Total {
  action: Activity['action']
  reason: string
  count: number
}

const MINUTE_MS = 60_000
/** Counts kept until they are written; what comes on top is counted under one name for all clients. */
const COUNTS_MAX = 5000
const NAMELESS_COUNTS_MAX = 1000
/** Clients that are named in a minute for a refused token: whoever makes up ids fills no table with them. */
const REFUSED_CLIENTS_MAX = 1000
const OTHERS = 'others'

/**
 * Counts mints and refusals per client, minute and reason. Callers who make up client ids are counted together once
 * there are too many.
 */
export class ActivityCounter extends WriteBehind<ActivityCount> {
  readonly #totals = new Map<string, Total>()
  readonly #refused = { minute: 0, clients: new Set<string>() }
  readonly #counts = new Map<string, ActivityCount>()

  /** Everything counted since the process started, over all tenants and clients. */
  totals(): Iterable<Readonly<Total>> {
    return this.#totals.values()
  }

  count(activity: Activity): void {
    const { tenantId, action, reason } = activity
    this.#addTotal(action, reason)
    const nowMs = this.options.nowMs()
    const minute = Math.floor(nowMs / MINUTE_MS)
    const client_id = this.#clientNamed(activity, minute)
    this.add({ tenant_id: tenantId, minute, client_id, action, reason, count: 1, last_at: nowMs })
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

  protected override add(row: ActivityCount): void {
    if (this.#addToKnown(row)) return
    if (this.#counts.size < COUNTS_MAX) this.#counts.set(keyOf(row), row)
    else {
      const nameless = { ...row, client_id: OTHERS }
      if (!this.#addToKnown(nameless) && this.#counts.size < COUNTS_MAX + NAMELESS_COUNTS_MAX)
        this.#counts.set(keyOf(nameless), nameless)
    }
  }

  protected override take(): readonly ActivityCount[] {
    const counts = [...this.#counts.values()]
    this.#counts.clear()
    return counts
  }

  protected override write(db: Database, counts: readonly ActivityCount[]): Promise<void> {
    return addActivity(db, counts)
  }

  #addToKnown(row: ActivityCount): boolean {
    const known = this.#counts.get(keyOf(row))
    if (!known) return false
    known.count += row.count
    known.last_at = Math.max(known.last_at, row.last_at)
    return true
  }
}
