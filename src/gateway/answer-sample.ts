import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CatalogMatch } from '../catalogs/catalogs.ts'
import type { Visit } from '../front-door/visit.ts'
import { NOT_CACHED, SANDBOX } from './forwarded-headers.ts'

/** Answers from the catalog's own document, in its upstream's place. */
export function answerSample(
  { request, response, visit }: { request: IncomingMessage; response: ServerResponse; visit: Visit },
  { entry, parameters }: CatalogMatch,
  isOriginShared: boolean,
): void {
  const answer = entry.catalog.sample?.answer({
    method: request.method ?? 'GET',
    path: entry.path.slice(entry.catalog.prefix.length),
    parameters,
    query: new URLSearchParams(visit.query),
  })
  request.resume() // The body is not needed, but the connection is.
  const body = answer?.body ?? null
  response.writeHead(answer?.status ?? 204, {
    'cache-control': NOT_CACHED,
    ...answer?.headers,
    ...(isOriginShared && SANDBOX),
    ...(body !== null && { 'content-length': Buffer.byteLength(body) }),
    'slpt-request-id': visit.trackingId,
  })
  response.end(body ?? undefined)
}
