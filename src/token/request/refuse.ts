import { OAuthError } from '../../oauth/oauth-error.ts'

/**
 * Why a token request could not be read, for the audit trail. The descriptions beside them are for the caller: they name
 * parameters and never repeat a value.
 */
export type RequestFault =
  | 'basic.malformed'
  | 'body.malformed'
  | 'body.too_long'
  | 'content_type.unsupported'
  | 'parameter.file'
  | 'parameter.malformed'
  | 'parameter.missing'
  | 'parameter.repeated'
  | 'parameter.too_long'
  | 'parameter.too_many'
  | 'query.too_long'

/** The refusal of a request that does not follow RFC 6749 §5.2, ready to be thrown. */
export function invalidRequest(reason: RequestFault, description: string): OAuthError {
  return new OAuthError('invalid_request', description, { reason })
}
