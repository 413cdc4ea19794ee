import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { answerFailure } from '../http/answer.ts'
import { callerAddress } from '../http/caller-address.ts'
import { allowOrigin, answerPreflight, isPreflight } from '../http/cors.ts'
import { canonicalPath } from '../http/path.ts'
import { readHead } from '../http/request-head.ts'
import { newTrackingId } from '../http/tracking-id.ts'
import { isLocal, originsOf } from '../tenants/origins.ts'
import type { Site, TenantDirectory } from '../tenants/resolve.ts'
import { limitBodyTime } from './limit-body-time.ts'
import { isPageVisit, sendToSignIn } from './page-visit.ts'
import { isOAuthPath, refuse } from './refuse.ts'
import { firstSegmentOf, isReserved } from './reserved.ts'
import { rememberVisit, type Visit } from './visit.ts'

/** Serves a request of `node:http`. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Serves a request that passed the front door. */
export type VisitHandler = (request: IncomingMessage, response: ServerResponse, visit: Visit) => void

/** What stands behind the front door, and what it needs to know. */
export interface FrontDoorOptions {
  tenants: TenantDirectory
  nowMs: Clock
  isTrustedProxy: (address: string) => boolean
  /** Origins whose pages may call this site from a browser. */
  corsOriginsOf: (site: Site) => Promise<ReadonlySet<string>>
  /** Serves `/livez` and `/readyz`, on any host. */
  health: (path: string, response: ServerResponse) => boolean
  /** True when one of our own routes serves this; it wins over catalogs. */
  isOurs: (method: string, path: string) => boolean
  /** Those of our own routes that answer on the bare response, under method and path. */
  bare: ReadonlyMap<string, VisitHandler>
  ours: Handler
  gateway: VisitHandler
  onError: (error: unknown, trackingId: string) => void
}

/** Browsers are to come back by https alone, for two years (RFC 6797 §6.1). */
const HTTPS_ALWAYS = 'max-age=63072000; includeSubDomains'

const PROBES = new Set(['/livez', '/readyz'])

/**
 * Everything that comes in passes here first: the request is refused where it could be read in two ways, its path is
 * made canonical once for everybody behind, its host names the tenant, and then our own routes or the gateway serve it.
 */
export function frontDoor(options: FrontDoorOptions): Handler {
  return (request, response) => {
    const trackingId = newTrackingId()
    if (options.tenants.address.scheme === 'https') response.setHeader('strict-transport-security', HTTPS_ALWAYS)
    const head = readHead(request)
    if (typeof head === 'string') return refuse(response, { reason: 'request.refused', text: head, trackingId })
    const path = canonicalPath(head.rawPath)
    if (path === undefined) return refuse(response, { reason: 'request.refused', text: ODD_PATH, trackingId })
    if (PROBES.has(path)) {
      response.setHeader('slpt-request-id', trackingId)
      return void options.health(path, response)
    }
    const { host, query } = head
    const enter = (site: Site | undefined): void => {
      if (!site) return refuseHost(options, response, { host, path, trackingId })
      const network = callerAddress(request, options.isTrustedProxy)
      const visit: Visit = { site, trackingId, path, query, network, nowMs: options.nowMs() }
      return admitVisit(options, { request, response, visit })
    }
    const known = options.tenants.peek(host)
    if (known) return enter(known)
    options.tenants
      .resolve(host)
      .then(enter)
      .catch((error: unknown) => fail(options, response, { error, trackingId, path }))
    return undefined
  }
}

const ODD_PATH =
  'The path is refused: send it without dot segments, semicolons, backslashes and control characters, and with nothing ' +
  'escaped that need not be: no letter, digit, dot, slash, hyphen, underscore, tilde or percent sign.'

