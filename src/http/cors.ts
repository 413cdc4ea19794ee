import type { IncomingMessage, ServerResponse } from 'node:http'

const EXPOSED = 'Retry-After, SLPT-Request-ID, X-Total-Count, Sallyport-Reason'
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const MAX_AGE_SECONDS = '600'

/** Lets a page of `origin` read the answer; never with credentials of the browser (Fetch, CORS protocol). */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', EXPOSED)
}

/** True for a browser asking whether it may send the real request. */
export const isPreflight = (request: IncomingMessage): boolean =>
  request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined

/** Answers a preflight of an allowed origin. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, trackingId: string): void {
  const asked = request.headers['access-control-request-headers']
  response.writeHead(204, {
    'access-control-allow-methods': METHODS,
    'access-control-max-age': MAX_AGE_SECONDS,
    'slpt-request-id': trackingId,
    vary: 'Origin, Access-Control-Request-Headers',
    ...(typeof asked === 'string' && HEADER_NAMES.test(asked) && { 'access-control-allow-headers': asked }),
  })
  response.end()
}

const HEADER_NAMES = /^[A-Za-z0-9-]+(?:, ?[A-Za-z0-9-]+){0,30}$/
