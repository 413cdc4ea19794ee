import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { type App, buildApp } from './app.ts'
import { isLoopback } from './config/host-names.ts'
import { networkMatcher } from './config/networks.ts'
import type { Settings } from './config/settings.ts'
import type { TlsPair } from './entrance.ts'
import { OperatorError } from './errors.ts'
import { type Installation, openInstallation } from './installation.ts'
import type { Mailer } from './mail/mail.ts'
import { openMailer } from './mail/open.ts'
import { connectionLimit } from './operations/connection-limit.ts'
import { Connections } from './operations/connections.ts'
import { makeLog, type ProcessLog } from './operations/log.ts'
import { startOpsServer } from './operations/ops-server.ts'
import { readTlsFiles } from './operations/tls-files.ts'
import type { PublicAddress } from './tenants/origins.ts'

/** A server that listens. */
export interface RunningServer {
  /** The address people type: `http://localhost:8080`. */
  readonly url: string
  /** Where operators look; undefined when that listener is off. */
  readonly opsUrl: string | undefined
  readonly installation: Installation
  readonly log: Logger
  /** Stops taking requests, finishes those under way within `drainSeconds`, writes what is left, closes the database. */
  close(): Promise<void>
}

/**
 * Everything between opening the data directory and listening happens here; `prepare` runs before the first request.
 * @throws OperatorError when a file, a port or the database cannot be had.
 */
export async function startServer(
  settings: Settings,
  prepare: (installation: Installation) => Promise<void>,
): Promise<RunningServer> {
  const tls = readTlsFiles(settings)
  const installation = await openInstallation(settings)
  const parts: Parts = { installation, log: makeLog(settings) }
  try {
    await prepare(installation)
    return await start(settings, parts, tls)
  } catch (error) {
    await closeAll(parts).catch(() => {}) // What went wrong first is what is told.
    throw error
  }
}

/** What a server is made of, as far as it has been made. */
interface Parts {
  readonly installation: Installation
  readonly log: ProcessLog
  app?: App
  ops?: Server
}

/** Mails come from the public domain, which is known once the server listens. */
const mailerOf = (settings: Settings, { nowMs }: Installation, address: PublicAddress): Promise<Mailer> =>
  openMailer({
    smtpUrl: settings.smtpUrl,
    from: () => settings.mailFrom ?? `no-reply@${address.domain.replace(/:\d+$/, '')}`,
    data: settings.data,
    nowMs,
  })

/** A server that only this machine reaches, not by way of a proxy either, may post to this machine. */
function webhookNetworks({ host, trustProxy, webhookNetwork }: Settings): (address: string) => boolean {
  const isLocal = isLoopback(host) && trustProxy.length === 0
  return networkMatcher([...webhookNetwork, ...(isLocal ? ['127.0.0.0/8', '::1'] : [])])
}

async function start(settings: Settings, parts: Parts, tls: TlsPair | undefined): Promise<RunningServer> {
  const { installation, log } = parts
  const address: PublicAddress = { scheme: settings.publicScheme, domain: settings.domain ?? '' }
  const app = await buildApp({
    installation,
    address: () => address,
    pod: settings.pod,
    log: log.logger,
    isTrustedProxy: networkMatcher(settings.trustProxy),
    tls,
    mailer: await mailerOf(settings, installation, address),
    allowedUpstreams: settings.allowUpstream,
    isWebhookAllowed: webhookNetworks(settings),
  })
  parts.app = app
  await installation.changes.start()
  await app.services.cutOffs.load()
  await warmUp(app, parts)
  const { activity, usage, denials, uses, janitor, expiryNotices } = app.services
  for (const each of [activity, usage, denials, uses, janitor, expiryNotices]) each.start()
  const { server } = app.server
  server.maxConnections = Math.min(server.maxConnections, connectionLimit())
  const connections = new Connections(server)
  // Before the first connection: with port 0 the public address is known only now.
  server.once('listening', () => {
    if (address.domain === '') address.domain = `localhost:${portOf(server)}`
  })
  const opsUrl = await listenForOps(settings, parts, { app, connections })
  await listen(settings, app)
  return {
    url: `${address.scheme}://${address.domain}`,
    opsUrl,
    installation,
    log: log.logger,
    close: async () => {
      app.readiness.drain()
      const stop = connections.drain(settings.drainSeconds * 1000)
      await closeAll(parts)
      stop()
    },
  }
}

/** Reads what the first requests need: they should not wait for a large document. What goes wrong shows with them. */
async function warmUp({ services }: App, { installation, log }: Parts): Promise<void> {
  try {
    const tenant = await services.tenants.findDefault()
    if (tenant) await services.catalogs.find(installation.database.forTenant(tenant.id), tenant.id)
  } catch (err) {
    log.logger.error({ err }, 'the catalogs of the default tenant could not be read')
  }
}

async function listen({ host, port }: Settings, { server }: App): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    throw listenError(error, host, port)
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reasons = new Map<unknown, string>([
    ['EADDRINUSE', `Port ${port} is in use. Stop what uses it, or choose another with --port.`],
    ['EACCES', `Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`],
    ['EADDRNOTAVAIL', `This machine has no address ${host}. Choose another with --host.`],
    ['ENOTFOUND', `The host ${host} is not known here. Choose another with --host.`],
  ])
  const reason = reasons.get(code)
  return reason === undefined ? error : new OperatorError(reason, { cause: error })
}

interface Observed {
  app: App
  connections: Connections
}

async function listenForOps(settings: Settings, parts: Parts, observed: Observed): Promise<string | undefined> {
  const { opsHost: host, opsPort: port } = settings
  if (port === 'off') return undefined
  const { app, connections } = observed
  const { makeMetrics } = await import('./operations/metrics.ts')
  const registry = makeMetrics({
    activity: app.services.activity,
    changes: parts.installation.changes,
    droppedLogLines: () => parts.log.droppedLines,
    droppedConnections: () => connections.dropped,
    upstreams: { states: () => app.upstreams.states(), tunnels: app.upstreams.tunnels },
  })
  parts.ops = await startOpsServer({ host, port, readiness: app.readiness, metrics: () => registry.metrics() })
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(parts.ops)}`
}

/** From the outside in: first nobody comes any more, at last the database closes. */
async function closeAll({ app, ops, installation, log }: Parts): Promise<void> {
  await app?.close()
  ops?.closeAllConnections()
  ops?.close()
  await installation.close()
  await log.flush()
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port // It listens on TCP.
