import type { Clock } from '../clock.ts'
import type { Database, Directory } from '../database/schema.ts'
import { listTenants } from '../tenants/find.ts'
import { boundOf, expiring } from './expiring.ts'
import { deleteExpired, type Expiring, findTimeOfNth, forgetChanges } from './store.ts'

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
      for (const what of expiring) await deleteAll(db, id, { ...what, before: boundOf(what, nowMs()) })
      const before = await findTimeOfNth(db, id, DENIALS_MAX)
      if (before !== undefined)
        await deleteAll(db, id, { table: 'denial', key: 'tracking_id', time: 'refused_at', before })
    }
  }
}

async function deleteAll(db: Database, tenantId: string, what: Expiring & { before: number }): Promise<void> {
  let deleted: number
  do deleted = await deleteExpired(db, tenantId, what)
  while (deleted > 0)
}
