import { readForm } from '../../http/form.ts'
import {
  type CollectedParameters,
  collectParameter,
  MAX_PARAMETERS,
  noParameters,
  type TokenParameters,
  type TokenReference,
  tooManyParameters,
  type VisitParameter,
} from './parameters.ts'
import { type PresentedClient, presentedClient } from './presented-client.ts'
import { readJson } from './read-json.ts'
import { readMultipart } from './read-multipart.ts'
import { invalidRequest } from './refuse.ts'

/** The parts of a `POST /oauth/token` that may carry parameters. Headers arrive once at most; the server sees to it. */
export interface TokenRequestInput {
  /** As sent, without the question mark; empty when there is none. */
  readonly query: string
  readonly contentType: string | undefined
  readonly authorization: string | undefined
  readonly body: Buffer
}

export interface TokenRequest {
  readonly parameters: TokenParameters
  /** Undefined when the request names no client at all. */
  readonly client: PresentedClient | undefined
  /** A secret, code, refresh token or password stood in the URL, where logs and proxies may have seen it. */
  readonly hasUrlCredentials: boolean
}

const MAX_QUERY_BYTES = 8 * 1024
const MAX_BODY_BYTES = 64 * 1024

const urlCredentials: ReadonlySet<string> = new Set(['client_secret', 'code', 'refresh_token', 'password', 'token'])

/**
 * Reads a token request (RFC 6749 §3.2): parameters from query, body and Basic are merged, identical repeats are one,
 * unknown parameters are ignored. A multipart body gives a promise; everything else is read, and refused, at once.
 *
 * @throws OAuthError `invalid_request`, or `invalid_client` for Basic that cannot be read; never anything else
 */
export function parseTokenRequest(input: TokenRequestInput): TokenRequest | Promise<TokenRequest> {
  return readParameters(input, tokenRequest)
}

/** A request about a token, to revoke or to introspect it. */
export interface TokenReferenceRequest {
  readonly reference: TokenReference
  /** Undefined when the request names no client at all. */
  readonly client: PresentedClient | undefined
  readonly hasUrlCredentials: boolean
}

/**
 * Reads a request about a token (RFC 7009 §2.1, RFC 7662 §2.1) with the same rules.
 *
 * @throws OAuthError as `parseTokenRequest` does, and `invalid_request` when no token is sent
 */
export function parseTokenReference(input: TokenRequestInput): TokenReferenceRequest | Promise<TokenReferenceRequest> {
  return readParameters(input, tokenReference)
}

type Finish<Request> = (
  parameters: CollectedParameters,
  authorization: string | undefined,
  hasUrlCredentials: boolean,
) => Request

function readParameters<Request>(input: TokenRequestInput, finish: Finish<Request>): Request | Promise<Request> {
  const parameters = noParameters()
  const hasUrlCredentials = readQuery(input.query, parameters)
  const reading = readBody(input, (name, value) => collectParameter(parameters, name, value))
  if (reading === undefined) return finish(parameters, input.authorization, hasUrlCredentials)
  return reading.then(() => finish(parameters, input.authorization, hasUrlCredentials))
}

function readQuery(query: string, parameters: CollectedParameters): boolean {
  if (query.length > MAX_QUERY_BYTES) {
    throw invalidRequest('query.too_long', `The query is longer than ${MAX_QUERY_BYTES} bytes. Use the body.`)
  }
  let hasUrlCredentials = false
  const isShort = readForm(query, MAX_PARAMETERS, (name, value) => {
    if (value !== '' && urlCredentials.has(name)) hasUrlCredentials = true
    collectParameter(parameters, name, value)
  })
  if (!isShort) throw tooManyParameters()
  return hasUrlCredentials
}

/** Visits the parameters of the body, whatever it is written in; undefined when that is already done. */
function readBody({ contentType = '', body }: TokenRequestInput, visit: VisitParameter): Promise<void> | undefined {
  // Some clients name a content type and send everything in the query.
  if (body.length === 0) return undefined
  if (body.length > MAX_BODY_BYTES) {
    throw invalidRequest('body.too_long', `The body is longer than ${MAX_BODY_BYTES} bytes.`)
  }
  switch (mediaType(contentType)) {
    case 'application/x-www-form-urlencoded':
      // Every byte stays one character: those above ASCII are refused as they are, whatever charset they claim.
      if (!readForm(body.toString('latin1'), MAX_PARAMETERS, visit)) throw tooManyParameters()
      return undefined
    case 'multipart/form-data':
      return readMultipart(contentType, body, visit)
    case 'application/json':
      readJson(body.toString('utf8'), visit)
      return undefined
    default:
      throw invalidRequest(
        'content_type.unsupported',
        'Send the parameters with Content-Type application/x-www-form-urlencoded, multipart/form-data or application/json.',
      )
  }
}

function mediaType(contentType: string): string {
  const semicolon = contentType.indexOf(';')
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase()
}

function tokenRequest(
  { grantType, scope, code, redirectUri, codeVerifier, refreshToken, clientId, clientSecret }: CollectedParameters,
  authorization: string | undefined,
  hasUrlCredentials: boolean,
): TokenRequest {
  if (grantType === undefined) {
    throw invalidRequest(
      'parameter.missing',
      'The parameter grant_type is missing. Check that Content-Type says how the body is written.',
    )
  }
  return {
    parameters: { grantType, scope, code, redirectUri, codeVerifier, refreshToken },
    client: presentedClient(authorization, { clientId, clientSecret }),
    hasUrlCredentials,
  }
}

function tokenReference(
  { token, tokenTypeHint, clientId, clientSecret }: CollectedParameters,
  authorization: string | undefined,
  hasUrlCredentials: boolean,
): TokenReferenceRequest {
  if (token === undefined) throw invalidRequest('parameter.missing', 'The parameter token is missing.')
  const client = presentedClient(authorization, { clientId, clientSecret })
  return { reference: { token, tokenTypeHint }, client, hasUrlCredentials }
}
