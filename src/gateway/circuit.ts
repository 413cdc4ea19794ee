const FAILURES_MAX = 5
const REST_MS_MIN = 1000
const REST_MS_MAX = 30_000

/**
 * Spares an upstream that cannot be reached, and its callers the wait: after five failures to connect in a row nobody
 * tries for a second, then one request does, and while that fails too, the rest doubles up to half a minute. Only
 * failures to connect count, since a caller can provoke all others and so shut out everybody else.
 */
export class Circuit {
  #failures = 0
  #restMs = REST_MS_MIN
  #restsUntilMs = 0

  get isOpen(): boolean {
    return this.#failures >= FAILURES_MAX
  }

  /** Milliseconds until somebody may try again; 0 for whoever may try now. */
  waitMs(nowMs: number): number {
    if (!this.isOpen) return 0
    if (nowMs < this.#restsUntilMs) return this.#restsUntilMs - nowMs
    this.#rest(nowMs) // Whoever asked tries; the others wait for what comes of it, however it ends.
    return 0
  }

  connected(): void {
    this.#failures = 0
    this.#restMs = REST_MS_MIN
  }

  failed(nowMs: number): void {
    this.#failures += 1
    if (this.#failures === FAILURES_MAX) this.#rest(nowMs)
  }

  #rest(nowMs: number): void {
    this.#restsUntilMs = nowMs + this.#restMs
    this.#restMs = Math.min(this.#restMs * 2, REST_MS_MAX)
  }
}
