import type { IncomingMessage, ServerResponse } from 'node:http'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import { tokenReader } from './admission/token-reader.ts'
import { targetOf } from './access/question.ts'
import { buildOperationIndex, matchOperation } from './access/operation-index.ts'
import { actorOf, callerOf, guardRoutes } from './admission/plugin.ts'
import type { AdmissionListener } from './admission/admit.ts'
import type { RefusalListener } from './admission/refusal.ts'
import { referenceRoutes } from './api-reference/routes.ts'
import { auditEventRoutes } from './audit-events/routes.ts'
import { authorizeRoutes } from './authorize/routes.ts'
import { builtInOperations, type DeclaredRoute } from './catalogs/built-in.ts'
import { catalogRoutes } from './catalogs/routes.ts'
import { denialRoutes } from './denials/routes.ts'
import { shapeOfPath } from './denials/path-shape.ts'
import { entrance, type TlsPair } from './entrance.ts'
import type { ExplainServices } from './explain/explain.ts'
import { explainRoutes } from './explain/routes.ts'
import { expiryRoutes } from './expiry-notices/routes.ts'
import type { AllowedAddress } from './expiry-notices/webhook-address.ts'
import type { FrontDoorOptions } from './front-door/front-door.ts'
import { visitOf } from './front-door/visit.ts'
import { ContextHeaders } from './gateway/context-header.ts'
import { gateway } from './gateway/gateway.ts'
import { Upstreams } from './gateway/upstreams.ts'
import { iscErrorBody, iscTexts } from './http/isc-error.ts'
import { acceptJsonBodies } from './http/json-patch.ts'
import { renderIscError } from './http/isc-error-response.ts'
import { lateSerializers } from './http/late-serializers.ts'
import { lateValidators, validation } from './http/late-validators.ts'
import { requireDeclared } from './http/require-declared.ts'
import { answerUnreadable } from './http/unreadable-request.ts'
import type { Installation } from './installation.ts'
import { inventoryRoutes } from './inventory/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { type LiveLogRouteOptions, liveLogRoutes } from './live-log/routes.ts'
import type { Mailer } from './mail/mail.ts'
import { publicMatrixRoutes } from './matrix/public-routes.ts'
import { matrixRoutes } from './matrix/routes.ts'
import { smallestRoutes } from './matrix/smallest-routes.ts'
import { answerProbe, Readiness } from './operations/readiness.ts'
import { SlidingWindow } from './rate-limits/sliding-window.ts'
import { countShadow } from './right-size/count-shadow.ts'
import { rightSizeRoutes } from './right-size/routes.ts'
import { makeServices, type Services } from './services.ts'
import { peopleRoutes } from './people/routes.ts'
import { allSettingsRoutes } from './settings/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { successionRoutes } from './succession/routes.ts'
import { machineTokenRoutes } from './credential-management/machine-tokens/routes.ts'
import { oauthClientRoutes } from './credential-management/oauth-clients/routes.ts'
import { secretRoutes } from './credential-management/secrets/routes.ts'
import { personalAccessTokenRoutes } from './credential-management/personal-access-tokens/routes.ts'
import { consoleOriginsOf, type PublicAddress } from './tenants/origins.ts'
import { tenantRoutes } from './tenants/routes.ts'
import { lifecycleRoutes } from './token/lifecycle/routes.ts'
import { metadataRoutes } from './token/metadata/routes.ts'
import { tokenEndpoint, tokenEndpointDeclaration } from './token/endpoint.ts'
import { apiUsageRoutes } from './usage/api-usage-routes.ts'
import { usageRoutes } from './usage/routes.ts'

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

const BODY_BYTES_MAX = 256 * 1024

// Of the process, so that what was compiled for one server serves the next one too.
const compilersFactory = { buildValidator: lateValidators(), buildSerializer: lateSerializers() }

