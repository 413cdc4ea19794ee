import { hash } from 'node:crypto'

/** What was admitted under a key: how often in its window, when last, and when the last of it leaves the window. */
export interface Admitted {
  readonly count: number
  readonly lastMs: number
  readonly untilMs: number
}

/**
 * What was admitted under keys that were forgotten for want of room, in a room of its own that does not grow: 65,536
 * places. Keys that share a place count as the busiest and latest of them. That is too strict rather than too lax: who
 * is forgotten never gets more for it.
 */
export class ForgottenKeys {
  readonly #places = new Map<string, Admitted>()

  keep(key: string, admitted: Admitted, nowMs: number): void {
    if (admitted.untilMs <= nowMs) return
    const place = placeOf(key)
    const other = this.#places.get(place)
    this.#places.set(place, other && other.untilMs > nowMs ? both(admitted, other) : admitted)
  }

  /** At least what was admitted under this key, while any of it counts. */
  recall(key: string, nowMs: number): Admitted | undefined {
    if (this.#places.size === 0) return undefined
    const admitted = this.#places.get(placeOf(key))
    return admitted && admitted.untilMs > nowMs ? admitted : undefined
  }
}

const placeOf = (key: string): string => hash('sha256', key).slice(0, 4)

const both = (one: Admitted, other: Admitted): Admitted => ({
  count: Math.max(one.count, other.count),
  lastMs: Math.max(one.lastMs, other.lastMs),
  untilMs: Math.max(one.untilMs, other.untilMs),
})
