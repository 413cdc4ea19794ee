import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { iscErrorBody } from './isc-error.ts'
import { newTrackingId } from './tracking-id.ts'

const TEXTS = {
  400: 'The request could not be read as HTTP/1.1.',
  408: 'The request did not arrive in time.',
  431: 'The headers of the request are larger than 16 KB.',
} as const

const STATUSES: Record<string, keyof typeof TEXTS> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

/** Answers what `node:http` could not read as a request, in ISC's words, and ends the connection. */
export function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const status = STATUSES[error.code ?? ''] ?? 400
  const trackingId = newTrackingId()
  const body = JSON.stringify(iscErrorBody({ status, text: TEXTS[status], trackingId }))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `SLPT-Request-ID: ${trackingId}`,
    'Connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroy(error)
}
