import type { ServerResponse } from 'node:http'

const PENDING_MAX = 1000

/**
 * Does what must not be seen in the time an answer takes, once the answer is out, one thing after the other: writing
 * down why a sign-in was refused, looking up who wants a link. Under a flood the overflow is dropped.
 */
export class AfterAnswer {
  readonly #onError: (error: unknown) => void
  readonly #pending = new Set<Promise<void>>()
  #last: Promise<void> = Promise.resolve()

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  /** Runs `task` once `response` is sent, or its reader has gone. */
  run(response: ServerResponse, task: () => Promise<void>): void {
    if (this.#pending.size >= PENDING_MAX) return
    const { promise: sent, resolve } = Promise.withResolvers<void>()
    if (response.closed) resolve()
    else response.once('close', resolve)
    const done = sent
      .then(() => {
        this.#last = this.#last.then(task).catch(this.#onError)
        return this.#last
      })
      .finally(() => this.#pending.delete(done))
    this.#pending.add(done)
  }

  /** Resolves once nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
  }
}
