import { isCodeChallenge } from '../authorization-codes/proof-key.ts'
import type { OauthClient } from '../oauth-clients/oauth-client.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import { narrowScope } from '../oauth/scope.ts'
import { readLoginHint } from '../sign-in/login-hint.ts'
import type { ParameterName, Parameters } from './parameters.ts'
import { BackRefusal } from './refusal.ts'
import type { NamedTarget } from './target.ts'

/** What the client may demand of the person: OpenID Connect Core §3.1.2.1; values we do not know are ignored. */
export type Prompt = 'none' | 'login' | 'consent'

/** A checked authorization request (RFC 6749 §4.1.1). */
export interface AuthorizationRequest extends NamedTarget {
  readonly state: string | undefined
  /** Undefined where the client asked for everything it has. */
  readonly scope: string | undefined
  /** S256 of RFC 7636. */
  readonly codeChallenge: string | undefined
  readonly prompt: readonly Prompt[]
  readonly maxAgeSeconds: number | undefined
  readonly loginHint: string | undefined
}

const STATE_BYTES_MAX = 2048

/** The client's `state`, to be sent back with any answer; undefined where it was not sent once, readable and short. */
export function readState(parameters: Parameters): string | undefined {
  const sent = parameters.get('state')
  if (!sent?.value || sent.isRepeated || Buffer.byteLength(sent.value) > STATE_BYTES_MAX) return undefined
  return sent.value
}

/** Checks everything but who asks and where the answer goes. @throws BackRefusal, which the client is told. */
export function readRequest(parameters: Parameters, target: NamedTarget, client: OauthClient): AuthorizationRequest {
  for (const [name, { value, isRepeated }] of parameters) {
    if (isRepeated) throw invalid(`The parameter ${name} is sent twice. Send it once.`, 'parameter.repeated')
    if (value === undefined)
      throw invalid(`The parameter ${name} is not valid percent-encoded UTF-8.`, 'parameter.malformed')
  }
  const text = (name: ParameterName): string | undefined => parameters.get(name)?.value || undefined
  const state = readState(parameters)
  if (text('state') !== state) throw invalid('The state is longer than 2048 bytes.', 'state.too_long')
  refuseRequestObjects(text)
  requireCode(text)
  if (!client.grantTypes.includes('AUTHORIZATION_CODE'))
    throw new BackRefusal('unauthorized_client', 'This client does not have the grant type AUTHORIZATION_CODE.')
  const scope = text('scope')
  scopeOf(client, scope)
  return {
    clientId: target.clientId,
    redirectUri: target.redirectUri,
    state,
    scope,
    codeChallenge: readCodeChallenge(text, client),
    prompt: readPrompt(text('prompt')),
    maxAgeSeconds: readMaxAge(text('max_age')),
    loginHint: readLoginHint(text('login_hint')),
  }
}

/** The scope that a request gets. @throws BackRefusal `invalid_scope` for more than the client has. */
export function scopeOf(client: OauthClient, asked: string | undefined): readonly string[] {
  try {
    return narrowScope(client.scope, asked)
  } catch (error) {
    throw error instanceof OAuthError ? new BackRefusal('invalid_scope', error.message) : error
  }
}

type Text = (name: ParameterName) => string | undefined

const invalid = (message: string, reason: string): BackRefusal => new BackRefusal('invalid_request', message, reason)

function refuseRequestObjects(text: Text): void {
  if (text('request') !== undefined)
    throw new BackRefusal('request_not_supported', 'Request objects are not served here. Send plain parameters.')
  if (text('request_uri') !== undefined)
    throw new BackRefusal('request_uri_not_supported', 'Request URIs are not served here. Send plain parameters.')
}

function requireCode(text: Text): void {
  const responseType = text('response_type')
  if (responseType === undefined) throw invalid('Send response_type=code.', 'response_type.missing')
  if (responseType !== 'code')
    throw new BackRefusal('unsupported_response_type', 'Only response_type=code is served here.')
  if ((text('response_mode') ?? 'query') !== 'query')
    throw invalid('Only response_mode=query is served here.', 'response_mode.unsupported')
}

function readCodeChallenge(text: Text, { isPkceRequired }: OauthClient): string | undefined {
  const challenge = text('code_challenge')
  const method = text('code_challenge_method')
  if (challenge === undefined && method === undefined) {
    if (!isPkceRequired) return undefined
    throw invalid('This client must use PKCE: send code_challenge and code_challenge_method=S256.', 'pkce.missing')
  }
  if (challenge === undefined) throw invalid('A code_challenge_method needs a code_challenge.', 'pkce.malformed')
  // RFC 7636 §4.3: without a method it would be plain, which protects nothing.
  if (method !== 'S256') throw invalid('Send code_challenge_method=S256; no other is served here.', 'pkce.not_s256')
  if (!isCodeChallenge(challenge)) throw invalid('An S256 code_challenge is 43 base64url characters.', 'pkce.malformed')
  return challenge
}

const isPrompt = (word: string): word is Prompt => word === 'none' || word === 'login' || word === 'consent'

function readPrompt(text = ''): Prompt[] {
  const words = text.split(' ').filter((word) => word !== '')
  if (words.includes('none') && words.length > 1)
    throw invalid('prompt=none goes with no other value.', 'prompt.contradictory')
  return [...new Set(words.filter(isPrompt))]
}

function readMaxAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,10}$/.test(text)) throw invalid('max_age is a whole number of seconds.', 'max_age.malformed')
  return Number(text)
}
