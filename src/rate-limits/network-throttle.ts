import { isIPv6 } from 'node:net'
import type { Clock } from '../clock.ts'
import { type RateLimit, type RateVerdict, SlidingWindow } from './sliding-window.ts'

/** Slows down a network that fails too often, whomever it fails for: guessing one password for many people. */
export class NetworkThrottle {
  readonly #window: SlidingWindow
  readonly #limit: RateLimit
  readonly #underWay = new Map<string, number>()

  constructor(monotonicMs: Clock, limit: RateLimit) {
    this.#window = new SlidingWindow(monotonicMs)
    this.#limit = limit
  }

  /** Whether one more failure would be admitted, of `failuresMax` in the window if that is fewer; counts nothing. */
  check(tenantId: string, address: string, failuresMax = this.#limit.requests): RateVerdict {
    const requests = Math.min(failuresMax, this.#limit.requests)
    return this.#window.look(keyOf(tenantId, address), { ...this.#limit, requests })
  }

  /**
   * Takes a place for an attempt whose outcome is not known yet, to be given back with `release`: failures and attempts
   * under way are together no more than `failuresMax`, so that attempts at once cannot outrun the limit. False when there
   * is none.
   */
  reserve(tenantId: string, address: string, failuresMax = this.#limit.requests): boolean {
    const key = keyOf(tenantId, address)
    const underWay = this.#underWay.get(key) ?? 0
    if (underWay >= failuresMax || !this.check(tenantId, address, failuresMax - underWay).allowed) return false
    this.#underWay.set(key, underWay + 1)
    return true
  }

  /** Gives a place back, once a failure is counted. */
  release(tenantId: string, address: string): void {
    const key = keyOf(tenantId, address)
    const underWay = this.#underWay.get(key) ?? 0
    if (underWay > 1) this.#underWay.set(key, underWay - 1)
    else this.#underWay.delete(key)
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
