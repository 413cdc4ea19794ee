import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as openTlsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Upgrade } from '../front-door/upgrade.ts'
import { request as openRequest } from '../http/node-http.ts'
import type { Forwarding } from './forward.ts'
import { requestHeadersFor, responseHeadersFor } from './forwarded-headers.ts'
import { refuseForUpstream } from './refuse-for-upstream.ts'

/** A request that asks to speak WebSocket with its upstream. */
export interface Tunneling extends Forwarding {
  upgrade: Upgrade
  /** Asks both gates again. */
  isStillAllowed: () => boolean | Promise<boolean>
}

/** How often both gates are asked again: while something is sent, and while nothing is. */
const RECHECK_BUSY_MS = 1000
const RECHECK_QUIET_MS = 10_000
const QUIET_MS_MAX = 300_000

/**
 * Lets a caller and an upstream speak WebSocket, once the upstream has agreed; else its answer is returned. What is said
 * is not read. The tunnel is cut when the gates would not let the caller through any more.
 */
export function tunnel(tunneling: Tunneling): void {
  const { response, upstream, upstreams, trackingId } = tunneling
  const waitMs = upstream.circuit.waitMs(upstreams.monotonicMs())
  if (waitMs > 0 || upstreams.tunnels.isClosing) {
    upstream.counts.spared += 1
    return refuseForUpstream(response, { reason: 'upstream.unavailable', trackingId, retryAfterMs: waitMs || 1000 })
  }
  const asked = ask(tunneling)
  let error: Error & { code?: string } = Object.assign(new Error('it did not answer in time'), { code: 'ETIMEDOUT' })
  const timer = setTimeout(() => asked.destroy(error), upstream.queueMsMax)
  asked.on('socket', (socket) => socket.once('connect', () => upstream.circuit.connected()))
  asked.on('error', (reason) => {
    clearTimeout(timer)
    error = reason
    if (response.headersSent || response.destroyed) return void response.destroy()
    const isTimeout = error.code === 'ETIMEDOUT'
    if (error.code === 'ECONNREFUSED') upstream.circuit.failed(upstreams.monotonicMs())
    upstreams.failed(upstream, isTimeout ? 'timeout' : 'unavailable', { error, trackingId })
    refuseForUpstream(response, { reason: isTimeout ? 'upstream.timeout' : 'upstream.unavailable', trackingId })
  })
  asked.on('response', (answer) => {
    clearTimeout(timer)
    returnAnswer(tunneling, answer)
  })
  asked.on('upgrade', (answer, socket, head) => {
    clearTimeout(timer)
    upstream.counts.answered += 1
    join(tunneling, answer, { socket, head })
  })
  response.on('close', () => asked.destroy())
  asked.end()
}

function ask({ request, upstream, target, added }: Tunneling): ClientRequest {
  const { origin, basePath, ca } = upstream
  const { host, protocol } = new URL(origin)
  const kept = requestHeadersFor(request.rawHeaders, request.headers.connection)
  const headers = ['host', host, 'connection', 'Upgrade', 'upgrade', 'websocket', ...kept, ...added]
  const open = protocol === 'https:' ? openTlsRequest : openRequest
  return open(origin, { path: basePath + target, headers, agent: false, ...(ca && { ca }) })
}

function returnAnswer(tunneling: Tunneling, answer: IncomingMessage): void {
  const { response, upstream, upstreams, trackingId, isOriginShared } = tunneling
  upstream.counts.answered += 1
  const returned = responseHeadersFor(answer.headers, { isOriginShared, vary: response.getHeader('vary') })
  response.writeHead(answer.statusCode ?? 502, { ...returned, 'slpt-request-id': trackingId })
  answer.setTimeout(upstream.upstream.timeouts.idle, () => answer.destroy(IDLE))
  answer.on('error', (error) => {
    upstreams.failed(upstream, error === IDLE ? 'timeout' : 'unavailable', { error, trackingId })
    response.destroy() // What was begun is cut, not ended.
  })
  answer.pipe(response)
}

function join(tunneling: Tunneling, answer: IncomingMessage, above: Upgrade): void {
  const { response, request, upgrade: below, trackingId } = tunneling
  response.detachSocket(request.socket)
  below.socket.write(agreement(answer, trackingId))
  below.socket.write(above.head)
  above.socket.write(below.head)
  below.socket.pipe(above.socket)
  above.socket.pipe(below.socket)
  watch(tunneling, [below.socket, above.socket])
}

const IDLE = Object.assign(new Error('it stopped within its answer'), { code: 'SALLYPORT_IDLE_TIMEOUT' })

/**
 * Ends the other side when one ends, once it has all that was said; cuts both when nothing was said for long, when the
 * gates say no, and when the server stops.
 */
function watch({ isStillAllowed, upstreams }: Tunneling, sockets: readonly [Duplex, Duplex]): void {
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const forget = upstreams.tunnels.add(cut)
  let [checkedMs, saidMs] = [upstreams.monotonicMs(), upstreams.monotonicMs()]
  const check = async (): Promise<void> => {
    checkedMs = upstreams.monotonicMs()
    if (checkedMs - saidMs > QUIET_MS_MAX || !(await isStillAllowed())) cut()
  }
  const said = (): void => {
    saidMs = upstreams.monotonicMs()
    if (saidMs - checkedMs >= RECHECK_BUSY_MS) check().catch(cut)
  }
  const timer = setInterval(() => void check().catch(cut), RECHECK_QUIET_MS).unref()
  for (const socket of sockets) {
    socket.on('data', said)
    socket.on('error', cut)
    socket.on('close', () => {
      if (socket.readableEnded) for (const other of sockets) destroySoon(other)
      else cut()
      if (!sockets.every(({ destroyed }) => destroyed)) return
      clearInterval(timer)
      forget()
    })
  }
}

/** Once what was written to it is out. */
function destroySoon(socket: Duplex): void {
  if (socket.writableFinished) socket.destroy()
  else socket.once('finish', () => socket.destroy())
}

/** The upstream's 101, without what is ours to say. */
function agreement({ headers }: IncomingMessage, trackingId: string): string {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('sec-websocket-') ? `${name}: ${[value].flat().join(', ')}` : [],
  )
  const ours = ['connection: Upgrade', 'upgrade: websocket', `slpt-request-id: ${trackingId}`]
  return `${['HTTP/1.1 101 Switching Protocols', ...kept, ...ours].join('\r\n')}\r\n\r\n`
}
