import type { Database } from './database/schema.ts'

/** Where rows are written, by which clock, and who hears when they cannot be. */
export interface WriteBehindOptions {
  databaseOf: (tenantId: string) => Database
  nowMs: () => number
  onError: (error: unknown) => void
}

const FLUSH_MS = 1000

/**
 * Notes in memory, and writes each second: what is noted costs no row of its own. What cannot be written is kept for
 * the next time; a `kill -9` may lose the last second. How much is kept, and what is left out when it is too much,
 * `add` decides.
 */
export abstract class WriteBehind<Row extends { readonly tenant_id: string }> {
  protected readonly options: WriteBehindOptions
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> = Promise.resolve()

  constructor(options: WriteBehindOptions) {
    this.options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS)
    this.#timer.unref()
  }

  /** Stops the clock and writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  /** Writes what was noted so far, after what is being written. Never rejects. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#writeAll())
    return this.#flushing
  }

  /** Notes a row, or adds it to a noted one. */
  protected abstract add(row: Row): void

  /** Hands over all that was noted, and begins anew. */
  protected abstract take(): readonly Row[]

  /** Writes rows of one tenant, all or none. */
  protected abstract write(db: Database, rows: readonly Row[]): Promise<void>

  async #writeAll(): Promise<void> {
    const byTenant = Map.groupBy(this.take(), ({ tenant_id }) => tenant_id)
    for (const [tenantId, rows] of byTenant) {
      try {
        await this.write(this.options.databaseOf(tenantId), rows)
      } catch (error) {
        this.options.onError(error)
        for (const row of rows) this.add(row)
      }
    }
  }
}
