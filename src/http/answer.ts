import type { ServerResponse } from 'node:http'
import type { ReasonCode } from '../access/reasons.ts'
import { type IscRefusal, iscErrorBody } from './isc-error.ts'

/** A refusal with what Sallyport adds to ISC's body: the reason, and headers of the case. */
export interface Refusal extends IscRefusal {
  reason: ReasonCode
  headers?: Record<string, string>
}

/** Headers of every answer that says why: the tracking id, the reason, and where the explanation is. */
export const reasonHeaders = (reason: ReasonCode, trackingId: string): Record<string, string> => ({
  'sallyport-reason': reason,
  link: `</sallyport/v1/explain/${trackingId}>; rel="help"`,
})

/** Answers a refusal on a bare response and ends it. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  const body = JSON.stringify(iscErrorBody(refusal))
  response.writeHead(refusal.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'slpt-request-id': refusal.trackingId,
    ...reasonHeaders(refusal.reason, refusal.trackingId),
    ...refusal.headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
