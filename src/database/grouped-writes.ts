import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database, Tx } from './schema.ts'

interface Waiting {
  run: (tx: Tx) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

const WRITES_PER_COMMIT = 64

/**
 * Commits small writes that come together as one transaction, because a commit waits for the disk, and thirty writes may
 * wait for it together. The event loop does not wait: while one group is on its way to the disk, other requests are
 * served and the next group comes together. An answer comes only when what was written is on the disk.
 * For SQLite, where all tenants share one writer; PostgreSQL groups the commits of its connections by itself.
 */
export class GroupedWrites {
  readonly #db: Database
  readonly #sync: () => Promise<void>
  readonly #waiting: Waiting[] = []
  #isWorking = false

  /** The commits of `db` need not be on the disk; everything committed before a call of `sync` is, when that returns. */
  constructor(db: Database, sync: () => Promise<void>) {
    this.#db = db
    this.#sync = sync
  }

  /** Runs a write that stands by itself: it must not fail for reasons of its own, and changes nothing when it throws. */
  run<Value>(run: (tx: Tx) => Promise<Value>): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      this.#waiting.push({ run, resolve, reject })
      if (!this.#isWorking) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    while (this.#waiting.length > 0) {
      await nextTurn()
      await this.#write(this.#waiting.splice(0, WRITES_PER_COMMIT))
    }
    this.#isWorking = false
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    // One of them may spoil it for all: each then tries again alone, and only the culprit fails.
    const answers = await this.#commit(group).catch(() => this.#commitEach(group))
    try {
      await this.#sync()
    } catch (error) {
      // What is on the disk now is unknown, and so is told to nobody.
      for (const { reject } of group) reject(error)
      return
    }
    for (const answer of answers) answer()
  }

  #commit(group: readonly Waiting[]): Promise<(() => void)[]> {
    return this.#db.transaction().execute(async (tx) => {
      const answers: (() => void)[] = []
      for (const { run, resolve } of group) {
        const value = await run(tx)
        answers.push(() => resolve(value as never))
      }
      return answers
    })
  }

  async #commitEach(group: readonly Waiting[]): Promise<(() => void)[]> {
    const answers: (() => void)[] = []
    for (const each of group)
      answers.push(...(await this.#commit([each]).catch((error: unknown) => [() => each.reject(error)])))
    return answers
  }
}
