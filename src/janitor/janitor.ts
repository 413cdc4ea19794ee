import type { Clock } from '../clock.ts'
import type { Database, Directory } from '../database/schema.ts'
import { listTenants } from '../tenants/find.ts'
import { deleteExpired, findTimeOfNth, type Expiring, forgetChanges } from './store.ts'

export interface JanitorOptions {
  directory: Directory
  databaseOf: (tenantId: string) => Database
  nowMs: Clock
  onError: (error: unknown) => void
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Longer than any cut-off matters to a living access token (12 h), with room for clocks. */
const CHANGES_KEPT_MS = 2 * DAY_MS

/** What expires, and for how long after it is kept: as evidence of a replay, or for whoever asks what happened. */
const expiring: readonly (Expiring & { keptMs: number })[] = [
  { table: 'session', key: 'digest', time: 'expires_at', keptMs: 0 },
  { table: 'password_reset', key: 'digest', time: 'expires_at', keptMs: DAY_MS },
  { table: 'authorization_code', key: 'digest', time: 'expires_at', keptMs: HOUR_MS },
  { table: 'refresh_family', key: 'id', time: 'expires_at', keptMs: 7 * DAY_MS },
  { table: 'succession_offer', key: 'id', time: 'expires_at', keptMs: 0 },
  { table: 'handed_over_secret', key: 'secret_id', time: 'until', keptMs: 0 },
  { table: 'expiry_notice', key: 'expires_at', time: 'expires_at', keptMs: 0 },
  { table: 'activity', key: 'minute', time: 'last_at', keptMs: 400 * DAY_MS },
  // A job that runs every quarter is still seen.
  { table: 'usage_count', key: 'day', time: 'last_at', keptMs: 100 * DAY_MS },
  { table: 'denial', key: 'tracking_id', time: 'refused_at', keptMs: 7 * DAY_MS },
  { table: 'denial_count', key: 'hour', time: 'last_at', keptMs: 7 * DAY_MS },
]
/** Refusals of a tenant that are kept in detail; older ones stay counted. */
const DENIALS_MAX = 20_000

/** Clears away once an hour what expired, in short transactions. The audit trail is never touched. */
export class Janitor {
  readonly #options: JanitorOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: JanitorOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.clear().catch(this.#options.onError), HOUR_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Clears away everything that expired. */
  async clear(): Promise<void> {
    const { directory, databaseOf, nowMs } = this.#options
    await forgetChanges(directory, nowMs() - CHANGES_KEPT_MS)
    for (const { id } of await listTenants(directory)) {
      const db = databaseOf(id)
      for (const { keptMs, ...what } of expiring) await deleteAll(db, id, { ...what, beforeMs: nowMs() - keptMs })
      const beforeMs = await findTimeOfNth(db, id, DENIALS_MAX)
      if (beforeMs !== undefined)
        await deleteAll(db, id, { table: 'denial', key: 'tracking_id', time: 'refused_at', beforeMs })
    }
  }
}

async function deleteAll(db: Database, tenantId: string, what: Expiring & { beforeMs: number }): Promise<void> {
  let deleted: number
  do deleted = await deleteExpired(db, tenantId, what)
  while (deleted > 0)
}
