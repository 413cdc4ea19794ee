import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Dispatcher } from 'undici'
import { responseHeadersFor, requestHeadersFor } from './forwarded-headers.ts'
import { refuseForUpstream } from './refuse-for-upstream.ts'
import type { Connected, Upstreams } from './upstreams.ts'

/** One request on its way up. */
export interface Forwarding {
  request: IncomingMessage
  response: ServerResponse
  upstreams: Upstreams
  upstream: Connected
  /** The document's path with the caller's values, and the query. */
  target: string
  /** What we add for the upstream. */
  added: readonly string[]
  trackingId: string
  isOriginShared: boolean
}

/** Streams a request to its upstream and the answer back, at the pace of the slower side, and ends both together. */
export function forward(forwarding: Forwarding): void {
  const { request, response, upstreams, upstream, trackingId } = forwarding
  const waitMs = upstream.circuit.waitMs(upstreams.monotonicMs())
  if (waitMs > 0) {
    upstream.counts.spared += 1
    request.resume()
    return refuseForUpstream(response, { reason: 'upstream.unavailable', trackingId, retryAfterMs: waitMs })
  }
  const body = bodyOf(request)
  const options: Dispatcher.DispatchOptions = {
    path: upstream.basePath + forwarding.target,
    method: request.method as Dispatcher.HttpMethod,
    headers: requestHeadersFor(request.rawHeaders, request.headers.connection).concat(forwarding.added),
    body,
  }
  const answer = new AnswerStream(forwarding, options)
  upstream.pool.dispatch(options, answer)
  answer.waitInLine()
}

/** The body as a stream of its own: an upstream that is done with it early must not end the caller's connection. */
function bodyOf(request: IncomingMessage): PassThrough | null {
  if (request.headers['transfer-encoding'] === undefined && (request.headers['content-length'] ?? '0') === '0')
    return null
  const body = request.pipe(new PassThrough())
  body.on('close', () => request.resume()) // What nobody wants any more is read, so that the connection goes on.
  return body
}

/** Writes an upstream's answer to the caller. */
class AnswerStream implements Dispatcher.DispatchHandler {
  readonly #forwarding: Forwarding
  readonly #options: Dispatcher.DispatchOptions
  #waiting: NodeJS.Timeout | undefined
  #controller: Dispatcher.DispatchController | undefined
  #isRepeated = false
  /** How long the body is, as far as its head says. */
  #contentLength: number | undefined
  /** A small body that came whole with its head. */
  #whole: Buffer | undefined
  #hasBody = false
  #isEnded = false

  constructor(forwarding: Forwarding, options: Dispatcher.DispatchOptions) {
    this.#forwarding = forwarding
    this.#options = options
  }

  /** Requests wait in line while every connection is busy; that, too, must end. */
  waitInLine(): void {
    const { response, upstream } = this.#forwarding
    if (this.#controller || this.#isEnded || response.destroyed) return
    this.#waiting = setTimeout(() => this.#refuse('upstream.timeout', QUEUE_TIMEOUT), upstream.queueMsMax).unref()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    clearTimeout(this.#waiting)
    const { response, upstream } = this.#forwarding
    upstream.circuit.connected()
    if (response.writableEnded || response.destroyed) return controller.abort(new Error('nobody waits any more'))
    if (this.#controller === undefined) this.#follow(response)
    this.#controller = controller
  }

  #follow(response: ServerResponse): void {
    response.on('close', () => {
      if (!response.writableFinished) this.#controller?.abort(new Error('the caller went away'))
    })
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return // An interim answer concerns the hop to us (RFC 9110 §15.2).
    const { response, trackingId, isOriginShared } = this.#forwarding
    const returned = responseHeadersFor(headers, { isOriginShared, vary: response.getHeader('vary') })
    returned['slpt-request-id'] = trackingId
    response.writeHead(status, returned)
    this.#contentLength = Number(headers['content-length'])
    process.nextTick(sendHead, this)
  }

  /** A head whose body is still to come, as that of server-sent events, does not wait for it. */
  sendHead(): void {
    if (!this.#hasBody && !this.#isEnded) this.#forwarding.response.flushHeaders()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const isWhole = !this.#hasBody && chunk.length === this.#contentLength && chunk.length <= TEXT_BYTES_MAX
    this.#hasBody = true
    if (isWhole) this.#whole = chunk
    else if (!this.#forwarding.response.write(chunk)) this.#pause(controller)
  }

  #pause(controller: Dispatcher.DispatchController): void {
    controller.pause()
    this.#forwarding.response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.#isEnded = true
    const { response, upstream } = this.#forwarding
    upstream.counts.answered += 1
    // As text of one byte per character it leaves in one piece with the head, which costs less than sending two.
    if (this.#whole) response.end(this.#whole.toString('latin1'), 'latin1')
    else response.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#waiting)
    const { response, upstream, upstreams, trackingId } = this.#forwarding
    if (this.#controller === undefined && !response.destroyed) upstream.circuit.failed(upstreams.monotonicMs())
    if (!this.#isEnded && !response.destroyed && !response.headersSent && this.#repeat(error)) return
    if (this.#options.body instanceof PassThrough) this.#options.body.destroy()
    if (this.#isEnded || response.destroyed) return
    const isTimeout = /timeout/i.test(`${error.name} ${error.message}`)
    if (!response.headersSent) return this.#refuse(isTimeout ? 'upstream.timeout' : 'upstream.unavailable', error)
    upstreams.failed(upstream, isTimeout ? 'timeout' : 'unavailable', { error, trackingId })
    cutOff(response)
  }

  /** A kept connection may have been closed as the request went out. What only reads is sent once more, on another. */
  #repeat(error: Error): boolean {
    const isClosed = 'code' in error && typeof error.code === 'string' && CONNECTION_CLOSED.has(error.code)
    const { method, body } = this.#options
    if (this.#isRepeated || this.#controller === undefined || !isClosed || body || !READS_ONLY.has(method)) return false
    this.#isRepeated = true
    const { pool, counts } = this.#forwarding.upstream
    counts.repeated += 1
    pool.dispatch(this.#options, this)
    return true
  }

  #refuse(reason: 'upstream.timeout' | 'upstream.unavailable', error: Error): void {
    if (this.#isEnded) return
    this.#isEnded = true
    const { response, upstream, upstreams, trackingId } = this.#forwarding
    if (this.#options.body instanceof PassThrough) this.#options.body.destroy()
    upstreams.failed(upstream, reason === 'upstream.timeout' ? 'timeout' : 'unavailable', { error, trackingId })
    refuseForUpstream(response, { reason, trackingId })
  }
}

const sendHead = (stream: AnswerStream): void => stream.sendHead()

/** Beyond it, making text of a body costs more than sending it by itself. */
const TEXT_BYTES_MAX = 16 * 1024

const READS_ONLY = new Set<string>(['GET', 'HEAD', 'OPTIONS'])
const CONNECTION_CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
const QUEUE_TIMEOUT = Object.assign(new Error('every connection was busy'), { code: 'SALLYPORT_QUEUE_TIMEOUT' })

/**
 * What was begun is cut, not ended: a truncated answer must never look whole. To a caller that speaks HTTP/1.0, as many
 * proxies do, the end of the connection is the end of the answer, so the connection is reset.
 */
function cutOff({ req, socket }: ServerResponse): void {
  if (req.httpVersion === '1.0' && socket !== null && !(socket instanceof TLSSocket)) socket.resetAndDestroy()
  else socket?.destroy()
}
