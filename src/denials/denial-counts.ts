import type { Selectable } from 'kysely'
import type { DenialCountTable } from '../database/denial-tables.ts'
import { type Denial, whoseDenial } from './denial.ts'

export type DenialCount = Selectable<DenialCountTable>

export const HOUR_MS = 3_600_000
/** Groups that one process begins for a tenant in an hour: whoever makes up paths fills no table with them. */
const GROUPS_PER_HOUR_MAX = 1000
const TENANTS_MAX = 1000
const OTHER_PATHS = '(others)'

/** What tells one count from another. */
export const keyOf = (row: DenialCount): string =>
  `${row.tenant_id} ${row.client_id} ${row.method} ${row.path} ${row.reason} ${row.hour}`

/** Counts refusals by client, operation, reason and hour until they are written; in bounded memory. */
export class DenialCounts {
  readonly #begun = new Map<string, Set<string>>()
  #counts = new Map<string, DenialCount>()
  #hour = 0

  /** `isKept`: the refusal can be explained later, so its tracking id is worth showing. */
  count(denial: Denial, isKept: boolean): void {
    const at = denial.refusedAtMs
    const row = {
      tenant_id: denial.tenantId,
      client_id: whoseDenial(denial).clientId,
      method: denial.method,
      path: denial.path,
      reason: denial.reason,
      hour: Math.floor(at / HOUR_MS),
      count: 1,
      first_at: at,
      last_at: at,
      last_tracking_id: isKept ? denial.trackingId : '',
    }
    this.add(this.#mayBegin(row) ? row : { ...row, client_id: '', method: '', path: OTHER_PATHS })
  }

  /** Takes what was counted so far out, to be written. */
  take(): readonly DenialCount[] {
    const taken = [...this.#counts.values()]
    this.#counts = new Map()
    return taken
  }

  /** Puts back what could not be written, or adds one. */
  add(row: DenialCount): void {
    const key = keyOf(row)
    const known = this.#counts.get(key)
    this.#counts.set(key, known ? merged(known, row) : row)
  }

  #mayBegin(row: DenialCount): boolean {
    if (row.hour !== this.#hour) {
      this.#hour = row.hour
      this.#begun.clear()
    }
    if (!this.#begun.has(row.tenant_id) && this.#begun.size >= TENANTS_MAX) return false
    const begun = this.#begun.getOrInsertComputed(row.tenant_id, () => new Set())
    const key = keyOf(row)
    if (begun.size < GROUPS_PER_HOUR_MAX) begun.add(key)
    return begun.has(key)
  }
}

const merged = (one: DenialCount, other: DenialCount): DenialCount => {
  const later = other.last_at >= one.last_at ? other : one
  return {
    ...one,
    count: one.count + other.count,
    first_at: Math.min(one.first_at, other.first_at),
    last_at: later.last_at,
    last_tracking_id: later.last_tracking_id || one.last_tracking_id || other.last_tracking_id,
  }
}
