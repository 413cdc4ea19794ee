import type { ServerResponse } from 'node:http'
import { isDatabaseOutage } from '../database/outage.ts'
import type { OAuthErrorCode } from '../oauth/oauth-error.ts'
import { type IscRefusal, iscErrorBody, iscTexts } from './isc-error.ts'

/** A refusal with what Sallyport adds to ISC's body: headers of the case. */
export interface Refusal extends IscRefusal {
  headers?: Record<string, string>
  /** Answered in OAuth's words instead of ISC's (RFC 6749 §5.2). */
  isOAuth?: boolean
}

/** Answers a refusal on a bare response and ends it. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  const acceptLanguage = response.req.headers['accept-language']
  const body = JSON.stringify(refusal.isOAuth ? oauthErrorBody(refusal) : iscErrorBody({ ...refusal, acceptLanguage }))
  response.writeHead(refusal.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'slpt-request-id': refusal.trackingId,
    ...(refusal.reason && { 'sallyport-reason': refusal.reason }),
    ...refusal.headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** Answers a failure on our side: it happened, here is its tracking id, and whether trying again may help. */
export function answerFailure(
  response: ServerResponse,
  error: unknown,
  { trackingId, isOAuth = false }: { trackingId: string; isOAuth?: boolean },
): void {
  if (response.headersSent) return void response.destroy()
  if (!isDatabaseOutage(error))
    return answerRefusal(response, { status: 500, text: iscTexts.internal, trackingId, isOAuth })
  const text = 'The database does not answer. Try again in a moment.'
  const headers = { 'retry-after': '1' }
  return answerRefusal(response, { status: 503, reason: 'state.stale', text, trackingId, headers, isOAuth })
}

const OAUTH_CODES: Record<number, OAuthErrorCode> = {
  403: 'unauthorized_client',
  500: 'server_error',
  503: 'temporarily_unavailable',
}

const oauthErrorBody = ({ status, text }: Refusal): object => ({
  error: OAUTH_CODES[status] ?? 'invalid_request',
  error_description: text,
})
