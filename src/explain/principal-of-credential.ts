import type { Principal } from '../access/policy.ts'
import type { Question } from '../access/question.ts'
import { DomainError } from '../errors.ts'
import type { Visit } from '../front-door/visit.ts'
import type { Identities } from '../identities/find.ts'
import type { Identity } from '../identities/identity.ts'
import { findTenantClient } from '../oauth-clients/cli-clients.ts'
import type { OauthClients } from '../oauth-clients/find.ts'
import type { PersonalAccessTokens } from '../personal-access-tokens/find.ts'
import type { RequestContext } from '../request-context.ts'
import { customScopesOf, type GrantingLevels, type UserLevels } from '../user-levels/find.ts'

export interface CredentialSources {
  identities: Identities
  userLevels: UserLevels
  oauthClients: OauthClients
  personalAccessTokens: PersonalAccessTokens
}

/** True for a personal access token of the very identity that calls. */
export async function isOwnedBy(
  { personalAccessTokens }: CredentialSources,
  { db, tenantId }: RequestContext,
  { caller, clientId }: { caller: Principal; clientId: string },
): Promise<boolean> {
  if (caller.identityId === null) return false
  const known = await personalAccessTokens.find(db, tenantId, clientId)
  return known?.token.ownerId === caller.identityId
}

/**
 * Who a token of this credential would stand for, if one were made now without narrowing.
 * @throws DomainError `not_found`, or `invalid` for a client that acts only for whoever signs in.
 */
export async function principalOfCredential(
  sources: CredentialSources,
  ctx: RequestContext,
  clientId: string,
): Promise<Question['authentication']> {
  const token = await sources.personalAccessTokens.find(ctx.db, ctx.tenantId, clientId)
  if (token) return ownerOf(sources, ctx, token.token)
  const known = await sources.oauthClients.find(ctx.db, ctx.tenantId, clientId)
  if (!known) throw new DomainError('not_found', `There is no personal access token or API client ${clientId}.`)
  const { client } = known
  if (!client.isEnabled) return failure('client.disabled', 'The API client is disabled, so it gets no token.')
  if (!client.grantTypes.includes('CLIENT_CREDENTIALS'))
    throw new DomainError(
      'invalid',
      'This client acts for whoever signs in. Give a persona with that person’s user levels instead.',
    )
  return { principal: { ...nobodyBehind, clientId, scopes: client.scope } }
}

/**
 * Who a token would stand for that somebody got today as the refused one was got: the same credential and, behind it,
 * the same identity.
 */
export async function principalOfToday(
  sources: CredentialSources,
  { ctx, visit }: { ctx: RequestContext; visit: Visit },
  { clientId, identityId }: { clientId: string; identityId: string | null },
): Promise<Question['authentication']> {
  const token = await sources.personalAccessTokens.find(ctx.db, ctx.tenantId, clientId)
  if (token) return ownerOf(sources, ctx, token.token)
  const known = await findTenantClient(sources.oauthClients, ctx.db, { tenant: visit.site.tenant, id: clientId })
  if (!known) return failure('auth.revoked', 'The credential was deleted, so it gets no token.')
  const { client } = known
  if (!client.isEnabled) return failure('client.disabled', 'The API client is disabled, so it gets no token.')
  if (identityId === null) return { principal: { ...nobodyBehind, clientId, scopes: client.scope } }
  const identity = await sources.identities.find(ctx.db, ctx.tenantId, identityId)
  if (!identity?.isEnabled) return failure('owner.disabled', 'The identity that the token acted as is disabled.')
  const levels = await sources.userLevels.find(ctx.db, ctx.tenantId)
  return { principal: { ...personBehind(identity, levels), clientId, scopes: client.scope } }
}

async function ownerOf(
  { identities, userLevels }: CredentialSources,
  { db, tenantId, nowMs }: RequestContext,
  token: { id: string; ownerId: string; scope: readonly string[]; expiresAtMs: number | null },
): Promise<Question['authentication']> {
  if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs)
    return failure('auth.expired', 'The personal access token has expired, so it gets no token.')
  const owner = await identities.find(db, tenantId, token.ownerId)
  if (!owner?.isEnabled) return failure('owner.disabled', 'The owner of the personal access token is disabled.')
  const levels = await userLevels.find(db, tenantId)
  return { principal: { ...personBehind(owner, levels), clientId: token.id, scopes: token.scope } }
}

const personBehind = (
  { id, userLevels }: Identity,
  levels: GrantingLevels,
): Omit<Principal, 'clientId' | 'scopes'> => ({
  context: 'user',
  identityId: id,
  userLevels,
  customLevelScopes: customScopesOf(userLevels, levels),
})

const nobodyBehind = { context: 'application', identityId: null, userLevels: [], customLevelScopes: [] } as const

const failure = (
  code: 'client.disabled' | 'auth.expired' | 'auth.revoked' | 'owner.disabled',
  message: string,
): Question['authentication'] => ({
  failure: { code, message },
})
