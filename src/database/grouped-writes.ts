import type { Database, Tx } from './schema.ts'

interface Waiting {
  run: (tx: Tx) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

const WRITES_PER_COMMIT = 64

/**
 * Commits the small writes that come together in one turn of the event loop as one transaction: with `synchronous=FULL`
 * a commit waits for the disk, and thirty writes may wait for it together. An answer comes only after the commit.
 * For SQLite, where all tenants share one writer; PostgreSQL groups the commits of its connections by itself.
 */
export class GroupedWrites {
  readonly #db: Database
  readonly #waiting: Waiting[] = []

  constructor(db: Database) {
    this.#db = db
  }

  /** Runs a write that stands by itself: it must not fail for reasons of its own, and changes nothing when it throws. */
  run<Value>(run: (tx: Tx) => Promise<Value>): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      if (this.#waiting.push({ run, resolve, reject }) === 1) setImmediate(() => void this.#commit())
    })
  }

  async #commit(): Promise<void> {
    const group = this.#waiting.splice(0, WRITES_PER_COMMIT)
    if (this.#waiting.length > 0) setImmediate(() => void this.#commit())
    try {
      const values = await this.#db.transaction().execute(async (tx) => {
        const results: unknown[] = []
        for (const { run } of group) results.push(await run(tx))
        return results
      })
      group.forEach(({ resolve }, index) => resolve(values[index] as never))
    } catch {
      // One of them spoilt it for all: each tries again alone, and only the culprit fails.
      for (const each of group) await this.#commitAlone(each)
    }
  }

  async #commitAlone({ run, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve((await this.#db.transaction().execute(run)) as never)
    } catch (error) {
      reject(error)
    }
  }
}
