import { boundedCache } from '../bounded-cache.ts'
import type { Question } from '../access/question.ts'

/** A refusal as it was decided. */
export interface RecentRefusal {
  readonly method: string
  readonly path: string
  readonly question: Question
  /** Unix milliseconds. */
  readonly refusedAtMs: number
}

const REFUSALS_MAX = 5000

/** The latest refusals of this process, so that a tracking id can be explained with the checks as they were decided. */
export class RecentRefusals {
  readonly #refusals = boundedCache<string, RecentRefusal>(REFUSALS_MAX)

  remember(tenantId: string, trackingId: string, refusal: RecentRefusal): void {
    this.#refusals.set(`${tenantId} ${trackingId}`, refusal)
  }

  find(tenantId: string, trackingId: string): RecentRefusal | undefined {
    return this.#refusals.get(`${tenantId} ${trackingId}`)
  }
}
