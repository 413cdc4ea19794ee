/** Error codes of RFC 6749 §5.2, and `server_error` and `temporarily_unavailable` of §4.1.2.1. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'temporarily_unavailable'
  | 'server_error'

/**
 * A refusal in the protocol's own words. `message` becomes `error_description` (RFC 6749 §5.2), so it is ASCII
 * without quotes or backslashes and tells an attacker nothing; `reason` goes to the audit trail only.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  readonly reason: string

  constructor(code: OAuthErrorCode, message: string, options?: ErrorOptions & { reason?: string }) {
    super(message, options)
    this.code = code
    this.reason = options?.reason ?? code
  }
}
