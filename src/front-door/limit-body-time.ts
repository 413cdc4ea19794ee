import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerRefusal } from '../http/answer.ts'
import { isOAuthPath } from './refuse.ts'
import type { Visit } from './visit.ts'

const BODY_MS_MAX = 10_000

/** Our own routes take small bodies: one that trickles in holds a connection for nothing. */
export function limitBodyTime(request: IncomingMessage, response: ServerResponse, { path, trackingId }: Visit): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const timer = setTimeout(() => {
    if (request.complete || response.headersSent) return
    const text = 'The request body did not arrive within 10 seconds.'
    const headers = { connection: 'close' }
    answerRefusal(response, { status: 408, text, trackingId, headers, isOAuth: isOAuthPath(path) })
  }, BODY_MS_MAX)
  response.on('close', () => clearTimeout(timer))
}
