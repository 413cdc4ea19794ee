import { type KeyObject, verify } from 'node:crypto'
import type { Refusal } from '../access/question.ts'
import { type IssuedAt, issuedAtOf } from '../keys/jti.ts'
import { type ParsedJwt, parseJwt } from '../keys/jwt.ts'
import { ACCESS_TOKEN_SECONDS_MAX } from '../revocations/cut-offs.ts'
import { wrongTenant } from './bearer-failures.ts'

/** An access token whose signature and claims hold; whether it is still wanted is another question. */
export interface VerifiedToken {
  readonly tenantId: string
  readonly clientId: string
  /** Undefined for application context. */
  readonly identityId: string | undefined
  readonly scope: readonly string[]
  readonly jti: string
  readonly issuedAt: IssuedAt
  /** Unix seconds. */
  readonly expiresAt: number
}

/** What a token must say to be ours. */
export interface ExpectedToken {
  tenantId: string
  /** `iss` and `aud`. */
  origin: string
  publicKeys: ReadonlyMap<string, KeyObject>
  nowMs: number
}

export const CLOCK_SKEW_SECONDS = 5
const ACCESS_TOKEN_TYPE = 'JWT'

/** Verifies signature, type and claims of a bearer (RFC 8725 §3, RFC 9068 §4). The algorithms allowed are one. */
export function verifyAccessToken(token: string, expected: ExpectedToken): VerifiedToken | { failure: Refusal } {
  const jwt = parseJwt(token)
  if (!jwt) return malformed(token)
  const { alg, typ, kid, crit } = jwt.header
  if (typ !== ACCESS_TOKEN_TYPE) return wrongType(typ)
  // Another tenant's signature cannot be checked here; that the token is not for this tenant, it says itself.
  if (isOther(jwt.payload['tenant_id'], expected.tenantId)) return wrongTenant
  const publicKey = typeof kid === 'string' ? expected.publicKeys.get(kid) : undefined
  if (alg !== 'ES256' || crit !== undefined || !publicKey || !isSignedBy(jwt, publicKey))
    return invalid('its signature is not ours')
  return verifyClaims(jwt.payload, expected)
}

const isOther = (tenantId: unknown, expected: string): boolean => typeof tenantId === 'string' && tenantId !== expected

const isSignedBy = ({ signed, signature }: ParsedJwt, key: KeyObject): boolean =>
  signature.length === 64 && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)

function verifyClaims(claims: Record<string, unknown>, expected: ExpectedToken): VerifiedToken | { failure: Refusal } {
  if (claims['token_use'] !== 'access') return wrongType(claims['token_use'])
  if (claims['tenant_id'] !== expected.tenantId) return invalid('a claim is missing')
  if (claims['iss'] !== expected.origin || claims['aud'] !== expected.origin)
    return invalid('it was issued for another address of this tenant')
  const { exp, iat, nbf = iat, client_id: clientId, identity_id: identityId, scope, jti } = claims
  const issuedAt = typeof jti === 'string' ? issuedAtOf(jti) : undefined
  const nowSeconds = expected.nowMs / 1000
  if (
    !isSeconds(exp) ||
    !isSeconds(iat) ||
    !isSeconds(nbf) ||
    exp - iat > ACCESS_TOKEN_SECONDS_MAX ||
    Math.max(iat, nbf) > nowSeconds + CLOCK_SKEW_SECONDS
  )
    return invalid('its times are not plausible')
  if (typeof clientId !== 'string' || !isStrings(scope) || !issuedAt || !isOptionalString(identityId))
    return invalid('a claim is missing')
  return { tenantId: expected.tenantId, clientId, identityId, scope, jti: jti as string, issuedAt, expiresAt: exp }
}

const isSeconds = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value)
const isOptionalString = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const fail = (code: Refusal['code'], message: string): { failure: Refusal } => ({ failure: { code, message } })

const invalid = (why: string) => fail('auth.invalid', `JWT validation failed: ${why}. Get a new token.`)

function wrongType(type: unknown): { failure: Refusal } {
  const what = type === 'rt+jwt' || type === 'refresh' ? 'a refresh token' : 'not an access token'
  return fail('auth.wrong_type', `JWT validation failed: this is ${what}. Send the access_token of the token response.`)
}

const SECRET = /^[0-9a-f]{64}$/
const CREDENTIAL_ID = /^[0-9a-f]{32}$|^[0-9a-f-]{36}$/

/** The mistakes people make with a bearer, told apart by shape alone. */
function malformed(token: string): { failure: Refusal } {
  if (SECRET.test(token))
    return fail(
      'auth.malformed',
      'JWT validation failed: this looks like a client secret. Exchange it for a token first.',
    )
  if (CREDENTIAL_ID.test(token))
    return fail(
      'auth.malformed',
      'JWT validation failed: this looks like a client id. Exchange id and secret for a token first.',
    )
  return fail('auth.malformed', 'JWT validation failed: this is not a JWT. Send the access_token whole, as one line.')
}
