import { invalidRequest } from './refuse.ts'

/** Parameters that the query and the body may hold, each. Unknown ones count: reading them costs as much. */
export const MAX_PARAMETERS = 32

/** Of one decoded value. A hundred scopes fit. */
export const MAX_VALUE_BYTES = 8 * 1024

// RFC 6749 appendix A allows no other character in any parameter we know. The rule also stops what would make two
// inputs look alike further in: NUL, line breaks, U+FFFD for invalid UTF-8, lone surrogates of JSON escapes.
export const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/** What a token request may say, beside who the client is. Absent and empty are both undefined (RFC 6749 §3.2). */
export interface TokenParameters {
  /** Lower case, whatever the client sent. Not judged: it may name a grant that does not exist. */
  readonly grantType: string
  readonly scope: string | undefined
  readonly code: string | undefined
  readonly redirectUri: string | undefined
  readonly codeVerifier: string | undefined
  readonly refreshToken: string | undefined
}

/** What a request about a token says (RFC 7009 §2.1, RFC 7662 §2.1), beside who the client is. */
export interface TokenReference {
  readonly token: string
  readonly tokenTypeHint: string | undefined
}

/** The known parameters as they come together from query and body. */
export interface CollectedParameters {
  grantType: string | undefined
  clientId: string | undefined
  clientSecret: string | undefined
  scope: string | undefined
  code: string | undefined
  redirectUri: string | undefined
  codeVerifier: string | undefined
  refreshToken: string | undefined
  token: string | undefined
  tokenTypeHint: string | undefined
}

/** Receives each parameter of one transport. The value is undefined where it cannot be decoded. */
export type VisitParameter = (name: string, value: string | undefined) => void

const propertyOf: ReadonlyMap<string, keyof CollectedParameters> = new Map([
  ['grant_type', 'grantType'],
  ['client_id', 'clientId'],
  ['client_secret', 'clientSecret'],
  ['scope', 'scope'],
  ['code', 'code'],
  ['redirect_uri', 'redirectUri'],
  ['code_verifier', 'codeVerifier'],
  ['refresh_token', 'refreshToken'],
  ['token', 'token'],
  ['token_type_hint', 'tokenTypeHint'],
] as const)

export function noParameters(): CollectedParameters {
  return {
    grantType: undefined,
    clientId: undefined,
    clientSecret: undefined,
    scope: undefined,
    code: undefined,
    redirectUri: undefined,
    codeVerifier: undefined,
    refreshToken: undefined,
    token: undefined,
    tokenTypeHint: undefined,
  }
}

/**
 * Adds a parameter, whichever transport brought it. Unknown and empty ones are ignored, a repeat must be identical.
 *
 * @throws OAuthError `invalid_request` naming the parameter
 */
export function collectParameter(parameters: CollectedParameters, name: string, value: string | undefined): void {
  const property = propertyOf.get(name)
  if (property === undefined || value === '') return
  if (value === undefined) {
    throw invalidRequest('parameter.malformed', `The parameter ${name} is not valid percent-encoded UTF-8.`)
  }
  if (value.length > MAX_VALUE_BYTES) {
    throw invalidRequest('parameter.too_long', `The parameter ${name} is longer than ${MAX_VALUE_BYTES} bytes.`)
  }
  if (!PRINTABLE_ASCII.test(value)) {
    throw invalidRequest(
      'parameter.malformed',
      `The parameter ${name} holds a line break or another character outside printable ASCII. Was it read from a file?`,
    )
  }
  const canonical = property === 'grantType' ? value.toLowerCase() : value
  const earlier = parameters[property]
  if (earlier !== undefined && earlier !== canonical) throw differingRepeat(name)
  parameters[property] = canonical
}

export function differingRepeat(name: string) {
  return invalidRequest(
    'parameter.repeated',
    `The parameter ${name} is sent twice with different values. Send it once.`,
  )
}

export function tooManyParameters() {
  return invalidRequest(
    'parameter.too_many',
    `The query and the body may hold ${MAX_PARAMETERS} parameters each, not more.`,
  )
}
