import { digestSecret, matchesDigest } from '../credentials/secret.ts'
import type { SecretRow } from '../credentials/secrets.ts'
import type { Identity } from '../identities/identity.ts'
import type { GrantType } from '../oauth/grant-types.ts'
import { findTenantClient } from '../oauth-clients/cli-clients.ts'
import { readOauthClient } from '../oauth-clients/find.ts'
import type { OauthClient } from '../oauth-clients/oauth-client.ts'
import { readPersonalAccessToken } from '../personal-access-tokens/find.ts'
import type { PersonalAccessToken } from '../personal-access-tokens/personal-access-token.ts'
import type { RequestContext } from '../request-context.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { badCredentials, misshapen } from './bad-credentials.ts'
import type { ClientCredentials, PresentedClient } from './request/presented-client.ts'
import type { TokenServices } from './token-services.ts'

/** Who proved itself at the token endpoint: an API client, or a person or machine through a personal access token. */
export interface AuthenticatedClient {
  readonly id: string
  /** The secret that proved it; undefined for a PUBLIC client. */
  readonly secretId: string | undefined
  readonly grantTypes: readonly GrantType[]
  readonly scope: readonly string[]
  readonly accessTokenValiditySeconds: number
  readonly refreshTokenValiditySeconds: number
  readonly accessType: 'ONLINE' | 'OFFLINE'
  /** Where its authorization codes may have gone. */
  readonly redirectUris: readonly string[]
  readonly isStrongAuthSupported: boolean
  readonly isClaimsSupported: boolean
  readonly isInternal: boolean
  /** Whom a personal access token acts as; undefined for an API client. */
  readonly owner: Identity | undefined
  /** When a personal access token ends, in Unix milliseconds: no token it mints outlives it. */
  readonly expiresAtMs: number | null
}

/** Who a request says it comes from; `mayBePublic` for grants that a client without a secret may use. */
export interface Presentation {
  presented: PresentedClient
  tenant: Tenant
  mayBePublic: boolean
}

type Known =
  | { kind: 'client'; client: OauthClient; secrets: readonly SecretRow[] }
  | { kind: 'token'; token: PersonalAccessToken; secrets: readonly SecretRow[] }

interface Proven {
  readonly known: Known
  readonly secretId: string | undefined
}

const PERSONAL_ACCESS_TOKEN_ID = /^[0-9a-f]{32}$/
const OAUTH_CLIENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Proves a client by its secret (RFC 6749 §2.3.1). Unknown ids, wrong secrets, and credentials that are disabled,
 * expired or whose owner is disabled get one answer; the audit trail alone learns which.
 *
 * @throws OAuthError `invalid_client`
 */
export async function authenticateClient(
  services: TokenServices,
  ctx: RequestContext,
  { presented, tenant, mayBePublic }: Presentation,
): Promise<AuthenticatedClient> {
  const publicClient = mayBePublic ? await findPublicClient(services, ctx, { presented, tenant }) : undefined
  if (publicClient) return fromClient(publicClient, undefined)
  for (const reading of presented.alternatives) {
    const proven = await findProven(services, ctx, reading)
    if (!proven) continue
    const { known, secretId } = proven
    return known.kind === 'client'
      ? fromClient(known.client, secretId)
      : fromToken(services, ctx, { token: known.token, secretId })
  }
  throw misshapen(presented.id) ?? badCredentials('client.not_proven')
}

/** A PUBLIC client names itself and proves nothing; one that sends a secret is not what it says (RFC 6749 §2.3). */
async function findPublicClient(
  { oauthClients }: TokenServices,
  { db }: RequestContext,
  { presented, tenant }: Pick<Presentation, 'presented' | 'tenant'>,
): Promise<OauthClient | undefined> {
  if (presented.secret !== undefined || presented.id.length > CLIENT_ID_CHARACTERS_MAX) return undefined
  const known = await findTenantClient(oauthClients, db, { tenant, id: presented.id })
  return known?.client.type === 'PUBLIC' ? known.client : undefined
}

const CLIENT_ID_CHARACTERS_MAX = 64