/** Where a server is, only a local one tells: to strangers a public one says nothing of its tenants. */
function refuseHost(
  { tenants: { address } }: FrontDoorOptions,
  response: ServerResponse,
  { host, ...rest }: { host: string; path: string; trackingId: string },
): void {
  const here = isLocal(address.domain) ? `: this server is ${address.scheme}://${address.domain}` : ''
  refuse(response, { reason: 'host.unknown', text: `No tenant answers on the host ${host}${here}.`, ...rest })
}

interface Entering {
  request: IncomingMessage
  response: ServerResponse
  visit: Visit
}

function admitVisit(options: FrontDoorOptions, entering: Entering): void {
  const { request, response, visit } = entering
  const { site, path, trackingId } = visit
  if (site.tenant.isSuspended)
    return refuse(response, {
      reason: 'tenant.suspended',
      text: 'This tenant is suspended. Ask its operator.',
      trackingId,
      path,
    })
  const { origin } = request.headers
  if (origin === undefined || !servesApis(site)) return serve(options, entering)
  response.setHeader('vary', 'Origin')
  options
    .corsOriginsOf(site)
    .then((origins) => {
      if (!origins.has(origin)) return serve(options, entering)
      allowOrigin(response, origin)
      if (!isPreflight(request)) return serve(options, entering)
      return answerPreflight(request, response, trackingId)
    })
    .catch((error: unknown) => fail(options, response, { error, trackingId, path }))
  return undefined
}

const servesApis = ({ role }: Site): boolean => role === 'api' || role === 'all'

function serve(options: FrontDoorOptions, entering: Entering): void {
  const { request, response, visit } = entering
  const { path, query, site } = visit
  const bare = options.bare.get(`${request.method} ${path}`)
  if (bare) return bare(request, response, visit)
  const isOurs = options.isOurs(request.method ?? '', path)
  if (isApi(path) && !servesApis(site) && !(isOurs && path === '/')) return refuseApi(options, entering)
  if (!isOurs) return isApi(path) ? options.gateway(request, response, visit) : refuseUnserved(options, entering)
  request.url = query === '' ? path : `${path}?${query}`
  rememberVisit(request, visit)
  if (!hasBody(request)) forgetType(request)
  limitBodyTime(request, response, visit)
  return options.ours(request, response)
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/**
 * Popular clients name a type also where they send nothing. Whoever reads such a body by its type waits for ever: Node
 * has ended it before anybody could listen.
 */
function forgetType(request: IncomingMessage): void {
  delete request.headers['content-type']
}

/** What stands behind the gates: everything but the pages and endpoints that are ours on every host. */
const isApi = (path: string): boolean => !isReserved(path) || firstSegmentOf(path) === 'sallyport'

/** Nothing of an upstream may run on the origin that people sign in on, nor on that of the console. */
function refuseApi({ tenants }: FrontDoorOptions, { request, response, visit }: Entering): void {
  const { site, path, trackingId } = visit
  if (isPageVisit(request, path)) return sendToSignIn(response, trackingId)
  const { api } = originsOf(site.tenant, tenants.address)
  const text = `This host serves no APIs. Send the request to ${api}${path}`
  refuse(response, { reason: 'host.unknown', text, trackingId, path })
}

const METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']

function refuseUnserved({ isOurs }: FrontDoorOptions, { response, visit: { path, trackingId } }: Entering): void {
  const allowed = METHODS.filter((method) => isOurs(method, path))
  if (allowed.length === 0)
    return refuse(response, { reason: 'operation.unknown', text: `There is nothing at ${path}.`, trackingId, path })
  const text = `${path} is served for ${allowed.join(', ')} only.`
  const headers = { allow: allowed.join(', ') }
  return refuse(response, { reason: 'operation.method_not_allowed', text, trackingId, path, headers })
}

function fail(
  { onError }: FrontDoorOptions,
  response: ServerResponse,
  { error, trackingId, path }: { error: unknown; trackingId: string; path: string },
): void {
  onError(error, trackingId)
  answerFailure(response, error, { trackingId, isOAuth: isOAuthPath(path) })
}
