import type { Server, ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { frontDoor, type FrontDoorOptions, type Handler } from './front-door/front-door.ts'
import { answerable, isWebSocket } from './front-door/upgrade.ts'
import { createServer } from './http/node-http.ts'
import { rememberAnswer } from './http/unreadable-request.ts'

/** Limits of `node:http` for an endpoint that strangers reach: slow headers, idle connections, endless requests. */
const LIMITS: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
  requireHostHeader: false, // The front door says why, in words.
  shouldUpgradeCallback: isWebSocket,
  optimizeEmptyRequests: true, // Most requests have no body; a stream for it would be a twentieth of forwarding one.
}
const CONNECTIONS_MAX = 20_000

/** PEM. */
export interface TlsPair {
  cert: Buffer
  key: Buffer
}

/** The listening socket with the front door behind it; `ours` serves what the front door hands to our own routes. */
export function entrance(door: Omit<FrontDoorOptions, 'ours'>, ours: Handler, tls: TlsPair | undefined): Server {
  const serve = frontDoor({ ...door, ours })
  const handle: Handler = (request, response) => {
    // While the server ends, a connection ends with the last answer on it.
    if (!server.listening) response.shouldKeepAlive = false
    rememberAnswer(response)
    serve(request, response)
  }
  const server = tls ? createTlsServer({ ...LIMITS, ...tls }, handle) : createServer(LIMITS, handle)
  server.maxConnections = CONNECTIONS_MAX
  server.on('upgrade', (request, socket, head) => handle(request, answerable(request, socket, head)))
  return server
}
