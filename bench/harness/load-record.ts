const SAMPLE_EVERY = 5_000
const MAX_SAMPLES = 10
const MAX_LATENCIES = 2_000_000

/** What the answers were, all in all. */
export interface LoadSummary {
  answers: number
  p50Ms: number
  p99Ms: number
  /** A few whole answers from all over the run, as they came. */
  samples: string[]
}

/**
 * What came back under load. It keeps every latency: a histogram of whole milliseconds, as load generators have, is too
 * coarse for a fast server.
 */
export class LoadRecord {
  answers = 0
  lastMs = 0
  #bodies = 0
  readonly #latenciesMs: number[] = []
  readonly #samples: string[] = []

  answer(latencyMs: number): void {
    this.answers += 1
    this.lastMs = performance.now()
    if (this.#latenciesMs.length < MAX_LATENCIES) this.#latenciesMs.push(latencyMs)
  }

  sample(answer: string): void {
    this.#bodies += 1
    if (this.#bodies % SAMPLE_EVERY !== 1) return
    this.#samples.push(answer)
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift()
  }

  summary(): LoadSummary {
    const sorted = Float64Array.from(this.#latenciesMs).sort()
    const percentile = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
    return { answers: this.answers, p50Ms: percentile(0.5), p99Ms: percentile(0.99), samples: this.#samples }
  }
}
