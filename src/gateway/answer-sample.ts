import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CatalogMatch } from '../catalogs/catalogs.ts'
import { FAULT_WORDS, type Fault, parseFault, strikeOf } from '../catalogs/sample/faults.ts'
import type { Visit } from '../front-door/visit.ts'
import { iscErrorBody, iscTexts } from '../http/isc-error.ts'
import { NOT_CACHED, SANDBOX } from './forwarded-headers.ts'

interface Answering {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly visit: Visit
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Answers from the catalog's own document, in its upstream's place, or with the fault that was asked for. */
export function answerSample(answering: Answering, match: CatalogMatch, isOriginShared: boolean): void {
  const { request, response, visit } = answering
  request.resume() // The body is not needed, but the connection is.
  const faults = faultsFor(request.headers['sallyport-sample-fault'], match)
  if (!faults) return send(answering, badFault(visit.trackingId), isOriginShared)
  const { latencyMs, status } = strikeOf(faults, drawOf(visit.trackingId))
  const answer = () =>
    send(
      answering,
      status === 0 ? sampleAnswer(answering, match) : faultAnswer(status, visit.trackingId),
      isOriginShared,
    )
  if (latencyMs === 0) return answer()
  const timer = setTimeout(answer, latencyMs)
  response.once('close', () => clearTimeout(timer))
}

/** The header wins over the catalog, `none` too; undefined where it cannot be read. */
function faultsFor(header: string | string[] | undefined, { entry }: CatalogMatch): Fault[] | undefined {
  const { upstream } = entry.catalog
  const texts = header === undefined ? faultsOf(upstream) : String(header).split(',')
  if (texts.length === 1 && texts[0]?.trim() === 'none') return []
  const faults = texts.map(parseFault)
  return faults.every((fault) => fault !== undefined) ? faults : undefined
}

const faultsOf = (upstream: CatalogMatch['entry']['catalog']['upstream']): readonly string[] =>
  upstream.kind === 'sample' ? (upstream.faults ?? []) : []

/** From 0 to 100, drawn by what is random about the request already. */
const drawOf = (trackingId: string): number => (Number.parseInt(trackingId.slice(0, 8), 16) / 2 ** 32) * 100

function sampleAnswer({ request, visit }: Answering, { entry, parameters }: CatalogMatch): Answer {
  const answer = entry.catalog.sample?.answer({
    method: request.method ?? 'GET',
    path: entry.path.slice(entry.catalog.prefix.length),
    parameters,
    query: new URLSearchParams(visit.query),
  })
  return answer ?? { status: 204, headers: {}, body: null }
}

const texts: Readonly<Record<number, string>> = {
  401: iscTexts.jwtExpired,
  429: iscTexts.rateLimited,
  500: iscTexts.internal,
}

/** As ISC words it, marked so that nobody looks for the trouble in earnest. */
function faultAnswer(status: number, trackingId: string): Answer {
  const headers = { 'sallyport-sample-fault': String(status), ...(status === 429 && { 'retry-after': '1' }) }
  return errorAnswer({ status, text: texts[status] ?? 'The sample was told to fail.', trackingId }, headers)
}

const badFault = (trackingId: string): Answer =>
  errorAnswer({ status: 400, text: `Sallyport-Sample-Fault ${FAULT_WORDS}, or none.`, trackingId })

const errorAnswer = (refusal: Parameters<typeof iscErrorBody>[0], headers: Record<string, string> = {}): Answer => ({
  status: refusal.status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(iscErrorBody(refusal)),
})

function send(
  { request, response, visit }: Answering,
  { status, headers, body }: Answer,
  isOriginShared: boolean,
): void {
  response.writeHead(status, {
    'cache-control': NOT_CACHED,
    ...headers,
    ...(isOriginShared && SANDBOX),
    ...(body !== null && { 'content-length': Buffer.byteLength(body) }),
    'slpt-request-id': visit.trackingId,
  })
  response.end(request.method === 'HEAD' ? undefined : (body ?? undefined))
}
