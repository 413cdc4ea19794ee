import type { Clock } from '../clock.ts'
import { type RateVerdict, SlidingWindow } from './sliding-window.ts'

const FAILURES = { requests: 20, windowSeconds: 60 }

/**
 * Slows down whoever fails to prove a credential, per client id and network. Only failures are counted, and only
 * failures are refused: a client that knows its secret is never locked out by others who guess at it.
 */
export class FailureThrottle {
  readonly #window: SlidingWindow

  constructor(monotonicMs: Clock) {
    this.#window = new SlidingWindow(monotonicMs)
  }

  /** Counts a failure; refused once there were too many in a minute. */
  countFailure(tenantId: string, clientId: string, network: string): RateVerdict {
    return this.#window.admit(`${tenantId} ${network} ${clientId}`, FAILURES)
  }
}
