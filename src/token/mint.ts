import type { Identity } from '../identities/identity.ts'
import type { JtiMaker } from '../keys/jti.ts'
import { encodeSegment } from '../keys/jwt.ts'
import type { KeyRing } from '../keys/signing-keys.ts'
import type { TurnSigner } from '../keys/turn-signer.ts'
import type { TenantOrigins } from '../tenants/origins.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { AuthenticatedClient } from './authenticate-client.ts'

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
}

export interface MintTools {
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
  [member: string]: string | number | boolean
}

/** Signs an access token and answers what the token endpoint sends. No row is written. */
export async function mintToken(request: MintRequest, { ring, signer, jtis }: MintTools): Promise<TokenResponse> {
  const { tenant, client, identity, nowMs } = request
  const issuedAt = Math.floor(nowMs / 1000)
  const expiresIn = lifetimeSeconds(client, nowMs)
  const jti = jtis.make({ epoch: tenant.epoch, position: request.position })
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
    exp: issuedAt + expiresIn,
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
    expires_in: expiresIn,
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

/** A token never outlives the personal access token that minted it. */
function lifetimeSeconds({ accessTokenValiditySeconds, expiresAtMs }: AuthenticatedClient, nowMs: number): number {
  if (expiresAtMs === null) return accessTokenValiditySeconds
  return Math.min(accessTokenValiditySeconds, Math.max(1, Math.floor((expiresAtMs - nowMs) / 1000)))
}