/** Assembles the server, without listening: what stands before our routes, and the routes. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { installation, address, pod, log } = options
  const routes: DeclaredRoute[] = [tokenEndpointDeclaration]
  const builtIn = once(() => builtInOperations(routes))
  const services = makeServices({
    installation,
    builtIn,
    address,
    pod,
    log,
    mailer: options.mailer,
    isWebhookAllowed: options.isWebhookAllowed,
  })
  const readiness = new Readiness(installation.changes)
  const upstreams = new Upstreams({
    monotonicMs: installation.monotonicMs,
    onFailure: (failure) => log.warn({ ...failure }, 'an upstream failed a request'),
  })
  const parts: Parts = {
    options,
    services,
    routes,
    onRefused: refusalListener(services),
    onAdmitted: admissionListener(services, log),
  }
  const index = once(() => buildOperationIndex(builtIn()))
  const door: Omit<FrontDoorOptions, 'ours'> = {
    tenants: services.tenants,
    nowMs: installation.nowMs,
    isTrustedProxy: options.isTrustedProxy,
    corsOriginsOf: corsOrigins(parts),
    health: (path: string, response: ServerResponse) => answerProbe(readiness, path, response),
    isOurs: (method, path) => {
      const found = matchOperation(index(), method, path)
      return found !== undefined && 'entry' in found
    },
    bare: bareEndpoints(parts),
    gateway: gatewayOf(parts, upstreams),
    onError: errorLogger(log),
  }
  const server: FastifyInstance = Fastify({
    loggerInstance: log.child({}, { level: atLeastWarn(log.level) }),
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    genReqId: (raw: IncomingMessage) => visitOf(raw).trackingId,
    schemaController: { compilersFactory },
    ajv: validation,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    serverFactory: (ours) => entrance(door, ours, options.tls),
  })
  server.addHook('onRoute', ({ method, url, schema }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, url, schema: { ...schema } })
  })
  server.addHook('preClose', (done) => {
    upstreams.tunnels.close() // Nothing else would end them, and the server waits for its connections.
    done()
  })
  await mount(server, parts)
  await server.ready()
  return {
    server,
    services,
    readiness,
    upstreams,
    routes,
    close: () => closeAll(server, services, upstreams),
  }
}

/** First nobody comes any more, then what is under way ends and what was counted is written. */
async function closeAll(server: FastifyInstance, services: Services, upstreams: Upstreams): Promise<void> {
  services.janitor.stop()
  services.liveLog.close()
  await services.expiryNotices.stop()
  await server.close()
  await services.signIn.afterAnswer.idle()
  await services.signIn.mails.close()
  await services.activity.stop()
  await services.usage.stop()
  await services.webhooks.close()
  await services.denials.stop()
  await services.uses.stop()
  await upstreams.close()
}

interface Parts {
  routes: readonly DeclaredRoute[]
  options: AppOptions
  services: Services
  onRefused: RefusalListener
  onAdmitted: AdmissionListener
}

/** The list of what is mounted; whatever is not public stands behind the guard. */
async function mount(
  server: FastifyInstance,
  { options, services, routes, onRefused, onAdmitted }: Parts,
): Promise<void> {
  const { address, pod } = options
  const { contextOf } = services
  requireDeclared(server)
  server.setErrorHandler(renderIscError)
  server.setNotFoundHandler((request, reply) => {
    const acceptLanguage = request.headers['accept-language']
    reply.code(404).send(iscErrorBody({ status: 404, text: iscTexts.notFound, trackingId: request.id, acceptLanguage }))
  })
  server.addHook('onSend', (request, reply, payload, done) => {
    reply.header('slpt-request-id', request.id)
    done(null, payload)
  })
  const reader = tokenReader({ bearers: services.bearers, signingKeys: services.token.signingKeys, address, contextOf })
  await server.register(lifecycleRoutes, { services: services.token, reader, contextOf })
  await server.register(metadataRoutes, { address })
  await server.register(signInRoutes, { services: services.signIn, contextOf })
  await server.register(authorizeRoutes, { services: services.authorize, address, contextOf })
  await server.register(tenantRoutes, {
    address,
    pod,
    tenantOf: (request: FastifyRequest) => visitOf(request.raw).site.tenant,
  })
  await server.register(referenceRoutes, { routes, address })
  await server.register(keyRoutes, {
    accessKeys: services.token.signingKeys,
    contextKeys: services.contextKeys,
    contextOf: (request: FastifyRequest) => contextOf(visitOf(request.raw)),
  })
  await server.register(async (guarded) => {
    guardRoutes(guarded, { ...services, onRefused, onAdmitted })
    acceptJsonBodies(guarded)
    await guarded.register(catalogRoutes, {
      services: {
        catalogs: services.catalogs,
        changes: options.installation.changes,
        allowedUpstreams: options.allowedUpstreams ?? [],
      },
      contextOf: (request: FastifyRequest) => contextOf(visitOf(request.raw), actorOf(callerOf(request))),
    })
    await guarded.register(matrixRoutes, { ...services, contextOf })
    await guarded.register(publicMatrixRoutes, {
      catalogs: services.catalogs,
      contextOf,
      monotonicMs: options.installation.monotonicMs,
    })
    await guarded.register(smallestRoutes, { ...services, contextOf })
    const { denials } = services
    const findDenial: ExplainServices['findDenial'] = (...wanted) => denials.find(...wanted)
    await guarded.register(explainRoutes, { services: { ...services, findDenial }, contextOf })
    await guarded.register(denialRoutes, { contextOf })
    await guarded.register(auditEventRoutes, { contextOf })
    await guarded.register(liveLogRoutes, liveLogOptions(options.installation, services))
    await guarded.register(allSettingsRoutes, { changes: options.installation.changes, contextOf, address, pod })
    await guarded.register(peopleRoutes, {
      services: { ...services, changes: options.installation.changes },
      contextOf,
    })
    await mountLives(guarded, services, options.installation)
  })
}

