import { availableParallelism } from 'node:os'
import { hashPassword, isHashDated, verifyPassword } from '../identities/password.ts'

/** Thrown when more people sign in at once than can be served: the caller says "try again", and counts nothing. */
export class PasswordPoolFull extends Error {
  override readonly name = 'PasswordPoolFull'
}

const QUEUE_MAX = 50

/**
 * Lets few passwords be hashed at a time, one core fewer than there are: hashing is slow by design, and must not be the
 * way to stop everything else. Whoever comes when the queue is full is sent away before anything is counted or hashed.
 */
export class PasswordPool {
  readonly #slots: number
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #decoy: Promise<string> | undefined

  constructor(slots: number = Math.max(1, availableParallelism() - 1)) {
    this.#slots = slots
  }

  /** Runs `work`, which may hash or verify one password, when its turn comes. @throws PasswordPoolFull. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#busy < this.#slots) this.#busy += 1
    else await this.#wait()
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      // A slot that is passed on stays busy: nobody can slip in between.
      if (next) next()
      else this.#busy -= 1
    }
  }

  /** Hashes a new password. @throws PasswordPoolFull. */
  hash(password: string): Promise<string> {
    return this.run(() => hashPassword(password))
  }

  /**
   * A hash to keep a password under from now on, when the one it is kept under is dated, and there is time: a sign-in
   * does not fail for it, the next one can do it.
   */
  async renew(passwordHash: string, password: string): Promise<string | undefined> {
    if (!isHashDated(passwordHash)) return undefined
    return this.hash(password).catch((error: unknown) => {
      if (error instanceof PasswordPoolFull) return undefined
      throw error
    })
  }

  /**
   * Within `run`: true when the password is right. Without a hash to compare with, the same work is done for nothing, so
   * that the time taken tells nobody who exists.
   */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    this.#decoy ??= hashPassword('a password that nobody has')
    const isRight = await verifyPassword(passwordHash ?? (await this.#decoy), password)
    return isRight && passwordHash !== undefined
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= QUEUE_MAX) throw new PasswordPoolFull('too many people sign in at once')
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    return promise
  }
}
