import { DomainError } from '../errors.ts'

/**
 * How long a token may live. `six_months`: at most that, which is also what is taken where nothing is said;
 * `acknowledged`: as long as one likes, and for ever if one says that one means it.
 */
export type ExpiryRule = 'six_months' | 'acknowledged'

/** What is said of a token's end. */
export interface AskedExpiry {
  /** With its zone, as RFC 3339 has it. */
  readonly expirationDate?: string | null | undefined
  readonly userAwareTokenNeverExpires?: boolean | null | undefined
}

/** When a token ends, and whether its owner said that it should never. */
export interface Expiry {
  /** Unix milliseconds; null for never. */
  readonly expiresAtMs: number | null
  readonly isNeverAcknowledged: boolean
}

const MONTHS_MAX = 6

/**
 * When a token ends by the rule of the API version that it is made with.
 * @throws DomainError `illegal_value` or `required_missing` for what the rule does not allow.
 */
export function decideExpiry(rule: ExpiryRule, asked: AskedExpiry, nowMs: number): Expiry {
  const { expirationDate } = asked
  const isNeverAcknowledged = asked.userAwareTokenNeverExpires === true
  if (expirationDate === undefined || expirationDate === null) {
    if (rule === 'six_months') return { expiresAtMs: sixMonthsAfter(nowMs), isNeverAcknowledged: false }
    if (isNeverAcknowledged) return { expiresAtMs: null, isNeverAcknowledged }
    throw new DomainError(
      'required_missing',
      'Give an expirationDate, or say that the token shall never expire: "userAwareTokenNeverExpires": true.',
    )
  }
  const expiresAtMs = Date.parse(expirationDate)
  if (Number.isNaN(expiresAtMs) || expiresAtMs <= nowMs)
    throw new DomainError('illegal_value', 'The expirationDate must be a time to come, such as 2027-05-21T00:00:00Z.')
  if (rule === 'six_months' && expiresAtMs > sixMonthsAfter(nowMs))
    throw new DomainError(
      'illegal_value',
      'In this version of the API a token lives at most six months. Give an earlier expirationDate, or use v2025.',
    )
  return { expiresAtMs, isNeverAcknowledged }
}

/** The same day six months on, or the last of that month where it has no such day. */
function sixMonthsAfter(nowMs: number): number {
  const then = new Date(nowMs)
  const day = then.getUTCDate()
  then.setUTCMonth(then.getUTCMonth() + MONTHS_MAX)
  if (then.getUTCDate() !== day) then.setUTCDate(0)
  return then.getTime()
}
