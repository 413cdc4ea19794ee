/** Why an authorization request was refused, for the audit trail and for the hint on the page. */
export type PageReason =
  | 'request.unreadable'
  | 'client_id.missing'
  | 'client_id.repeated'
  | 'client_id.is_token'
  | 'client_id.is_legacy'
  | 'client_id.is_command_line'
  | 'client_id.malformed'
  | 'client.unknown'
  | 'redirect_uri.missing'
  | 'redirect_uri.repeated'
  | 'redirect_uri.unregistered'
  | 'interaction.invalid'
  | 'interaction.expired'
  | 'interaction.foreign'
  | 'interaction.completed'
  | 'form.invalid'
  | 'paste.off'
  | 'network.denied'
  | 'state.stale'
  | 'unexpected'

/** Error codes of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6. */
export type AuthorizationErrorCode =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'login_required'
  | 'consent_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'

/** A refusal that only a page may tell: where to send the browser is unproven (RFC 6749 §4.1.2.1). */
export class PageRefusal extends Error {
  override readonly name = 'PageRefusal'
  readonly reason: PageReason

  constructor(reason: PageReason, options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
  }
}

/** A refusal that the client is told. `message` becomes `error_description`: ASCII without quotes or backslashes. */
export class BackRefusal extends Error {
  override readonly name = 'BackRefusal'
  readonly code: AuthorizationErrorCode
  readonly reason: string

  constructor(code: AuthorizationErrorCode, message: string, reason: string = code) {
    super(message)
    this.code = code
    this.reason = reason
  }
}
