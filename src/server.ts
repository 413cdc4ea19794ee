import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type App, buildApp } from './app.ts'
import { networkMatcher } from './config/networks.ts'
import type { Settings } from './config/settings.ts'
import { OperatorError } from './errors.ts'
import { type Installation, openInstallation } from './installation.ts'
import { makeLog } from './operations/log.ts'
import { makeMetrics } from './operations/metrics.ts'
import { startOpsServer } from './operations/ops-server.ts'
import type { PublicAddress } from './tenants/origins.ts'

/** A server that listens. */
export interface RunningServer {
  /** The address people type: `http://localhost:8080`. */
  readonly url: string
  /** Where operators look; undefined when that listener is off. */
  readonly opsUrl: string | undefined
  readonly installation: Installation
  /** Stops taking requests, finishes those under way within `drainSeconds`, writes what is left, closes the database. */
  close(): Promise<void>
}

/** Everything between opening the data directory and listening happens here; `prepare` runs before the first request. */
export async function startServer(
  settings: Settings,
  prepare: (installation: Installation) => Promise<void>,
): Promise<RunningServer> {
  const installation = await openInstallation(settings)
  try {
    await prepare(installation)
    return await listen(settings, installation)
  } catch (error) {
    await installation.close()
    throw error
  }
}

async function listen(settings: Settings, installation: Installation): Promise<RunningServer> {
  const address: PublicAddress = { scheme: settings.publicScheme, domain: settings.domain ?? '' }
  const log = makeLog(settings)
  const app = await buildApp({
    installation,
    address: () => address,
    pod: settings.pod,
    log,
    isTrustedProxy: networkMatcher(settings.trustProxy),
    tls: readTls(settings),
  })
  await installation.changes.start()
  await app.services.cutOffs.load()
  app.services.activity.start()
  const ops = await listenForOps(settings, app, installation)
  const port = await listenForAll(settings, app)
  if (address.domain === '') address.domain = `localhost:${port}`
  return {
    url: `${address.scheme}://${address.domain}`,
    opsUrl: ops && `http://${settings.opsHost}:${(ops.address() as AddressInfo).port}`,
    installation,
    close: () => drain(settings, { app, installation, ops }),
  }
}

async function listenForAll({ host, port }: Settings, { server }: App): Promise<number> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    throw listenError(error, host, port)
  }
  return (server.server.address() as AddressInfo).port
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use. Stop what uses it, or choose another with --port.`,
    EACCES: `Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Choose another with --host.`,
    ENOTFOUND: `The host ${host} is not known here. Choose another with --host.`,
  }
  const reason = typeof code === 'string' ? reasons[code] : undefined
  return reason === undefined ? error : new OperatorError(reason, { cause: error })
}

async function listenForOps(
  settings: Settings,
  { readiness, services }: App,
  { changes }: Installation,
): Promise<Server | undefined> {
  const { opsHost: host, opsPort: port } = settings
  if (port === 'off') return undefined
  const metrics = makeMetrics({ activity: services.activity, changes })
  return startOpsServer({ host, port, readiness, metrics: () => metrics.metrics() })
}

function readTls({ tlsCert, tlsKey }: Settings): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  try {
    return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) }
  } catch (error) {
    throw new OperatorError(`The TLS certificate ${tlsCert} or its key ${tlsKey} cannot be read.`, { cause: error })
  }
}

interface Draining {
  app: App
  installation: Installation
  ops: Server | undefined
}

async function drain({ drainSeconds }: Settings, { app, installation, ops }: Draining): Promise<void> {
  app.readiness.drain()
  const hard = setTimeout(() => app.server.server.closeAllConnections(), drainSeconds * 1000)
  await app.close()
  clearTimeout(hard)
  ops?.closeAllConnections()
  ops?.close()
  await installation.close()
}
