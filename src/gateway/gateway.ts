import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '../access/policy.ts'
import { admit, type Admission, type AdmissionListener } from '../admission/admit.ts'
import { answerAdmissionRefusal, type RefusalListener } from '../admission/refusal.ts'
import { type CatalogMatch, type CatalogSet, findOperation } from '../catalogs/catalogs.ts'
import { isPageVisit, sendToSignIn } from '../front-door/page-visit.ts'
import { upgradeOf } from '../front-door/upgrade.ts'
import type { Visit } from '../front-door/visit.ts'
import { answerFailure } from '../http/answer.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import { decodeFormComponent } from '../http/form.ts'
import { answerSample } from './answer-sample.ts'
import type { ContextHeaders } from './context-header.ts'
import { forward, type Forwarding } from './forward.ts'
import { isStillAllowed, type RecheckServices } from './recheck.ts'
import { tunnel } from './tunnel.ts'
import type { Upstreams } from './upstreams.ts'

export interface GatewayServices extends RecheckServices {
  contextHeaders: ContextHeaders
  upstreams: Upstreams
  address: () => PublicAddress
  onRefused: RefusalListener
  onAdmitted: AdmissionListener
  onError: (error: unknown, trackingId: string) => void
}

interface Passing {
  request: IncomingMessage
  response: ServerResponse
  visit: Visit
}

/** Lets a request of a catalog's operation through to its upstream, or refuses it with the reason. */
export function gateway(services: GatewayServices) {
  return (request: IncomingMessage, response: ServerResponse, visit: Visit): void => {
    const fail = (error: unknown): void => {
      services.onError(error, visit.trackingId)
      answerFailure(response, error, visit)
    }
    try {
      pass(services, { request, response, visit })?.catch(fail)
    } catch (error) {
      fail(error)
    }
  }
}

function pass(services: GatewayServices, passing: Passing): void | Promise<void> {
  const { visit } = passing
  const { id } = visit.site.tenant
  const set = services.catalogs.peek(id)
  if (set) return passGates(services, passing, set)
  return services.catalogs.find(services.contextOf(visit).db, id).then((found) => passGates(services, passing, found))
}

function passGates(services: GatewayServices, passing: Passing, set: CatalogSet): void | Promise<void> {
  const { request, visit } = passing
  const { match, target } = findOperation(set, request.method ?? '', visit.path)
  if (!match && isPageVisit(request, visit.path)) return sendToSignIn(passing.response, visit.trackingId)
  const admission = admit(services.admission, {
    visit,
    authorization: request.headers.authorization,
    experimental: request.headers['x-sailpoint-experimental'],
    target,
  })
  if (admission instanceof Promise)
    return admission.then((known) => settle(services, passing, { admission: known, match }))
  return settle(services, passing, { admission, match })
}

function settle(
  services: GatewayServices,
  passing: Passing,
  { admission, match }: { admission: Admission; match: CatalogMatch | undefined },
): void | Promise<void> {
  if (!admission.decision.allowed || !match)
    return answerAdmissionRefusal(passing.response, admission, { visit: passing.visit, onRefused: services.onRefused })
  services.onAdmitted(passing.visit, admission)
  const { catalog } = match.entry
  if (catalog.sample) return answerSample(passing, match, isOriginShared(services, passing.visit))
  const { authentication } = admission.question
  return send(services, passing, {
    match,
    principal: 'principal' in authentication ? authentication.principal : undefined,
  })
}

/** A public operation has no principal, and so no context header. */
function send(
  services: GatewayServices,
  { request, response, visit }: Passing,
  { match, principal }: { match: CatalogMatch; principal: Principal | undefined },
): void | Promise<void> {
  const { catalog } = match.entry
  if (catalog.upstream.kind !== 'http') throw new Error(`the catalog ${catalog.name} has no upstream`)
  const upstream = services.upstreams.connect(catalog.upstream)
  const go = (context: string | undefined): void =>
    forwardOrTunnel(services, visit, {
      request,
      response,
      upstreams: services.upstreams,
      upstream,
      target: (visit.path.slice(catalog.prefix.length) || '/') + queryFor(visit.query),
      added: ['slpt-request-id', visit.trackingId, ...(context === undefined ? [] : ['sallyport-context', context])],
      trackingId: visit.trackingId,
      isOriginShared: isOriginShared(services, visit),
    })
  if (!principal) return go(undefined)
  const context = services.contextHeaders.headerFor({ visit, principal, audience: upstream.origin })
  return context instanceof Promise ? context.then(go) : go(context)
}

function forwardOrTunnel(services: GatewayServices, visit: Visit, forwarding: Forwarding): void {
  const { request } = forwarding
  const upgrade = upgradeOf(request)
  if (!upgrade) return forward(forwarding)
  return tunnel({ ...forwarding, upgrade, isStillAllowed: () => isStillAllowed(services, request, visit) })
}

/** A token in the query is never looked at, and never handed on either (RFC 9700 §4.3.2). */
function queryFor(query: string): string {
  if (query === '') return ''
  if (!MAY_NAME_A_TOKEN.test(query)) return `?${query}`
  const kept = query.split('&').filter((pair) => decodeFormComponent(pair.split('=', 1)[0] ?? '') !== 'access_token')
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

const MAY_NAME_A_TOKEN = /access_token|%/

/** On a local install people sign in on the origin that serves the proxied answers. */
const isOriginShared = ({ address }: GatewayServices, { site }: Visit): boolean => {
  const { api, login } = originsOf(site.tenant, address())
  return api === login
}
