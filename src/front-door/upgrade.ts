import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ServerResponse } from '../http/node-http.ts'

/** The bare connection of a request that asks to speak WebSocket on it, and what came with the request already. */
export interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
}

const upgrade = Symbol('upgrade')
type Upgrading = IncomingMessage & { [upgrade]?: Upgrade }

/** True for a request that asks for WebSocket (RFC 6455 §4.1). Whatever else `Upgrade` names is left aside, as it may be. */
export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  return method === 'GET' && !hasBody && headers.upgrade?.toLowerCase() === 'websocket'
}

/** The upgrade that a request asks for; undefined for an ordinary request. */
export const upgradeOf = (request: IncomingMessage): Upgrade | undefined => (request as Upgrading)[upgrade]

/**
 * Makes an upgrade request one that everybody can answer: with a response on its connection, which ends with it. Whoever
 * upgrades takes the connection from the response.
 */
export function answerable(request: IncomingMessage, socket: Duplex, head: Buffer): ServerResponse {
  ;(request as Upgrading)[upgrade] = { socket, head }
  socket.on('error', () => {}) // How a connection ends shows in its `close`.
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(request.socket)
  response.on('finish', () => void socket.end())
  return response
}
