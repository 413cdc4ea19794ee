import MimeNode from 'nodemailer/lib/mime-node'
import type { Mail } from './mail.ts'

/**
 * A mail as the text of a file that people read: unlike what is sent over SMTP, lines are not cut or escaped, so that a
 * link can be copied. `from` is an address, with a name or without.
 */
export function composeFile(mail: Mail, from: string, nowMs: number): string {
  const head = new MimeNode('text/plain; charset=utf-8')
    .setHeader([
      { key: 'From', value: from },
      { key: 'To', value: { name: '', address: mail.to } },
      { key: 'Subject', value: mail.subject },
      { key: 'Date', value: new Date(nowMs).toUTCString().replace('GMT', '+0000') },
      { key: 'Content-Transfer-Encoding', value: '8bit' },
    ])
    .buildHeaders()
  return `${head}\r\n\r\n${mail.text.replaceAll('\n', '\r\n')}`
}
