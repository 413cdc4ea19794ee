import type { Expiring } from './store.ts'

/** Rows that expire, and for how long after they are kept: as evidence of a replay, or for whoever asks. */
export interface Kept extends Expiring {
  readonly keptMs: number
  /** What the time counts, where it is not milliseconds: a minute, an hour or a day goes once all of it lies behind. */
  readonly unitMs?: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export const expiring: readonly Kept[] = [
  { table: 'session', key: 'digest', time: 'expires_at', keptMs: 0 },
  // The longest window and the longest lock after it are an hour each.
  { table: 'sign_in_guard', key: 'identity_id', time: 'window_started_at', keptMs: 2 * HOUR_MS },
  { table: 'password_reset', key: 'digest', time: 'expires_at', keptMs: DAY_MS },
  { table: 'authorization_code', key: 'digest', time: 'expires_at', keptMs: HOUR_MS },
  { table: 'refresh_family', key: 'id', time: 'expires_at', keptMs: 7 * DAY_MS },
  { table: 'succession_offer', key: 'id', time: 'expires_at', keptMs: 0 },
  { table: 'handed_over_secret', key: 'secret_id', time: 'until', keptMs: 0 },
  { table: 'expiry_notice', key: 'expires_at', time: 'expires_at', keptMs: 0 },
  { table: 'activity', key: 'minute', time: 'minute', unitMs: MINUTE_MS, keptMs: 400 * DAY_MS },
  // A job that runs every quarter is still seen.
  { table: 'usage_count', key: 'day', time: 'day', unitMs: DAY_MS, keptMs: 100 * DAY_MS },
  { table: 'denial', key: 'tracking_id', time: 'refused_at', keptMs: 7 * DAY_MS },
  { table: 'denial_count', key: 'hour', time: 'hour', unitMs: HOUR_MS, keptMs: 7 * DAY_MS },
]

/** The time before which rows are cleared away now, in the unit of their time. */
export const boundOf = ({ keptMs, unitMs = 1 }: Kept, nowMs: number): number => Math.floor((nowMs - keptMs) / unitMs)
