import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Dispatcher } from 'undici'
import { answerRefusal } from '../http/answer.ts'
import { requestHeadersFor, responseHeadersFor } from './forwarded-headers.ts'
import type { Connected } from './upstreams.ts'

/** One request on its way up. */
export interface Forwarding {
  request: IncomingMessage
  response: ServerResponse
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
  const { request, upstream } = forwarding
  const body = bodyOf(request)
  upstream.pool.dispatch(
    {
      path: upstream.basePath + forwarding.target,
      method: request.method as Dispatcher.HttpMethod,
      headers: [...requestHeadersFor(request.rawHeaders, request.headers.connection), ...forwarding.added],
      body,
    },
    new AnswerStream(forwarding, body),
  )
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
  readonly #body: PassThrough | null
  /** Requests wait in line while every connection is busy; that, too, must end. */
  readonly #waiting: NodeJS.Timeout
  #isEnded = false

  constructor(forwarding: Forwarding, body: PassThrough | null) {
    this.#forwarding = forwarding
    this.#body = body
    this.#waiting = setTimeout(() => this.#refuse('upstream.timeout'), forwarding.upstream.queueMsMax).unref()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    clearTimeout(this.#waiting)
    const { response } = this.#forwarding
    if (response.writableEnded || response.destroyed) return controller.abort(new Error('nobody waits any more'))
    response.on('close', () => {
      if (!response.writableFinished) controller.abort(new Error('the caller went away'))
    })
    response.on('drain', () => controller.resume())
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return // An interim answer concerns the hop to us (RFC 9110 §15.2).
    const { response, trackingId, isOriginShared } = this.#forwarding
    const returned = responseHeadersFor(headers, { isOriginShared, vary: response.getHeader('vary') })
    response.writeHead(status, { ...returned, 'slpt-request-id': trackingId })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#forwarding.response.write(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    this.#isEnded = true
    this.#forwarding.response.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#waiting)
    this.#body?.destroy()
    const { response } = this.#forwarding
    if (this.#isEnded || response.destroyed) return
    if (response.headersSent) return cutOff(response)
    this.#refuse(/timeout/i.test(`${error.name} ${error.message}`) ? 'upstream.timeout' : 'upstream.unavailable')
  }

  #refuse(reason: keyof typeof REFUSALS): void {
    this.#isEnded = true
    this.#body?.destroy()
    const { response, trackingId } = this.#forwarding
    answerRefusal(response, { ...REFUSALS[reason], reason, trackingId })
  }
}

/**
 * What was begun is cut, not ended: a truncated answer must never look whole. To a caller that speaks HTTP/1.0, as many
 * proxies do, the end of the connection is the end of the answer, so the connection is reset.
 */
function cutOff({ req, socket }: ServerResponse): void {
  if (req.httpVersion === '1.0' && socket !== null && !(socket instanceof TLSSocket)) socket.resetAndDestroy()
  else socket?.destroy()
}

const REFUSALS = {
  'upstream.timeout': {
    status: 504,
    text: 'The service behind this gateway did not answer in time. Try again later.',
  },
  'upstream.unavailable': {
    status: 502,
    text: 'The service behind this gateway cannot be reached or broke off. Try again later.',
  },
} as const
