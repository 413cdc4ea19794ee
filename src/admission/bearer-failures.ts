import type { Refusal } from '../access/question.ts'

type Failure = { readonly failure: Refusal }

const failure = (code: Refusal['code'], message: string): Failure => ({ failure: { code, message } })

// The first words are ISC's, for people and programs that look for them; what to do follows.
export const missing = failure('auth.missing', 'JWT is required')
export const notBearer = failure('auth.malformed', 'JWT is required: send it as Authorization: Bearer <access token>.')
export const tooLong = failure('auth.malformed', 'JWT validation failed: no access token is that long.')
export const wrongTenant = failure(
  'auth.wrong_tenant',
  'JWT validation failed: the token belongs to another tenant. Use a token of this host.',
)
export const revoked = failure(
  'auth.revoked',
  'JWT validation failed: the token was revoked, because its credential or owner was deleted or changed. Get a new token.',
)
export const clientDisabled = failure(
  'client.disabled',
  'JWT validation failed: the API client of the token is disabled.',
)
export const ownerDisabled = failure(
  'owner.disabled',
  'JWT validation failed: the identity that the token acts as is disabled.',
)
export const networkDenied = failure('network.denied', 'This tenant does not allow requests from your network.')

/** `expiresAt` in Unix seconds. */
export const expired = (expiresAt: number, nowMs: number): Failure =>
  failure(
    'auth.expired',
    `JWT validation failed: JWT is expired, since ${Math.round(nowMs / 1000 - expiresAt)} seconds. Get a new token.`,
  )
