import type { Identity } from '../identities/identity.ts'
import { familyJti } from '../keys/family-jti.ts'
import { makeJti } from '../keys/jti.ts'
import { encodeSegment } from '../keys/jwt.ts'
import type { KeyRing } from '../keys/signing-keys.ts'
import type { TurnSigner } from '../keys/turn-signer.ts'
import type { TenantOrigins } from '../tenants/origins.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { AuthenticatedClient } from './authenticate-client.ts'
import type { Family } from './refresh/family.ts'

/** What a token says, and of whom. */
export interface MintRequest {
  tenant: Tenant
  origins: TenantOrigins
  pod: string
  client: AuthenticatedClient
  /** Undefined for application context. */
  identity: Identity | undefined
  scope: readonly string[]
  nowMs: number
  /** The change-log position up to which the issuer knows everything. */
  position: number
  /** Where a person signed in: the token then belongs to a family, and its id and times come from it. */
  family?: Family | undefined
}

export interface MintTools {
  ring: KeyRing
  signer: TurnSigner
}

/** The answer of the token endpoint (RFC 6749 §5.1) with the members that ISC adds. */
export interface TokenResponse {
  access_token: string
  token_type: 'bearer'
  expires_in: number
  scope: string
  jti: string
  [member: string]: string | number | boolean | undefined
}

/** Signs an access token and answers what the token endpoint sends. No row is written. */
export async function mintToken(request: MintRequest, { ring, signer }: MintTools): Promise<TokenResponse> {
  const { family, nowMs } = request
  const issuedAt = Math.floor((family?.issuedAtMs ?? nowMs) / 1000)
  const expiresAt = issuedAt + lifetimeSeconds(request.client, nowMs)
  const claims = claimsOf(request, { jti: tokenId(request), issuedAt, expiresAt })
  const token = await signer.sign(ring.privateKey, `${ring.header}.${encodeSegment(claims)}`)
  return responseOf(claims, token, expiresAt - Math.floor(nowMs / 1000))
}

interface Times {
  jti: string
  /** Unix seconds. */
  issuedAt: number
  expiresAt: number
}

type Claims = ReturnType<typeof claimsOf>

/** Members that are undefined are not written: a token in application context tells of nobody. */
function claimsOf({ tenant, origins, pod, client, identity, scope }: MintRequest, { jti, issuedAt, expiresAt }: Times) {
  return {
    tenant_id: tenant.id,
    internal: client.isInternal,
    pod,
    org: tenant.name,
    identity_id: identity?.id,
    user_name: identity?.alias,
    strong_auth: false,
    authorities: identity?.userLevels ?? [],
    enabled: true,
    client_id: client.id,
    accessType: client.accessType,
    strong_auth_supported: client.isStrongAuthSupported,
    claims_supported: client.isClaimsSupported,
    user_id: identity && String(identity.userNumber),
    scope,
    exp: expiresAt,
    jti,
    iss: origins.api,
    aud: origins.api,
    sub: identity?.id ?? client.id,
    iat: issuedAt,
    token_use: 'access',
  }
}

const responseOf = (claims: Claims, token: string, expiresIn: number): TokenResponse => ({
  access_token: token,
  token_type: 'bearer',
  expires_in: expiresIn,
  scope: claims.scope.join(' '),
  accessType: claims.accessType,
  tenant_id: claims.tenant_id,
  internal: claims.internal,
  pod: claims.pod,
  org: claims.org,
  identity_id: claims.identity_id,
  user_name: claims.user_name,
  strong_auth: claims.strong_auth,
  strong_auth_supported: claims.strong_auth_supported,
  claims_supported: claims.claims_supported,
  user_id: claims.user_id,
  enabled: claims.enabled,
  jti: claims.jti,
})

function tokenId({ tenant: { epoch }, position, family }: MintRequest): string {
  if (!family) return makeJti({ epoch, position })
  const { id: familyId, generation, position: issuedAt } = family
  return familyJti('access', { familyId, generation, epoch, position: issuedAt })
}

/** A token never outlives the personal access token that minted it. */
function lifetimeSeconds({ accessTokenValiditySeconds, expiresAtMs }: AuthenticatedClient, nowMs: number): number {
  if (expiresAtMs === null) return accessTokenValiditySeconds
  return Math.min(accessTokenValiditySeconds, Math.max(1, Math.floor((expiresAtMs - nowMs) / 1000)))
}
