import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReasonCode } from '../access/reasons.ts'
import type { Clock } from '../clock.ts'
import { answerRefusal } from '../http/answer.ts'
import { callerAddress } from '../http/caller-address.ts'
import { allowOrigin, answerPreflight, isPreflight } from '../http/cors.ts'
import { canonicalPath } from '../http/path.ts'
import { readHead } from '../http/request-head.ts'
import { newTrackingId } from '../http/tracking-id.ts'
import type { Site, TenantDirectory } from '../tenants/resolve.ts'
import { rememberVisit, type Visit } from './visit.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface FrontDoorOptions {
  tenants: TenantDirectory
  nowMs: Clock
  isTrustedProxy: (address: string) => boolean
  /** Origins whose pages may call this site from a browser. */
  corsOriginsOf: (site: Site) => Promise<ReadonlySet<string>>
  /** Serves `/livez` and `/readyz`, on any host. Answers false for any other path. */
  health: (path: string, response: ServerResponse) => boolean
  /** True when one of our own routes serves this; it wins over catalogs. */
  isOurs: (method: string, path: string) => boolean
  ours: Handler
  gateway: (request: IncomingMessage, response: ServerResponse, visit: Visit) => void
  onError: (error: unknown, trackingId: string) => void
}

/**
 * Everything that comes in passes here first: the request is refused where it could be read in two ways, its path is
 * made canonical once for everybody behind, its host names the tenant, and then our own routes or the gateway serve it.
 */
export function frontDoor(options: FrontDoorOptions): Handler {
  return (request, response) => {
    const trackingId = newTrackingId()
    const head = readHead(request)
    if (typeof head === 'string') return refuse(response, 'request.refused', head, trackingId)
    const path = canonicalPath(head.rawPath)
    if (path === undefined) return refuse(response, 'request.refused', ODD_PATH, trackingId)
    if (options.health(path, response)) return undefined
    const { host, query } = head
    const enter = (site: Site | undefined): void => {
      if (!site) return refuse(response, 'host.unknown', `No tenant answers on the host ${host}.`, trackingId)
      const network = callerAddress(request, options.isTrustedProxy)
      const visit: Visit = { site, trackingId, path, query, network, nowMs: options.nowMs() }
      return admitVisit(options, { request, response, visit })
    }
    const known = options.tenants.peek(host)
    if (known) return enter(known)
    options.tenants
      .resolve(host)
      .then(enter)
      .catch((error: unknown) => fail(options, response, { error, trackingId }))
    return undefined
  }
}

const ODD_PATH =
  'The path is refused: send it without dot segments, encoded slashes or dots, semicolons, backslashes and control characters.'

interface Entering {
  request: IncomingMessage
  response: ServerResponse
  visit: Visit
}

function admitVisit(options: FrontDoorOptions, entering: Entering): void {
  const { request, response, visit } = entering
  if (visit.site.tenant.isSuspended)
    return refuse(response, 'tenant.suspended', 'This tenant is suspended. Ask its operator.', visit.trackingId)
  const { origin } = request.headers
  if (origin === undefined || visit.site.role === 'login') return serve(options, entering)
  response.setHeader('vary', 'Origin')
  options
    .corsOriginsOf(visit.site)
    .then((origins) => {
      if (!origins.has(origin)) return serve(options, entering)
      allowOrigin(response, origin)
      return isPreflight(request) ? answerPreflight(request, response) : serve(options, entering)
    })
    .catch((error: unknown) => fail(options, response, { error, trackingId: visit.trackingId }))
  return undefined
}

/** First segments that are ours on every host, whatever catalogs claim. */
const RESERVED = new Set(['oauth', 'sallyport', '.well-known', 'ui', 'login', 'logout'])

function serve(options: FrontDoorOptions, { request, response, visit }: Entering): void {
  const { path, query } = visit
  const isReserved = RESERVED.has(path.slice(1, secondSlash(path)))
  if (!isReserved && !options.isOurs(request.method ?? '', path)) return options.gateway(request, response, visit)
  request.url = query === '' ? path : `${path}?${query}`
  rememberVisit(request, visit)
  limitBodyTime(request, response)
  return options.ours(request, response)
}

const secondSlash = (path: string): number => {
  const at = path.indexOf('/', 1)
  return at < 0 ? path.length : at
}

const STATUS_OF = { 'request.refused': 400, 'host.unknown': 404, 'tenant.suspended': 403 } as const

function refuse(
  response: ServerResponse,
  reason: keyof typeof STATUS_OF & ReasonCode,
  text: string,
  trackingId: string,
): void {
  // A request that could be read in two ways may have hidden a second one behind it.
  const headers = reason === 'request.refused' ? { connection: 'close' } : {}
  answerRefusal(response, { status: STATUS_OF[reason], reason, text, trackingId, headers })
}

function fail(
  options: FrontDoorOptions,
  response: ServerResponse,
  { error, trackingId }: { error: unknown; trackingId: string },
): void {
  options.onError(error, trackingId)
  if (response.headersSent) return void response.destroy()
  const text = 'The database does not answer. Try again in a moment.'
  answerRefusal(response, { status: 503, reason: 'state.stale', text, trackingId, headers: { 'retry-after': '1' } })
}

const BODY_MS_MAX = 10_000

/** Our own routes take small bodies: one that trickles in holds a connection for nothing. */
function limitBodyTime(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const timer = setTimeout(() => {
    if (request.complete || response.headersSent) return
    response.writeHead(408, { connection: 'close' }).end()
    request.destroy()
  }, BODY_MS_MAX)
  response.on('close', () => clearTimeout(timer))
}
