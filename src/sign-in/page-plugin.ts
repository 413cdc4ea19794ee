import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { isDatabaseOutage } from '../database/outage.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { type Visit, visitOf } from '../front-door/visit.ts'
import { acceptForms, readFields } from '../http/form.ts'
import { sendPage } from '../http/page.ts'
import type { RateVerdict } from '../rate-limits/sliding-window.ts'
import { isNetworkAllowed } from '../tenants/network-rules.ts'
import { originsOf } from '../tenants/origins.ts'
import { isFormToken, isSameOrigin } from './csrf.ts'
import { faultPage, type PageFault } from './pages/error-pages.ts'
import type { Content } from './pages/parts.ts'
import { PasswordPoolFull } from './password-pool.ts'
import type { SignInServices } from './sign-in-services.ts'
import { SlowedDown } from './under-attack.ts'
import { readVisitor, type Visitor } from './visitor.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who looks at a sign-in page; null elsewhere. */
    visitor: Visitor | null
  }
}

export interface SignInRouteOptions {
  services: SignInServices
  contextOf: ContextOf
}

/** Ends a request with the page that says why. */
class PageError extends Error {
  override readonly name = 'PageError'
  readonly fault: PageFault

  constructor(fault: PageFault) {
    super(fault.kind)
    this.fault = fault
  }
}

/** Makes this scope one of pages: on the login host, in the visitor's language, with forms, and errors as pages. */
export function servePages(app: FastifyInstance, { services, contextOf }: SignInRouteOptions): void {
  acceptForms(app)
  app.decorateRequest('visitor', null)
  app.addHook('onRequest', async (request, reply) => {
    const visit = visitOf(request.raw)
    const { tenant, role } = visit.site
    if (role === 'api' || role === 'console')
      return redirect(reply, `${originsOf(tenant, services.address()).login}${visit.path}${queryOf(request, visit)}`)
    request.visitor = readVisitor(services, request.raw, { visit, ctx: contextOf(visit) })
    return undefined
  })
  app.setErrorHandler((error, request, reply) => showFault(request, reply, faultOf(error, request)))
}

const queryOf = ({ method }: FastifyRequest, { query }: Visit): string =>
  method === 'GET' && query !== '' ? `?${query}` : ''

/** Who looks at the page. */
export function visitorOf({ visitor }: FastifyRequest): Visitor {
  if (!visitor) throw new Error('this route is not in a scope of pages')
  return visitor
}

/** Keeps out whom the tenant's network rule keeps out. */
export async function requireNetwork(request: FastifyRequest): Promise<void> {
  const { ctx, tenant } = visitorOf(request)
  if (!isNetworkAllowed(tenant.settings.network, ctx.network)) throw new PageError({ kind: 'network' })
}

/** Refuses with 429 when a limit is reached. */
export function requireAdmission(verdict: RateVerdict): void {
  if (!verdict.allowed) throw new PageError({ kind: 'tooMany', retryAfterSeconds: verdict.retryAfterSeconds })
}

/** The fields of the form that was sent, once it is proved to be one that we showed in this browser. */
export function formOf<Name extends string>(
  { formsKey, address }: SignInServices,
  request: FastifyRequest,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const { tenant, browser } = visitorOf(request)
  if (!isSameOrigin(request.headers, address().scheme)) throw new PageError({ kind: 'stale' })
  const fields = readFields(request.body, [...names, 'token'])
  if (!fields) throw new PageError({ kind: 'malformed' })
  const { token, ...rest } = fields
  const binding = { tenantId: tenant.id, browserId: browser.id }
  if (!isFormToken(formsKey, binding, token)) throw new PageError({ kind: 'stale' })
  // What is left are the fields of these names: the rest type of a generic record cannot say so.
  return rest as Partial<Record<Name, string>>
}

export interface Showing {
  status?: number
  /** See `Page.formAction`. */
  formAction?: null
}

/** Sends a page to its visitor, whose browser gets its cookie with the first one. */
export function show(
  request: FastifyRequest,
  reply: FastifyReply,
  { title, body }: Content,
  showing: Showing = {},
): FastifyReply {
  const { locale, tenant, browser } = visitorOf(request)
  if (browser.cookie !== undefined) reply.header('set-cookie', browser.cookie)
  return sendPage(reply, { locale, title, body, tenantName: tenant.displayName, ...showing })
}

/** Leads the browser on with a GET, also after a POST: a password is never sent on (RFC 9700 §4.12). */
export const redirect = (reply: FastifyReply, location: string): FastifyReply =>
  reply.code(303).headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).send()

const STATUSES: Record<PageFault['kind'], number> = {
  stale: 403,
  malformed: 400,
  network: 403,
  tooMany: 429,
  busy: 503,
  unavailable: 503,
  internal: 500,
}

function faultOf(error: unknown, { id, log }: FastifyRequest): PageFault {
  if (error instanceof PageError) return error.fault
  if (error instanceof SlowedDown) return { kind: 'tooMany', retryAfterSeconds: error.retryAfterSeconds }
  if (error instanceof PasswordPoolFull) return { kind: 'busy' }
  if (isDatabaseOutage(error)) return { kind: 'unavailable' }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status >= 400 && status < 500) return { kind: 'malformed' }
  log.error({ err: error, trackingId: id }, 'unexpected error')
  return { kind: 'internal', trackingId: id }
}

const BUSY_SECONDS = 5

function showFault(request: FastifyRequest, reply: FastifyReply, fault: PageFault): FastifyReply {
  const { texts } = visitorOf(request)
  if (fault.kind === 'tooMany') reply.header('retry-after', fault.retryAfterSeconds)
  if (fault.kind === 'busy' || fault.kind === 'unavailable') reply.header('retry-after', BUSY_SECONDS)
  if (fault.kind === 'network') reply.header('sallyport-reason', 'network.denied')
  const retryAt = request.routeOptions.url ?? '/login'
  return show(request, reply, faultPage(texts, fault, retryAt), { status: STATUSES[fault.kind] })
}

/** What a page's route declares: it is public, and answers with pages and redirects. */
export const pageSchema = (operationId: string, summary: string) => ({
  operationId,
  summary,
  security: [{}],
  response: Object.fromEntries([200, 303, 400, 403, 429].map((status) => [status, Type.String()])),
})
