import { boundedCache } from '../bounded-cache.ts'
import type { Clock } from '../clock.ts'
import { type RateLimit, SlidingWindow } from './sliding-window.ts'

const KEYS_MAX = 20_000

/**
 * Notices when a key sees more failures than is normal, whoever fails and from wherever. A surge goes on until none was
 * beyond the limit for a whole window: it does not flicker while its failures hover around the limit.
 */
export class FailureSurge {
  readonly #monotonicMs: Clock
  readonly #window: SlidingWindow
  readonly #normal: RateLimit
  readonly #untilMs = boundedCache<string, number>(KEYS_MAX)

  constructor(monotonicMs: Clock, normal: RateLimit) {
    this.#monotonicMs = monotonicMs
    this.#window = new SlidingWindow(monotonicMs)
    this.#normal = normal
  }

  isOn(key: string): boolean {
    return (this.#untilMs.get(key) ?? Number.NEGATIVE_INFINITY) > this.#monotonicMs()
  }

  /** Counts a failure; true when a surge begins with it. */
  count(key: string): boolean {
    if (this.#window.admit(key, this.#normal).allowed) return false
    const begins = !this.isOn(key)
    this.#untilMs.set(key, this.#monotonicMs() + this.#normal.windowSeconds * 1000)
    return begins
  }
}
