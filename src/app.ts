import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import { buildOperationIndex, matchOperation } from './access/operation-index.ts'
import type { Operation } from './access/policy.ts'
import { guardRoutes } from './admission/guard.ts'
import type { RefusalListener } from './admission/refusal.ts'
import { builtInOperations, type DeclaredRoute } from './catalogs/built-in.ts'
import { RecentRefusals } from './explain/recent-refusals.ts'
import { explainRoutes } from './explain/routes.ts'
import { frontDoor, type Handler } from './front-door/front-door.ts'
import { visitOf } from './front-door/visit.ts'
import { ContextHeaders } from './gateway/context-header.ts'
import { gateway } from './gateway/gateway.ts'
import { Upstreams } from './gateway/upstreams.ts'
import { iscErrorBody, iscTexts } from './http/isc-error.ts'
import { renderIscError } from './http/isc-error-response.ts'
import { requireDeclared } from './http/require-declared.ts'
import type { Installation } from './installation.ts'
import { keyRoutes } from './keys/routes.ts'
import { answerProbe, Readiness } from './operations/readiness.ts'
import { makeServices, type Services } from './services.ts'
import { originsOf, type PublicAddress } from './tenants/origins.ts'
import { tenantRoutes } from './tenants/routes.ts'
import { tokenRoutes } from './token/routes.ts'

export interface AppOptions {
  installation: Installation
  /** How the outside world reaches this installation. */
  address: () => PublicAddress
  pod: string
  log: FastifyBaseLogger
  isTrustedProxy: (address: string) => boolean
  /** PEM. */
  tls?: { cert: Buffer; key: Buffer } | undefined
}

/** The assembled server, not yet listening. */
export interface App {
  readonly server: FastifyInstance
  readonly services: Services
  readonly readiness: Readiness
  /** Every route of ours, as Fastify writes them. */
  readonly routes: readonly DeclaredRoute[]
  close(): Promise<void>
}

const BODY_BYTES_MAX = 256 * 1024

/** Assembles the server: what is mounted, and what stands before it. Reads as the list of both. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { installation, address, pod, log } = options
  const routes: DeclaredRoute[] = []
  const builtIn = once(() => builtInOperations(routes))
  const services = makeServices({ installation, builtIn, address, pod, log })
  const readiness = new Readiness(installation.changes)
  const refusals = new RecentRefusals()
  const onRefused = refusalListener(services, refusals)
  const upstreams = new Upstreams()
  const server: FastifyInstance = Fastify({
    loggerInstance: log.child({}, { level: 'warn' }),
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    genReqId: (raw) => visitOf(raw as IncomingMessage).trackingId,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    serverFactory: (ours) =>
      listener(options, frontDoor(doorOptions({ options, services, readiness, builtIn, ours, onRefused, upstreams }))),
  })
  collectRoutes(server, routes)
  requireDeclared(server)
  answerUnknown(server)
  server.setErrorHandler(renderIscError)
  server.addHook('onSend', async (request, reply) => void reply.header('slpt-request-id', request.id))
  const tenantOf = (request: FastifyRequest) => visitOf(request.raw).site.tenant
  const contextOfRequest = (request: FastifyRequest) => services.contextOf(visitOf(request.raw))
  await server.register(tokenRoutes, { services: services.token, address, contextOf: services.contextOf })
  await server.register(tenantRoutes, { address, pod, tenantOf })
  await server.register(keyRoutes, {
    accessKeys: services.token.signingKeys,
    contextKeys: services.contextKeys,
    contextOf: contextOfRequest,
  })
  await server.register(async (guarded) => {
    guardRoutes(guarded, { ...services, onRefused })
    await guarded.register(explainRoutes, { services: { ...services, refusals }, contextOf: services.contextOf })
  })
  await server.ready()
  return {
    server,
    services,
    readiness,
    routes,
    close: async () => {
      await server.close()
      await services.activity.stop()
      await upstreams.close()
    },
  }
}

interface DoorParts {
  options: AppOptions
  services: Services
  readiness: Readiness
  builtIn: () => readonly Operation[]
  ours: Handler
  onRefused: RefusalListener
  upstreams: Upstreams
}

function doorOptions({ options, services, readiness, builtIn, ours, onRefused, upstreams }: DoorParts) {
  const { address, log, installation } = options
  const index = once(() => buildOperationIndex(builtIn()))
  const onError = (err: unknown, trackingId: string): void => log.error({ err, trackingId }, 'a request failed')
  const { signer, contextKeys: keys, contextOf } = services
  return {
    tenants: services.tenants,
    nowMs: installation.nowMs,
    isTrustedProxy: options.isTrustedProxy,
    corsOriginsOf: async ({ tenant }: { tenant: Parameters<typeof originsOf>[0] }) => {
      const { console } = originsOf(tenant, address())
      const db = installation.database.forTenant(tenant.id)
      return new Set([console, ...(await services.publicOrigins.find(db, tenant.id))])
    },
    health: (path: string, response: ServerResponse) => answerProbe(readiness, path, response),
    isOurs: (method: string, path: string) => {
      const found = matchOperation(index(), method, path)
      return found !== undefined && 'entry' in found
    },
    ours,
    gateway: gateway({
      ...services,
      contextHeaders: new ContextHeaders({ keys, signer, address, contextOf }),
      upstreams,
      address,
      onRefused,
      onError,
    }),
    onError,
  }
}

/** Limits of `node:http` for an endpoint that strangers reach: slow headers, idle connections, endless requests. */
const LIMITS: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
  requireHostHeader: false, // The front door says why, in words.
}
const CONNECTIONS_MAX = 20_000

function listener({ tls }: AppOptions, handle: Handler): Server {
  const server = tls ? createTlsServer({ ...LIMITS, ...tls }, handle) : createServer(LIMITS, handle)
  server.maxConnections = CONNECTIONS_MAX
  return server
}

function collectRoutes(server: FastifyInstance, routes: DeclaredRoute[]): void {
  server.addHook('onRoute', ({ method, url, schema }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, url, schema: { ...schema } })
  })
}

function answerUnknown(server: FastifyInstance): void {
  server.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send(iscErrorBody({ status: 404, text: iscTexts.notFound, trackingId: request.id })),
  )
}

/** What happens with each refusal at the gates: it is counted, and kept for whoever asks why. */
function refusalListener({ activity }: Services, refusals: RecentRefusals): RefusalListener {
  return (visit, { question, decision, isStale }, method) => {
    const { authentication } = question
    const clientId = 'principal' in authentication ? authentication.principal.clientId : 'nobody'
    const reason = isStale ? 'state.stale' : (decision.reason?.code ?? '')
    const tenantId = visit.site.tenant.id
    activity.count({ tenantId, clientId, action: 'request.refused', reason })
    refusals.remember(tenantId, visit.trackingId, { method, path: visit.path, question, refusedAtMs: visit.nowMs })
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
