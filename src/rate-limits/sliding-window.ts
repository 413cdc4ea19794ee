import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'

export interface RateLimit {
  requests: number
  windowSeconds: number
}

/** Whether a request is admitted, and if not, after how many whole seconds one would be. */
export type RateVerdict = { allowed: true } | { allowed: false; retryAfterSeconds: number }

const ALLOWED: RateVerdict = { allowed: true }
const KEYS_MAX = 20_000

/** The times of the latest admitted requests of one key, oldest overwritten first. */
interface Log {
  timesMs: number[]
  next: number
}

/**
 * Never admits more than `requests` in ANY window of `windowSeconds`, exactly, within this process: the times of the
 * admitted requests are kept, at most `requests` of them per key. Keys that were idle longest are forgotten first.
 */
export class SlidingWindow {
  readonly #monotonicMs: Clock
  readonly #logs = new LRUCache<string, Log>({ max: KEYS_MAX })

  constructor(monotonicMs: Clock) {
    this.#monotonicMs = monotonicMs
  }

  /** Admits and remembers a request, or says after how many whole seconds one would be admitted. */
  admit(key: string, { requests, windowSeconds }: RateLimit): RateVerdict {
    const nowMs = this.#monotonicMs()
    let log = this.#logs.get(key)
    // A limit that was changed begins anew: the ring has the old one's size.
    if (!log || log.timesMs.length > requests) this.#logs.set(key, (log = { timesMs: [], next: 0 }))
    if (log.timesMs.length < requests) {
      log.timesMs.push(nowMs)
      return ALLOWED
    }
    const oldestMs = log.timesMs[log.next] ?? nowMs
    const waitMs = oldestMs + windowSeconds * 1000 - nowMs
    if (waitMs > 0) return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
    log.timesMs[log.next] = nowMs
    log.next = (log.next + 1) % log.timesMs.length
    return ALLOWED
  }

  /** What `admit` would say now; remembers nothing. */
  look(key: string, { requests, windowSeconds }: RateLimit): RateVerdict {
    const log = this.#logs.get(key)
    if (!log || log.timesMs.length !== requests) return ALLOWED
    const waitMs = (log.timesMs[log.next] ?? 0) + windowSeconds * 1000 - this.#monotonicMs()
    return waitMs > 0 ? { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) } : ALLOWED
  }
}
