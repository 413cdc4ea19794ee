import type { Clock } from '../clock.ts'
import type { ChangeLogRow, Directory } from '../database/schema.ts'
import { LANE } from './change.ts'

/**
 * Told of every change once, in commit order, on every process. `null` means that more was missed than can be told:
 * drop or reload everything; the log waits for it.
 */
export type ChangeListener = (change: ChangeLogRow | null) => void | Promise<void>

export interface ChangeLogOptions {
  directory: Directory
  monotonicMs: Clock
  /** How old a process's knowledge may be; beyond it, it must not decide. Infinity where one process holds the database. */
  maxStalenessMs: number
}

const POLL_MS = 200
const PAGE = 1000

/**
 * This process's reading of the ordered change log. Polling is the guarantee; a process that cannot prove it has read
 * everything up to `maxStalenessMs` ago says so, and its callers answer 503.
 */
export class ChangeLog {
  readonly #options: ChangeLogOptions
  readonly #listeners: ChangeListener[] = []
  #position = 0
  #freshAtMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #reading: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(options: ChangeLogOptions) {
    this.#options = options
  }

  /** The position up to which this process has applied all changes: what it issues now carries this. */
  get position(): number {
    return this.#position
  }

  /** True while this process knows every change that is older than the allowed staleness. */
  get isFresh(): boolean {
    return this.#options.monotonicMs() - this.#freshAtMs <= this.#options.maxStalenessMs
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener)
  }

  /** Begins at the head of the log: what came before is in the tables that are read from now on. */
  async start(): Promise<void> {
    this.#position = await this.#head()
    this.#freshAtMs = this.#options.monotonicMs()
    this.#timer = setInterval(() => {
      this.catchUp().catch(() => {}) // The staleness of `isFresh` is how a failing database shows.
    }, POLL_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Applies every change committed before this call. Concurrent callers share one reading that began after them. */
  catchUp(): Promise<void> {
    if (!this.#reading) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined
      })
      return this.#reading
    }
    this.#next ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#next = undefined
        return this.catchUp()
      })
    return this.#next
  }

  async #read(): Promise<void> {
    const startedMs = this.#options.monotonicMs()
    const head = await this.#head()
    // A head that moved back means a restored database: nothing known here can be trusted.
    if (head < this.#position) await this.#forget(head)
    while (this.#position < head) {
      const page = await this.#pageAfter(this.#position)
      if (page[0]?.seq !== this.#position + 1) await this.#forget(head)
      else for (const change of page) this.#apply(change)
    }
    this.#freshAtMs = startedMs
  }

  #apply(change: ChangeLogRow): void {
    for (const listener of this.#listeners) void listener(change)
    this.#position = change.seq
  }

  async #forget(head: number): Promise<void> {
    for (const listener of this.#listeners) await listener(null)
    this.#position = head
  }

  async #head(): Promise<number> {
    const { seq } = await this.#options.directory
      .selectFrom('pod_clock')
      .select('seq')
      .where('lane', '=', LANE)
      .executeTakeFirstOrThrow()
    return seq
  }

  #pageAfter(position: number): Promise<ChangeLogRow[]> {
    return this.#options.directory
      .selectFrom('change_log')
      .select(['lane', 'seq', 'tenant_id', 'kind', 'subject', 'is_cut_off', 'recorded_at'])
      .where('lane', '=', LANE)
      .where('seq', '>', position)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
  }
}
