import { setTimeout as delay } from 'node:timers/promises'
import { isSoleAddress, type Mail, type Mailer } from './mail.ts'

export interface MailQueueOptions {
  mailer: Mailer
  /** Told of a mail that was given up; never of what it says or to whom. */
  onError: (error: unknown) => void
  /** Waits before further tries, in milliseconds. */
  retryAfterMs?: readonly number[]
}

const WAITING_MAX = 200
const RETRY_AFTER_MS = [2000, 15_000]

/** Sends mails one after the other, behind the backs of those who caused them: nobody waits for a mail server. */
export class MailQueue {
  readonly #options: MailQueueOptions
  readonly #closing = new AbortController()
  #waiting = 0
  #last: Promise<void> = Promise.resolve()

  constructor(options: MailQueueOptions) {
    this.#options = options
  }

  /** Takes a mail to be sent soon; false when it cannot be: too many wait, or its address is not one address. */
  post(mail: Mail): boolean {
    if (!isSoleAddress(mail.to) || this.#waiting >= WAITING_MAX) return false
    this.#waiting += 1
    this.#last = this.#last
      .then(() => this.#send(mail))
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => {
        this.#waiting -= 1
      })
    return true
  }

  /** Resolves once all that was posted is sent or given up. */
  async idle(): Promise<void> {
    while (this.#waiting > 0) await this.#last
  }

  /** Tries once more, without waiting between tries, to send what is left. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.idle()
  }

  async #send(mail: Mail): Promise<void> {
    for (const waitMs of this.#options.retryAfterMs ?? RETRY_AFTER_MS) {
      try {
        return await this.#options.mailer.send(mail)
      } catch (error) {
        if (isFinal(error)) throw error
        await delay(waitMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {})
      }
      if (this.#closing.signal.aborted) break
    }
    await this.#options.mailer.send(mail)
  }
}

/** A mail server's last word: the same mail will be refused again (RFC 5321 §4.2.1). */
const isFinal = (error: unknown): boolean =>
  error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 500
