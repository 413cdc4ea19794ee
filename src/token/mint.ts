import type { KeyObject } from 'node:crypto'
import type { Identity } from '../identities/identity.ts'
import { familyJti } from '../keys/family-jti.ts'
import type { JtiMaker } from '../keys/jti.ts'
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
  /** Keys the ids of family tokens. */
  refreshKey: KeyObject
  ring: KeyRing
  signer: TurnSigner
  jtis: JtiMaker
}

/** The answer of the token endpoint (RFC 6749 §5.1) with the members that ISC adds. */
export interface TokenResponse {
  access_token: string
  token_type: 'bearer'
  expires_in: number
  scope: string
  jti: string
  [member: string]: string | number | boolean
}

/** Signs an access token and answers what the token endpoint sends. No row is written. */
export async function mintToken(request: MintRequest, tools: MintTools): Promise<TokenResponse> {
  const { tenant, client, identity, nowMs, family } = request
  const { ring, signer } = tools
  const issuedAt = Math.floor((family?.issuedAtMs ?? nowMs) / 1000)
  const lifetime = lifetimeSeconds(client, nowMs)
  const jti = tokenId(request, tools)
  const shared = {
    tenant_id: tenant.id,
    internal: client.isInternal,
    pod: request.pod,
    org: tenant.name,
    ...(identity && { identity_id: identity.id, user_name: identity.alias }),
    strong_auth: false,
  }
  const claims = {
    ...shared,
    authorities: identity?.userLevels ?? [],
    enabled: true,
    client_id: client.id,
    accessType: client.accessType,
    strong_auth_supported: client.isStrongAuthSupported,
    claims_supported: client.isClaimsSupported,
    ...(identity && { user_id: String(identity.userNumber) }),
    scope: request.scope,
    exp: issuedAt + lifetime,
    jti,
    iss: request.origins.api,
    aud: request.origins.api,
    sub: identity?.id ?? client.id,
    iat: issuedAt,
    token_use: 'access',
  }
  const token = await signer.sign(ring.privateKey, `${ring.header}.${encodeSegment(claims)}`)
  return {
    access_token: token,
    token_type: 'bearer',
    expires_in: issuedAt + lifetime - Math.floor(nowMs / 1000),
    scope: request.scope.join(' '),
    accessType: client.accessType,
    ...shared,
    strong_auth_supported: client.isStrongAuthSupported,
    claims_supported: client.isClaimsSupported,
    ...(identity && { user_id: claims.user_id as string }),
    enabled: true,
    jti,
  }
}

function tokenId({ tenant: { epoch }, position, family }: MintRequest, { jtis, refreshKey }: MintTools): string {
  if (!family) return jtis.make({ epoch, position })
  const { id: familyId, generation, position: issuedAt } = family
  return familyJti(refreshKey, 'access', { familyId, generation, epoch, position: issuedAt })
}

/** A token never outlives the personal access token that minted it. */
function lifetimeSeconds({ accessTokenValiditySeconds, expiresAtMs }: AuthenticatedClient, nowMs: number): number {
  if (expiresAtMs === null) return accessTokenValiditySeconds
  return Math.min(accessTokenValiditySeconds, Math.max(1, Math.floor((expiresAtMs - nowMs) / 1000)))
}
