import { isIPv6 } from 'node:net'
import type { Clock } from '../clock.ts'
import { type RateLimit, type RateVerdict, SlidingWindow } from './sliding-window.ts'

/** Slows down a network that fails too often, whomever it fails for: guessing one password for many people. */
export class NetworkThrottle {
  readonly #window: SlidingWindow
  readonly #limit: RateLimit

  constructor(monotonicMs: Clock, limit: RateLimit) {
    this.#window = new SlidingWindow(monotonicMs)
    this.#limit = limit
  }

  /** Whether one more failure would be admitted, of `failuresMax` in the window if that is fewer; counts nothing. */
  check(tenantId: string, address: string, failuresMax = this.#limit.requests): RateVerdict {
    const requests = Math.min(failuresMax, this.#limit.requests)
    return this.#window.look(keyOf(tenantId, address), { ...this.#limit, requests })
  }

  /** Counts a failure; refused once there were too many. */
  count(tenantId: string, address: string): RateVerdict {
    return this.#window.admit(keyOf(tenantId, address), this.#limit)
  }
}

const keyOf = (tenantId: string, address: string): string => `${tenantId} ${networkOf(address)}`

/** One household or server has a whole /64 of IPv6 addresses to come from. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail === undefined) return groups.slice(0, 4).join(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0')
  return [...groups, ...zeros, ...after].slice(0, 4).join(':')
}
