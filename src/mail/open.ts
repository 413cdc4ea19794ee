import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Mailer } from './mail.ts'
import { Outbox } from './outbox.ts'

export interface MailerOptions {
  /** Undefined where there is no mail server. */
  smtpUrl: string | undefined
  from: () => string
  /** The data directory, where mails lie that no mail server takes. */
  data: string
  nowMs: Clock
}

/** What carries mails away here: a mail server, or files in `outbox` below the data directory. */
export async function openMailer({ smtpUrl, from, data, nowMs }: MailerOptions): Promise<Mailer> {
  if (smtpUrl === undefined) return new Outbox({ directory: join(data, 'outbox'), from, nowMs })
  const { Smtp } = await import('./smtp.ts') // Large, and needed by those alone who have a mail server.
  return new Smtp({ url: smtpUrl, from })
}
