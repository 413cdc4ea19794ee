import { createTransport } from 'nodemailer'
import { isLoopback } from '../config/host-names.ts'
import type { Mail, Mailer } from './mail.ts'

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  url: string
  from: () => string
}

const ANSWER_MS_MAX = 10_000

/** Hands mails to a mail server. A password crosses the network over TLS or not at all. */
export class Smtp implements Mailer {
  readonly #from: () => string
  readonly #transport: ReturnType<typeof transportFor>

  constructor({ url, from }: SmtpOptions) {
    this.#from = from
    this.#transport = transportFor(new URL(url))
  }

  /** Greets the mail server, and logs in where a login is set. Throws what goes wrong; sends nothing. */
  async check(): Promise<void> {
    await this.#transport.verify()
  }

  async send(mail: Mail): Promise<void> {
    await this.#transport.sendMail({
      from: this.#from(),
      // An object, not text: text may be read as a list of addresses.
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }
}

function transportFor({ protocol, hostname, port, username, password }: URL) {
  const isTls = protocol === 'smtps:'
  const hasLogin = username !== ''
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isTls ? 465 : 587),
    secure: isTls,
    requireTLS: hasLogin && !isLoopback(hostname),
    ...(hasLogin && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: ANSWER_MS_MAX,
    greetingTimeout: ANSWER_MS_MAX,
    socketTimeout: ANSWER_MS_MAX,
  })
}
