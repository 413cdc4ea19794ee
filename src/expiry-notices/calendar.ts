import type { ExpiringToken } from './store.ts'

const LINE_BYTES_MAX = 75

/** When tokens expire, as a calendar (RFC 5545) with an alarm a week before each. */
export function calendarOf(tokens: readonly ExpiringToken[], { name, nowMs }: { name: string; nowMs: number }): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Sallyport//Expiry//EN',
    `X-WR-CALNAME:${escaped(name)}`,
    ...tokens.flatMap((token) => eventOf(token, nowMs)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function eventOf({ id, name, expires_at }: ExpiringToken, nowMs: number): string[] {
  const title = escaped(`Token ${name} expires`)
  return [
    'BEGIN:VEVENT',
    `UID:${id}-${expires_at}@sallyport`,
    `DTSTAMP:${timeOf(nowMs)}`,
    `DTSTART:${timeOf(expires_at)}`,
    `SUMMARY:${title}`,
    `DESCRIPTION:${escaped(`Client id ${id}. What calls with it stops working then.`)}`,
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-P7D',
    `DESCRIPTION:${title}`,
    'END:VALARM',
    'END:VEVENT',
  ]
}

const timeOf = (unixMs: number): string => new Date(unixMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')

/** Text as RFC 5545 §3.3.11 writes it; what is no text, such as a line end that begins a property, becomes a space. */
const escaped = (text: string): string => text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, ' ')

/** A line of at most 75 bytes, continued on the next (RFC 5545 §3.1); no character is cut in two. */
function folded(line: string): string {
  let out = ''
  let bytes = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (bytes + size > LINE_BYTES_MAX) {
      out += '\r\n '
      bytes = 1
    }
    out += character
    bytes += size
  }
  return out
}
