import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Mailer } from './mail.ts'
import { Outbox } from './outbox.ts'
import { Smtp } from './smtp.ts'

export interface MailerOptions {
  /** Undefined where there is no mail server. */
  smtpUrl: string | undefined
  from: () => string
  /** The data directory, where mails lie that no mail server takes. */
  data: string
  nowMs: Clock
}

/** What carries mails away here: a mail server, or files in `outbox` below the data directory. */
export const openMailer = ({ smtpUrl, from, data, nowMs }: MailerOptions): Mailer =>
  smtpUrl === undefined
    ? new Outbox({ directory: join(data, 'outbox'), from, nowMs })
    : new Smtp({ url: smtpUrl, from })
