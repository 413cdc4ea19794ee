import { durationWords } from '../terminal/duration.ts'
import { type DecodedToken, type JsonObject, textClaim, userOf } from '../connection/token-claims.ts'

/** What a token is, in words. */
export interface TokenDescription {
  readonly kind: 'access' | 'refresh' | 'context'
  readonly user: string | undefined
  /** ISO time; null when the token does not say. */
  readonly expiresAt: string | null
  readonly isExpired: boolean
  readonly sentences: readonly string[]
  /** Name, value and meaning of every header and claim. */
  readonly rows: readonly (readonly string[])[]
}

const TIME_CLAIMS: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time'])

const meanings: ReadonlyMap<string, string> = new Map([
  ['alg', 'how it is signed'],
  ['typ', 'what kind of token it is'],
  ['kid', 'the key it is signed with'],
  ['tenant_id', 'id of the tenant'],
  ['org', 'name of the tenant'],
  ['pod', 'where the tenant lives'],
  ['identity_id', 'the identity it stands for'],
  ['user_id', 'number of the identity'],
  ['user_name', 'alias of the identity'],
  ['client_id', 'the credential it was issued to'],
  ['scope', 'what it is limited to'],
  ['authorities', 'user levels when it was issued; what counts is those held now'],
  ['jti', 'id of this token'],
  ['ati', 'id of the access token it came with'],
  ['iss', 'who issued it'],
  ['aud', 'whom it is for'],
  ['sub', 'whom it stands for'],
  ['token_use', 'what it may be used for'],
  ['exp', 'expires'],
  ['iat', 'issued'],
  ['nbf', 'not valid before'],
])

/** Describes a token as of a time; nothing about it is verified. */
export function describeToken({ header, claims }: DecodedToken, nowMs: number): TokenDescription {
  const kind = kindOf(header, claims)
  const user = userOf(claims)
  const expiresAtMs = timeClaimMs(claims['exp'])
  return {
    kind,
    user,
    expiresAt: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    isExpired: expiresAtMs !== undefined && expiresAtMs <= nowMs,
    sentences: [
      kindSentence(kind, textClaim(claims, 'org')),
      contextSentence(kind, user, textClaim(claims, 'client_id')),
      expirySentence(expiresAtMs, nowMs),
      signatureSentence(textClaim(header, 'alg')),
    ].filter((sentence) => sentence !== ''),
    rows: [...rowsOf(header, nowMs), ...rowsOf(claims, nowMs)],
  }
}

function kindOf(header: JsonObject, claims: JsonObject): TokenDescription['kind'] {
  const use = textClaim(claims, 'token_use')
  const type = textClaim(header, 'typ')
  if (use === 'context' || type === 'sallyport-context+jwt') return 'context'
  const isRefresh = use === 'refresh' || type === 'rt+jwt' || (use === undefined && Object.hasOwn(claims, 'ati'))
  return isRefresh ? 'refresh' : 'access'
}

function kindSentence(kind: TokenDescription['kind'], org: string | undefined): string {
  const of = org === undefined ? '' : ` of the tenant ${org}`
  if (kind === 'refresh') return `Refresh token${of}: it gets new access tokens, and no API takes it as a bearer.`
  if (kind === 'context')
    return `Context token${of}: the gateway makes it for upstreams, and no API takes it as a bearer.`
  return `Access token${of}.`
}

function contextSentence(
  kind: TokenDescription['kind'],
  user: string | undefined,
  clientId: string | undefined,
): string {
  const client = clientId ?? 'an unknown client'
  if (user !== undefined) return `User context: it stands for ${user}, through client ${client}.`
  if (kind === 'refresh') return `It was issued to client ${client}.`
  return `Application context: it stands for client ${client} alone, so operations that need a user refuse it.`
}

function expirySentence(expiresAtMs: number | undefined, nowMs: number): string {
  if (expiresAtMs === undefined) return 'It does not say when it expires, so nothing should accept it.'
  const words = durationWords(Math.abs(expiresAtMs - nowMs))
  return expiresAtMs <= nowMs ? `It expired ${words} ago.` : `It expires in ${words}.`
}

function signatureSentence(algorithm: string | undefined): string {
  if (algorithm?.toLowerCase() === 'none') return 'It is not signed at all: nothing should accept it.'
  return 'The signature was not checked: anyone can write what stands here.'
}

function rowsOf(part: JsonObject, nowMs: number): string[][] {
  return Object.entries(part).map(([name, value]) => [name, valueWords(name, value, nowMs), meanings.get(name) ?? ''])
}

function valueWords(name: string, value: unknown, nowMs: number): string {
  const timeMs = TIME_CLAIMS.has(name) ? timeClaimMs(value) : undefined
  if (timeMs !== undefined) {
    const words = durationWords(Math.abs(timeMs - nowMs))
    return `${new Date(timeMs).toISOString()} (${timeMs <= nowMs ? `${words} ago` : `in ${words}`})`
  }
  if (typeof value === 'string') return value
  const isWordList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  return isWordList ? value.join(' ') : JSON.stringify(value)
}

function timeClaimMs(value: unknown): number | undefined {
  const isTime = typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 8_640_000_000_000
  return isTime ? value * 1000 : undefined
}
