import { isDatabaseOutage } from '../database/outage.ts'
import { OAuthError, type OAuthErrorCode } from '../oauth/oauth-error.ts'

/** What is answered to a request that failed, whatever it is written with. */
export interface OAuthErrorAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
  /** A failure on our side that nobody foresaw. */
  readonly isUnexpected: boolean
}

const STATUSES: Partial<Record<OAuthErrorCode, number>> = { server_error: 500, temporarily_unavailable: 503 }

/**
 * The answer that RFC 6749 §5.2 asks for. `invalid_client` is 401 with a challenge when the client used Basic, else 400,
 * which is what ISC's own command line expects. An unexpected error tells the caller nothing but that it happened.
 */
export function oauthErrorAnswer(error: unknown, authorization: string | undefined): OAuthErrorAnswer {
  const { code, message, status } = asOAuthError(error)
  const usedBasic = code === 'invalid_client' && status === 400 && /^basic\b/i.test(authorization ?? '')
  const retryAfter = status === 503 ? 1 : retryAfterOf(error)
  return {
    status: usedBasic ? 401 : status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...(usedBasic && { 'www-authenticate': 'Basic realm="oauth", charset="UTF-8"' }),
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify({ error: code, error_description: message }),
    isUnexpected: code === 'server_error',
  }
}

const OUTAGE = 'The database does not answer. Try again in a moment.'

function asOAuthError(error: unknown): { code: OAuthErrorCode; message: string; status: number } {
  const status = statusOf(error)
  if (error instanceof OAuthError)
    return { code: error.code, message: error.message, status: status ?? STATUSES[error.code] ?? 400 }
  if (isDatabaseOutage(error)) return { code: 'temporarily_unavailable', message: OUTAGE, status: 503 }
  if (status === 413) return { code: 'invalid_request', message: 'The request body is too large.', status }
  if (status !== undefined)
    return { code: 'invalid_request', message: 'The request body could not be read.', status: 400 }
  return { code: 'server_error', message: 'The request could not be completed.', status: 500 }
}

/** The status of an error that the framework raised for a bad request. */
function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof OAuthError && 'retryAfterSeconds' in error ? Number(error.retryAfterSeconds) : undefined
