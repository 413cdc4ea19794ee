import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { DeclaredRoute } from './catalogs/built-in.ts'
import { entrance, type TlsPair } from './entrance.ts'
import type { AllowedAddress } from './expiry-notices/webhook-address.ts'
import type { FrontDoorOptions } from './front-door/front-door.ts'
import { visitOf } from './front-door/visit.ts'
import { admissionListener, type FailureListener, refusalListener } from './gate-listeners.ts'
import { ContextHeaders } from './gateway/context-header.ts'
import { gateway } from './gateway/gateway.ts'
import { Upstreams } from './gateway/upstreams.ts'
import { routeServer } from './http/route-server.ts'
import type { Installation } from './installation.ts'
import type { Mailer } from './mail/mail.ts'
import { bareEndpoints, mount, type Parts } from './mount.ts'
import { answerProbe, Readiness } from './operations/readiness.ts'
import { OwnRoutes } from './own-routes.ts'
import { makeServices, type Services } from './services/services.ts'
import { consoleOriginsOf, type PublicAddress } from './tenants/origins.ts'
import { tokenEndpointDeclaration } from './token/endpoint.ts'

export interface AppOptions {
  installation: Installation
  /** How the outside world reaches this installation. */
  address: () => PublicAddress
  pod: string
  log: FastifyBaseLogger
  isTrustedProxy: (address: string) => boolean
  tls?: TlsPair | undefined
  /** Carries mails to people. */
  mailer: Mailer
  /** Addresses that catalogs loaded over HTTP may name as their upstream; none by default. */
  allowedUpstreams?: readonly string[]
  /** Which addresses webhooks may reach beside the internet; none if left out. */
  isWebhookAllowed?: AllowedAddress | undefined
}

/** The assembled server, not yet listening. */
export interface App {
  readonly server: FastifyInstance
  readonly services: Services
  readonly readiness: Readiness
  readonly upstreams: Upstreams
  /** Every route of ours, as Fastify writes them. */
  readonly routes: readonly DeclaredRoute[]
  close(): Promise<void>
}

/** Assembles the server, without listening: the front door, and behind it our own routes and the gateway. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { installation, log } = options
  const own = new OwnRoutes([tokenEndpointDeclaration])
  const services = makeServices({ ...options, builtIn: () => own.operations })
  const parts = partsOf(options, services, own)
  const readiness = new Readiness(installation.changes)
  const upstreams = new Upstreams({
    monotonicMs: installation.monotonicMs,
    onFailure: (failure) => log.warn({ ...failure }, 'an upstream failed a request'),
  })
  const door: Omit<FrontDoorOptions, 'ours'> = {
    tenants: services.tenants,
    nowMs: installation.nowMs,
    isTrustedProxy: options.isTrustedProxy,
    corsOriginsOf: corsOrigins(options, services),
    health: (path, response) => answerProbe(readiness, path, response),
    isOurs: (method, path) => own.serves(method, path),
    bare: bareEndpoints(parts),
    gateway: gatewayOf(parts, upstreams),
    onError: parts.onError,
  }
  const server = routeServer({
    log,
    trackingIdOf: (request) => visitOf(request).trackingId,
    serverFactory: (ours) => entrance(door, ours, options.tls),
  })
  server.addHook('preClose', (done) => {
    upstreams.tunnels.close() // Nothing else would end them, and the server waits for its connections.
    done()
  })
  own.noteFrom(server)
  await mount(server, parts)
  await server.ready()
  return {
    server,
    services,
    readiness,
    upstreams,
    routes: own.declared,
    close: () => closeAll(server, services, upstreams),
  }
}

function partsOf({ address, pod, log }: AppOptions, services: Services, own: OwnRoutes): Parts {
  const { changes, contextOf } = services
  const onError: FailureListener = (err, trackingId) => log.error({ err, trackingId }, 'a request failed')
  const onRefused = refusalListener(services)
  const onAdmitted = admissionListener(services, onError)
  return { services, changes, contextOf, address, pod, routes: own.declared, onRefused, onAdmitted, onError }
}

function gatewayOf({ services, ...parts }: Parts, upstreams: Upstreams): FrontDoorOptions['gateway'] {
  const { contextKeys: keys, signer, contextOf } = services
  const contextHeaders = new ContextHeaders({ keys, signer, address: parts.address, contextOf })
  return gateway({ ...services, ...parts, contextHeaders, upstreams })
}

/** Pages of the tenant's console and of its public clients may call it from a browser. */
function corsOrigins(
  { installation, address }: AppOptions,
  { publicOrigins }: Services,
): FrontDoorOptions['corsOriginsOf'] {
  return async ({ tenant }) => {
    const ofClients = await publicOrigins.find(installation.database.forTenant(tenant.id), tenant.id)
    return new Set([...consoleOriginsOf(tenant, address()), ...ofClients])
  }
}

/** First nobody comes any more, then what is under way ends and what was counted is written. */
async function closeAll(server: FastifyInstance, services: Services, upstreams: Upstreams): Promise<void> {
  const { activity, usage, denials, uses } = services
  services.janitor.stop()
  services.liveLog.close()
  await services.expiryNotices.stop()
  await server.close()
  await services.signIn.afterAnswer.idle()
  await services.signIn.mails.close()
  await services.webhooks.close()
  for (const counter of [activity, usage, denials, uses]) await counter.stop()
  await upstreams.close()
}