/** What credentials are used for, and what becomes of them. */
async function mountLives(guarded: FastifyInstance, services: Services, installation: Installation): Promise<void> {
  const { changes, keys } = installation
  const { contextOf } = services
  const credentials = { ...services, changes, secretsKey: keys.secrets }
  const flushUsage = () => Promise.all([services.usage.flush(), services.uses.flush()])
  await guarded.register(inventoryRoutes, { flushUsage, contextOf })
  await guarded.register(usageRoutes, { services, contextOf })
  await guarded.register(apiUsageRoutes, { services, contextOf })
  await guarded.register(expiryRoutes, { webhooks: services.webhooks, contextOf })
  await guarded.register(rightSizeRoutes, { services: credentials, contextOf })
  await guarded.register(successionRoutes, { services: credentials, contextOf })
  for (const routes of [personalAccessTokenRoutes, machineTokenRoutes, oauthClientRoutes, secretRoutes])
    await guarded.register(routes, { services: credentials, contextOf })
}

/** The endpoints that Fastify knows nothing of, because its work on each request would cost more than they do. */
function bareEndpoints({ options: { address, log }, services }: Parts): FrontDoorOptions['bare'] {
  const { token, contextOf } = services
  const { method, url } = tokenEndpointDeclaration
  const serve = tokenEndpoint({ services: token, address, contextOf, onError: errorLogger(log) })
  return new Map([[`${method} ${url}`, serve]])
}

/** Embedded, the database has one server, whose log is that of the whole installation. */
function liveLogOptions({ database, nowMs, monotonicMs }: Installation, services: Services): LiveLogRouteOptions {
  const { liveLog, admission } = services
  const covers = database.dialect === 'sqlite' ? 'every request of this tenant' : 'requests that this node serves'
  return {
    services: { ...services, nowMs, admission: { ...admission, rates: new SlidingWindow(monotonicMs) } },
    liveLog,
    covers,
  }
}

function gatewayOf(
  { options, services, onRefused, onAdmitted }: Parts,
  upstreams: Upstreams,
): FrontDoorOptions['gateway'] {
  const { address, log, installation } = options
  const { contextKeys: keys, signer, contextOf } = services
  const contextHeaders = new ContextHeaders({ keys, signer, address, contextOf })
  const parts = { contextHeaders, upstreams, address, nowMs: installation.nowMs }
  return gateway({ ...services, ...parts, onRefused, onAdmitted, onError: errorLogger(log) })
}

/** Pages of the tenant's console and of its public clients may call it from a browser. */
function corsOrigins({ options, services }: Parts): FrontDoorOptions['corsOriginsOf'] {
  return async ({ tenant }) => {
    const db = options.installation.database.forTenant(tenant.id)
    const ofClients = await services.publicOrigins.find(db, tenant.id)
    return new Set([...consoleOriginsOf(tenant, options.address()), ...ofClients])
  }
}

/** What happens with each refusal at the gates: it is counted, and kept for whoever asks why. */
function refusalListener({ activity, usage, denials, liveLog }: Services): RefusalListener {
  return (visit, admission, method) => {
    const { question, decision, isStale } = admission
    const { authentication } = question
    const clientId = 'principal' in authentication ? authentication.principal.clientId : 'nobody'
    const tenantId = visit.site.tenant.id
    const { status, reason } = decision
    if (reason === null) return
    const code = isStale ? 'state.stale' : reason.code
    activity.count({ tenantId, clientId, action: 'request.refused', reason: code })
    usage.countDenial({ tenantId, clientId }, code)
    const { trackingId, network, nowMs: refusedAtMs } = visit
    const path = targetOf(question)?.operation.path ?? shapeOfPath(visit.path)
    liveLog.refused(visit, admission, method)
    denials.record({ tenantId, trackingId, network, refusedAtMs, method, path, status, reason: code, question })
  }
}

/** What happens with each request that passed: it is counted. Nobody in particular calls what is public. */
function admissionListener(services: Services, log: FastifyBaseLogger): AdmissionListener {
  return (visit, admission) => {
    services.liveLog.admitted(visit, admission)
    const { authentication, target } = admission.question
    if (!('principal' in authentication) || target === null || !('operation' in target)) return
    const { clientId } = authentication.principal
    services.usage.countCall({ tenantId: visit.site.tenant.id, clientId }, target.operation, visit.network)
    countShadow(services, visit, admission)?.catch((error: unknown) => errorLogger(log)(error, visit.trackingId))
  }
}

const errorLogger = (log: FastifyBaseLogger) => (err: unknown, trackingId: string) =>
  log.error({ err, trackingId }, 'a request failed')

/** The framework's own chatter is not for operators; what it warns of is. */
const atLeastWarn = (level: string): string => (['trace', 'debug', 'info'].includes(level) ? 'warn' : level)

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
