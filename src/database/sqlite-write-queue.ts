import { setTimeout as pause } from 'node:timers/promises'
import type SQLite from 'better-sqlite3'

const WAIT_MS = 5000
const PAUSE_MS = 5

/**
 * What a commit waits for: FULL for the disk, NORMAL for nothing, so that whoever asks for it must bring the log to the
 * disk before it tells anybody. Either way a crash leaves all of a transaction or nothing.
 */
export type Synchronous = 'FULL' | 'NORMAL'

/**
 * Lets one transaction of this process write at a time, first come, first served, and waits for those of other
 * processes without holding up the event loop. Nobody waits longer than five seconds, or as long as told.
 */
export class SqliteWriteQueue {
  readonly #writer: SQLite.Database
  readonly #waitMs: number
  readonly #waiting: (() => void)[] = []
  #isTaken = false
  #synchronous: Synchronous = 'FULL'

  constructor(writer: SQLite.Database, waitMs = WAIT_MS) {
    this.#writer = writer
    this.#waitMs = waitMs
  }

  /**
   * Waits for a turn and begins a transaction. IMMEDIATE, because a plain BEGIN would fail at its first write after
   * another process committed.
   * @throws an error with the code SQLITE_BUSY when the turn does not come in time.
   */
  async begin(synchronous: Synchronous = 'FULL'): Promise<void> {
    const giveUpAtMs = performance.now() + this.#waitMs
    await this.#takeTurn()
    try {
      this.#setSynchronous(synchronous)
      while (!this.#hasBegun(giveUpAtMs)) await pause(PAUSE_MS)
    } catch (error) {
      this.#passTurn()
      throw error
    }
  }

  /** Commits, and waits for the disk unless begun otherwise. When that fails it is still open, unless SQLite ended it. */
  commit(): void {
    this.#writer.exec('commit')
    this.#passTurn()
  }

  /** A failed statement may have ended the transaction already (disk full, for one). */
  rollback(): void {
    try {
      if (this.#writer.inTransaction) this.#writer.exec('rollback')
    } finally {
      this.#passTurn()
    }
  }

  #setSynchronous(synchronous: Synchronous): void {
    if (synchronous === this.#synchronous) return
    this.#writer.pragma(`synchronous = ${synchronous}`)
    this.#synchronous = synchronous
  }

  #hasBegun(giveUpAtMs: number): boolean {
    try {
      this.#writer.exec('begin immediate')
      return true
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAtMs) throw error
      return false
    }
  }

  async #takeTurn(): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const takeTurn = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(takeTurn), 1)
      reject(Object.assign(new Error('a transaction of this process does not end'), { code: 'SQLITE_BUSY' }))
    }, this.#waitMs)
    this.#waiting.push(takeTurn)
    await promise
  }

  #passTurn(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#isTaken = false
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
