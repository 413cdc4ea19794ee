import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { iscErrorBody } from './isc-error.ts'
import { STATUS_CODES } from './node-http.ts'
import { newTrackingId } from './tracking-id.ts'

const TEXTS = {
  400: 'The request could not be read as HTTP/1.1.',
  408: 'The request did not arrive in time.',
  431: 'The headers of the request are larger than 16 KB.',
} as const

const STATUSES: Record<string, keyof typeof TEXTS> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

/** The latest answer on each connection. */
const answers = new WeakMap<Duplex, ServerResponse>()

/** To be called with each request, so that what comes behind it is not answered in the middle of its answer. */
export const rememberAnswer = (response: ServerResponse): void => void answers.set(response.req.socket, response)

/**
 * Answers what `node:http` could not read as a request, in ISC's words, and ends the connection. Where that belongs to a
 * request that has its answer, or comes while one is on its way, the connection only ends: the words would pass for
 * a part of that answer, or for the answer to somebody else's request.
 */
export function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const latest = answers.get(socket)
  const isInBody = latest?.req.complete === false
  if (latest && (isInBody ? latest.headersSent : !latest.writableFinished)) return void socket.destroy(error)
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
