import { boundedCache } from '../bounded-cache.ts'
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
  readonly #logs = boundedCache<string, Log>(KEYS_MAX)

  constructor(monotonicMs: Clock) {
    this.#monotonicMs = monotonicMs
  }

  /** Admits and remembers a request, or says after how many whole seconds one would be admitted. */
  admit(key: string, limit: RateLimit): RateVerdict {
    const nowMs = this.#monotonicMs()
    const log = this.#logOf(key, limit.requests)
    const verdict = verdictOn(log, limit, nowMs)
    if (verdict.allowed) remember(log, limit.requests, nowMs)
    return verdict
  }

  /** What `admit` would say now; remembers nothing. */
  look(key: string, limit: RateLimit): RateVerdict {
    return verdictOn(this.#logOf(key, limit.requests), limit, this.#monotonicMs())
  }

  #logOf(key: string, requests: number): Log {
    let log = this.#logs.get(key)
    if (!log) this.#logs.set(key, (log = { timesMs: [], next: 0 }))
    if (log.next > 0 && log.timesMs.length !== requests) unroll(log) // The limit was changed.
    return log
  }
}

/** Puts the oldest time first. */
function unroll(log: Log): void {
  log.timesMs = [...log.timesMs.slice(log.next), ...log.timesMs.slice(0, log.next)]
  log.next = 0
}

function verdictOn({ timesMs, next }: Log, { requests, windowSeconds }: RateLimit, nowMs: number): RateVerdict {
  if (timesMs.length < requests) return ALLOWED
  const oldestMs = timesMs[next + timesMs.length - requests] ?? nowMs
  const waitMs = oldestMs + windowSeconds * 1000 - nowMs
  return waitMs > 0 ? { allowed: false, retryAfterSeconds: Math.ceil(waitMs / 1000) } : ALLOWED
}

function remember(log: Log, requests: number, nowMs: number): void {
  if (log.timesMs.length > requests) log.timesMs = log.timesMs.slice(-requests)
  if (log.timesMs.length < requests) return void log.timesMs.push(nowMs)
  log.timesMs[log.next] = nowMs
  log.next = (log.next + 1) % requests
}
