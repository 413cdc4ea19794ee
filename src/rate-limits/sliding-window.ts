import { boundedCache } from '../bounded-cache.ts'
import type { Clock } from '../clock.ts'
import { type Admitted, ForgottenKeys } from './forgotten-keys.ts'

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
  /** Of the limit under which it admitted last. */
  windowMs: number
}

/**
 * Never admits more than `requests` in ANY window of `windowSeconds`, exactly, within this process: the times of the
 * admitted requests are kept, at most `requests` of them per key. Where there are more keys than room, those that were
 * idle longest are forgotten first, and only what each of them has left is remembered: it may get less, never more.
 */
export class SlidingWindow {
  readonly #monotonicMs: Clock
  readonly #logs: ReturnType<typeof boundedCache<string, Log>>
  readonly #forgotten = new ForgottenKeys()

  constructor(monotonicMs: Clock, keysMax = KEYS_MAX) {
    this.#monotonicMs = monotonicMs
    this.#logs = boundedCache(keysMax, (log, key) => {
      const nowMs = monotonicMs()
      this.#forgotten.keep(key, admittedIn(log, nowMs), nowMs)
    })
  }

  /** Admits and remembers a request, or says after how many whole seconds one would be admitted. */
  admit(key: string, limit: RateLimit): RateVerdict {
    const nowMs = this.#monotonicMs()
    const log = this.#logOf(key, limit, nowMs)
    const verdict = verdictOn(log, limit, nowMs)
    if (verdict.allowed) remember(log, limit.requests, nowMs)
    return verdict
  }

  /** What `admit` would say now; remembers nothing. */
  look(key: string, limit: RateLimit): RateVerdict {
    const nowMs = this.#monotonicMs()
    return verdictOn(this.#logOf(key, limit, nowMs), limit, nowMs)
  }

  #logOf(key: string, { requests, windowSeconds }: RateLimit, nowMs: number): Log {
    let log = this.#logs.get(key)
    if (!log) {
      const { count = 0, lastMs = 0 } = this.#forgotten.recall(key, nowMs) ?? {}
      this.#logs.set(key, (log = { timesMs: Array<number>(count).fill(lastMs), next: 0, windowMs: 0 }))
    }
    log.windowMs = windowSeconds * 1000
    if (log.next > 0 && log.timesMs.length !== requests) unroll(log) // The limit was changed.
    return log
  }
}

/** What of a log still counts. */
function admittedIn({ timesMs, windowMs }: Log, nowMs: number): Admitted {
  const counting = timesMs.filter((atMs) => atMs > nowMs - windowMs)
  const lastMs = counting.reduce((latest, atMs) => Math.max(latest, atMs), 0)
  return { count: counting.length, lastMs, untilMs: counting.length > 0 ? lastMs + windowMs : 0 }
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
