/** A trouble that a sample answers with in place of its answer, or before it. */
export interface Fault {
  readonly kind: 'latency' | 'status' | 'expired'
  /** Milliseconds, or the status. */
  readonly value: number
  /** Of a hundred requests, how many it strikes. */
  readonly percent: number
}

const FAULT =
  /^(?:(?<latency>latency=(?<ms>\d{1,5}))|(?<status>429|500|502|503|504)|(?<expired>expired))(?:@(?<percent>\d{1,3})%)?$/
const LATENCY_MS_MAX = 10_000

/** What a fault looks like, to complete a sentence. */
export const FAULT_WORDS = `must be latency=MS (at most ${LATENCY_MS_MAX}), 429, 500, 502, 503, 504 or expired, if need be with a share: 429@10%`

/** Reads one fault: `latency=200`, `429`, `expired`, `500@10%`; undefined for anything else. */
export function parseFault(text: string): Fault | undefined {
  const { latency, ms, status, expired, percent = '100' } = FAULT.exec(text.trim())?.groups ?? {}
  const share = Number(percent)
  if (share > 100) return undefined
  if (latency !== undefined) {
    const value = Number(ms)
    return value <= LATENCY_MS_MAX ? { kind: 'latency', value, percent: share } : undefined
  }
  if (status !== undefined) return { kind: 'status', value: Number(status), percent: share }
  return expired === undefined ? undefined : { kind: 'expired', value: 401, percent: share }
}

/** What is wrong with a fault, as the rest of a sentence. */
export const problemWithFault = (text: string): string | undefined => (parseFault(text) ? undefined : FAULT_WORDS)

/** What strikes one request. */
export interface Strike {
  readonly latencyMs: number
  /** 0 where the sample answers. */
  readonly status: number
}

/**
 * What of these faults strikes the request that drew this number, from 0 to 100. Of several that would answer, the first
 * one does.
 */
export function strikeOf(faults: readonly Fault[], drawn: number): Strike {
  const striking = faults.filter(({ percent }) => drawn < percent)
  return {
    latencyMs: striking.find(({ kind }) => kind === 'latency')?.value ?? 0,
    status: striking.find(({ kind }) => kind !== 'latency')?.value ?? 0,
  }
}
