import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { familyJti } from '../../keys/family-jti.ts'
import { hmacSha256 } from '../../keys/hmac.ts'
import { encodeSegment } from '../../keys/jwt.ts'
import type { TenantOrigins } from '../../tenants/origins.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import type { Family } from './family.ts'

export const REFRESH_TOKEN_TYPE = 'rt+jwt'
/** What every refresh token begins with. */
const PREFIX = `${encodeSegment({ alg: 'HS256', typ: REFRESH_TOKEN_TYPE })}.`

/** What a genuine refresh token says. Whether its family still lives is the database's to tell. */
export interface RefreshToken {
  readonly familyId: string
  readonly generation: number
  readonly clientId: string
  readonly identityId: string
  readonly scope: readonly string[]
  /** Unix seconds. */
  readonly expiresAt: number
}

/**
 * The refresh token of a family's present generation: a JWT, because clients read its `exp`, signed with a server key
 * of its own, because it outlives the keys of access tokens. The same generation always gives the same token.
 */
export function signRefreshToken(
  key: KeyObject,
  family: Family,
  {
    tenant,
    origins,
    userName,
    accessTokenId,
  }: { tenant: Tenant; origins: TenantOrigins; userName: string; accessTokenId: string },
): string {
  const claims = {
    tenant_id: tenant.id,
    org: tenant.name,
    identity_id: family.identityId,
    user_name: userName,
    client_id: family.clientId,
    scope: family.scope,
    ati: accessTokenId,
    iss: origins.api,
    sub: family.identityId,
    iat: Math.floor(family.issuedAtMs / 1000),
    exp: Math.floor(family.expiresAtMs / 1000),
    jti: familyJti('refresh', {
      familyId: family.id,
      generation: family.generation,
      epoch: tenant.epoch,
      position: family.position,
    }),
    family: family.id,
    generation: family.generation,
    token_use: 'refresh',
  }
  const signed = PREFIX + encodeSegment(claims)
  // A joined string is flat, and JSON is written from flat strings in half the time.
  return [signed, signatureOf(key, signed)].join('.')
}

const signatureOf = (key: KeyObject, signed: string): string => hmacSha256(key, signed, 'base64url')

/** Reads a refresh token of this tenant; undefined for anything that we did not sign as one. */
export function readRefreshToken(key: KeyObject, tenantId: string, token: string): RefreshToken | undefined {
  const end = token.lastIndexOf('.')
  const signed = token.slice(0, end)
  if (!signed.startsWith(PREFIX) || !isSame(token.slice(end + 1), signatureOf(key, signed))) return undefined
  const claims = JSON.parse(Buffer.from(signed.slice(PREFIX.length), 'base64url').toString()) as Record<string, unknown>
  if (claims['token_use'] !== 'refresh' || claims['tenant_id'] !== tenantId) return undefined
  // The signature says that these are the claims we wrote.
  return {
    familyId: claims['family'] as string,
    generation: claims['generation'] as number,
    clientId: claims['client_id'] as string,
    identityId: claims['identity_id'] as string,
    scope: claims['scope'] as string[],
    expiresAt: claims['exp'] as number,
  }
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
function isSame(given: string, expected: string): boolean {
  const [givenBytes, expectedBytes] = [Buffer.from(given), Buffer.from(expected)]
  return givenBytes.length === expectedBytes.length && timingSafeEqual(givenBytes, expectedBytes)
}
