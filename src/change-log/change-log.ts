import type { Clock } from '../clock.ts'
import type { ChangeLogRow, Directory, Tx } from '../database/schema.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { LANE } from './change.ts'

/**
 * Told of every change once, in commit order, on every process; the log waits for it. `null` means that more was missed
 * than can be told: drop or reload everything.
 */
export type ChangeListener = (change: ChangeLogRow | null) => void | Promise<void>

/** What a change log reads from, and how old its knowledge may grow. */
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
  #revision = 0
  #freshAtMs = Number.NEGATIVE_INFINITY
  #hasStarted = false
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

  /** Grows with all that this process comes to know, and never falls, as a position does when a database is restored. */
  get revision(): number {
    return this.#revision
  }

  /** True while this process knows every change that is older than the allowed staleness. */
  get isFresh(): boolean {
    return this.#options.monotonicMs() - this.#freshAtMs <= this.#options.maxStalenessMs
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener)
  }

  /**
   * Begins at the head of the log: what came before is in the tables that listeners read from now on. A process that
   * answers nobody, such as a command, need not start its log.
   */
  async start(): Promise<void> {
    const startedMs = this.#options.monotonicMs()
    await this.#forget(await this.#head())
    this.#freshAtMs = startedMs
    this.#hasStarted = true
    this.#timer = setInterval(() => {
      this.catchUp().catch(() => {}) // The staleness of `isFresh` is how a failing database shows.
    }, POLL_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /**
   * Runs `run` in a transaction, as `writeTransaction` does, and answers once this process applies what it changed.
   * Throws what `run` throws, after which nothing is changed.
   */
  async write<Result>({ db }: RequestContext, run: (tx: Tx) => Promise<Result>): Promise<Result> {
    const result = await writeTransaction(db, run)
    await this.catchUp()
    return result
  }

  /**
   * Applies every change committed before this call; nothing, in a log that was not started. Concurrent callers share
   * one reading that began after them.
   */
  async catchUp(): Promise<void> {
    if (this.#hasStarted) await this.#readOnce()
  }

  #readOnce(): Promise<void> {
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
        return this.#readOnce()
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
      else await this.#apply(page)
    }
    this.#freshAtMs = startedMs
  }

  /** Tells of the changes up to the first that is not the next one. */
  async #apply(page: readonly ChangeLogRow[]): Promise<void> {
    for (const change of page) {
      if (change.seq !== this.#position + 1) return
      for (const listener of this.#listeners) await listener(change)
      this.#position = change.seq
      this.#revision += 1
    }
  }

  async #forget(head: number): Promise<void> {
    for (const listener of this.#listeners) await listener(null)
    this.#position = head
    this.#revision += 1
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
