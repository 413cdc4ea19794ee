import type { IncomingMessage, ServerResponse } from 'node:http'
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
  upstream.pool.dispatch(
    {
      path: upstream.basePath + forwarding.target,
      method: request.method as Dispatcher.HttpMethod,
      headers: [...requestHeadersFor(request.rawHeaders, request.headers.connection), ...forwarding.added],
      body: hasBody(request) ? request : null,
    },
    new AnswerStream(forwarding),
  )
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** Writes an upstream's answer to the caller. */
class AnswerStream implements Dispatcher.DispatchHandler {
  readonly #forwarding: Forwarding
  #isEnded = false

  constructor(forwarding: Forwarding) {
    this.#forwarding = forwarding
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { response } = this.#forwarding
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
    const returned = responseHeadersFor(headers, isOriginShared)
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
    const { response, trackingId } = this.#forwarding
    if (this.#isEnded || response.destroyed) return
    // What was begun is cut, not ended: a truncated answer must never look whole.
    if (response.headersSent) return void response.destroy()
    const isTimeout = /timeout/i.test(`${error.name} ${error.message}`)
    const [status, reason] = isTimeout ? ([504, 'upstream.timeout'] as const) : ([502, 'upstream.unavailable'] as const)
    const text = isTimeout
      ? 'The service behind this gateway did not answer in time. Try again later.'
      : 'The service behind this gateway cannot be reached or broke off. Try again later.'
    answerRefusal(response, { status, reason, text, trackingId })
  }
}