/** The credential that a reading of the request proves, if it does. */
async function findProven(
  services: TokenServices,
  ctx: RequestContext,
  { id, secret = '' }: ClientCredentials,
): Promise<Proven | undefined> {
  const digest = digestSecret(services.secretsKey, secret)
  const remembered = await findKnown(services, ctx, id)
  const proven = prove(remembered, digest, ctx.nowMs)
  if (proven) return proven
  // Wrong secrets are looked up once more, past the memory: they then take as long as unknown ids do.
  const fresh = remembered && (await readKnown(ctx, id))
  return prove(fresh, digest, ctx.nowMs)
}

function prove(known: Known | undefined, digest: Buffer, nowMs: number): Proven | undefined {
  const live = (known?.secrets ?? []).filter(({ retired_at }) => retired_at === null || retired_at > nowMs)
  const isMatch = matchesDigest(
    live.map(({ digest: kept }) => kept),
    digest,
  )
  if (!known || !isMatch || (known.kind === 'client' && known.client.type === 'PUBLIC')) return undefined
  // Which one it was is looked up only now that it proved to be one.
  return { known, secretId: live.find(({ digest: kept }) => kept.equals(digest))?.id }
}

async function findKnown(
  { personalAccessTokens, oauthClients }: TokenServices,
  { db, tenantId }: RequestContext,
  id: string,
): Promise<Known | undefined> {
  if (PERSONAL_ACCESS_TOKEN_ID.test(id)) {
    const known = personalAccessTokens.peek(tenantId, id) ?? (await personalAccessTokens.find(db, tenantId, id))
    return known && { kind: 'token', ...known }
  }
  if (!OAUTH_CLIENT_ID.test(id)) return undefined
  const known = oauthClients.peek(tenantId, id) ?? (await oauthClients.find(db, tenantId, id))
  return known && { kind: 'client', ...known }
}

async function readKnown(ctx: RequestContext, id: string): Promise<Known | undefined> {
  if (PERSONAL_ACCESS_TOKEN_ID.test(id)) {
    const known = await readPersonalAccessToken(ctx.db, ctx.tenantId, id)
    return known && { kind: 'token', ...known }
  }
  const known = await readOauthClient(ctx.db, ctx.tenantId, id)
  return known && { kind: 'client', ...known }
}

function fromClient(client: OauthClient, secretId: string | undefined): AuthenticatedClient {
  if (!client.isEnabled) throw badCredentials('client.disabled')
  return {
    id: client.id,
    secretId,
    grantTypes: client.grantTypes,
    scope: client.scope,
    accessTokenValiditySeconds: client.accessTokenValiditySeconds,
    refreshTokenValiditySeconds: client.refreshTokenValiditySeconds,
    accessType: client.accessType,
    redirectUris: client.redirectUris,
    isStrongAuthSupported: client.isStrongAuthSupported,
    isClaimsSupported: client.isClaimsSupported,
    isInternal: client.isInternal,
    owner: undefined,
    expiresAtMs: null,
  }
}

const TOKEN_GRANTS: readonly GrantType[] = ['CLIENT_CREDENTIALS']

async function fromToken(
  { identities }: TokenServices,
  { db, tenantId, nowMs }: RequestContext,
  { token, secretId }: { token: PersonalAccessToken; secretId: string | undefined },
): Promise<AuthenticatedClient> {
  if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs) throw badCredentials('client.expired')
  const owner = identities.peek(tenantId, token.ownerId) ?? (await identities.find(db, tenantId, token.ownerId))
  if (!owner?.isEnabled) throw badCredentials('owner.disabled')
  return {
    id: token.id,
    secretId,
    grantTypes: TOKEN_GRANTS,
    scope: token.scope,
    accessTokenValiditySeconds: token.accessTokenValiditySeconds,
    refreshTokenValiditySeconds: 0,
    accessType: 'OFFLINE',
    redirectUris: [],
    isStrongAuthSupported: false,
    isClaimsSupported: false,
    isInternal: false,
    owner,
    expiresAtMs: token.expiresAtMs,
  }
}
