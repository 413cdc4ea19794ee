import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database, Tx } from './schema.ts'

/** What a write answered, before the disk has it. */
export interface Written<Value> {
  readonly value: Value
  /** Fulfilled when the disk has it, rejected when that is unknown: nobody may be told of the write before. */
  readonly onDisk: Promise<void>
}

interface Waiting {
  run: (tx: Tx) => Promise<unknown>
  resolve: (written: Written<never>) => void
  reject: (error: unknown) => void
}

/** Tells one of a group what came of it. */
type Answer = (onDisk: Promise<void>) => void

const WRITES_PER_COMMIT = 64

/**
 * Commits small writes that come together as one transaction, because a commit waits for the disk, and thirty writes may
 * wait for it together. The event loop does not wait: while one group is on its way to the disk, other requests are
 * served and the next group comes together. What was written may be worked with before it is on the disk, not told.
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
  run<Value>(run: (tx: Tx) => Promise<Value>): Promise<Written<Value>> {
    return new Promise<Written<Value>>((resolve, reject) => {
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
    const onDisk = this.#sync()
    for (const answer of answers) answer(onDisk)
    // Whoever was answered hears of a disk that fails; the next group tries again.
    await onDisk.catch(() => {})
  }

  #commit(group: readonly Waiting[]): Promise<Answer[]> {
    return this.#db.transaction().execute(async (tx) => {
      const answers: Answer[] = []
      for (const { run, resolve } of group) {
        const value = await run(tx)
        answers.push((onDisk) => resolve({ value: value as never, onDisk }))
      }
      return answers
    })
  }

  async #commitEach(group: readonly Waiting[]): Promise<Answer[]> {
    const answers: Answer[] = []
    for (const each of group)
      answers.push(...(await this.#commit([each]).catch((error: unknown) => [() => each.reject(error)])))
    return answers
  }
}
