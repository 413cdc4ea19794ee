import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Mail, Mailer } from './mail.ts'

export interface OutboxOptions {
  /** Made at the first mail, for its owner alone (0700). */
  directory: string
  from: () => string
  nowMs: Clock
}

/** Where there is no mail server: each mail becomes an `.eml` file (0600) that the operator can read and pass on. */
export class Outbox implements Mailer {
  readonly #options: OutboxOptions
  #count = 0

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  async send(mail: Mail): Promise<void> {
    const { directory, from, nowMs } = this.#options
    // What writes mails is large, and many a server sends none: it is loaded with the first.
    const { composeFile } = await import('./compose.ts')
    const now = nowMs()
    const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
    await mkdir(directory, { recursive: true, mode: 0o700 })
    // In the order in which they were written, and of two processes none in the way of the other.
    const name = `${time}-${String(++this.#count).padStart(5, '0')}-${randomBytes(4).toString('hex')}.eml`
    await writeFile(join(directory, name), composeFile(mail, from(), now), { mode: 0o600, flag: 'wx' })
  }
}
