import { OAuthError } from '../oauth/oauth-error.ts'
import type { RequestContext } from '../request-context.ts'
import type { TokenRequest } from './request/parse-token-request.ts'
import type { TokenServices } from './token-services.ts'

export interface Failure {
  error: unknown
  ctx: RequestContext
  request: TokenRequest | undefined
}

const CREDENTIAL_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/**
 * Counts a refused token request and throttles guessing: after too many failed proofs for one client id from one
 * network, failures (and only failures) are answered 429.
 */
export function refuseFailure({ activity, failures }: TokenServices, { error, ctx, request }: Failure): unknown {
  if (!(error instanceof OAuthError)) return error
  const presented = request?.client?.id ?? ''
  // An id that is none may be a secret pasted in the wrong place: it is not written down.
  const clientId = CREDENTIAL_ID.test(presented) ? presented : 'malformed'
  activity.count({ tenantId: ctx.tenantId, clientId, action: 'token.refused', reason: error.reason })
  if (error.code !== 'invalid_client') return error
  const verdict = failures.countFailure(ctx.tenantId, clientId, ctx.network)
  return verdict.allowed ? error : new TooManyFailures(verdict.retryAfterSeconds)
}

/** Answered 429; see `renderOAuthError`. */
class TooManyFailures extends OAuthError {
  readonly statusCode = 429
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    const text = 'Too many failed attempts for this client from your network. Wait, then check id and secret.'
    super('invalid_client', text, { reason: 'rate.limited' })
    this.retryAfterSeconds = retryAfterSeconds
  }
}
