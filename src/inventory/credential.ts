import type { Principal } from '../access/policy.ts'
import { meetsScope } from '../access/requirements.ts'
import { DomainError } from '../errors.ts'
import type { OauthClients } from '../oauth-clients/find.ts'
import type { PersonalAccessTokens } from '../personal-access-tokens/find.ts'
import type { RequestContext } from '../request-context.ts'

/** Opens what there is to know about the credentials of others. */
export const READ_CREDENTIALS = 'sallyport:credentials:read'
/** Opens changing them. */
export const MANAGE_CREDENTIALS = 'sallyport:credentials:manage'

/** What the two kinds of credential have in common. */
export interface Credential {
  readonly id: string
  readonly kind: 'PERSONAL_ACCESS_TOKEN' | 'OAUTH_CLIENT'
  readonly name: string
  readonly scope: readonly string[]
  /** Null for a client, which acts for nobody or for whoever signs in. */
  readonly ownerId: string | null
  /** In which contexts its tokens may stand. */
  readonly contexts: readonly ('user' | 'application')[]
  /** A PUBLIC client, which has no secret. */
  readonly isPublic: boolean
}

/** Where credentials are looked up. */
export interface CredentialSources {
  oauthClients: OauthClients
  personalAccessTokens: PersonalAccessTokens
}

/** A credential of the tenant by its client id. */
export async function findCredential(
  { oauthClients, personalAccessTokens }: CredentialSources,
  { db, tenantId }: RequestContext,
  id: string,
): Promise<Credential | undefined> {
  const token = (await personalAccessTokens.find(db, tenantId, id))?.token
  if (token) {
    const { name, scope, ownerId } = token
    return { id, kind: 'PERSONAL_ACCESS_TOKEN', name, scope, ownerId, contexts: ['user'], isPublic: false }
  }
  const client = (await oauthClients.find(db, tenantId, id))?.client
  if (!client) return undefined
  const { name, scope, grantTypes, type } = client
  const contexts = [
    ...(grantTypes.includes('AUTHORIZATION_CODE') ? (['user'] as const) : []),
    ...(grantTypes.includes('CLIENT_CREDENTIALS') ? (['application'] as const) : []),
  ]
  return { id, kind: 'OAUTH_CLIENT', name, scope, ownerId: null, contexts, isPublic: type === 'PUBLIC' }
}

/** What a token needs: for any credential, and what is enough for one's own. */
interface OpeningScopes {
  readonly scope: string
  readonly ownScope?: string
}

/**
 * A credential that the caller may look at: the one that it calls with, another one of its own, or as an `ORG_ADMIN`
 * anybody's; the latter two only with a token that has the scope for it. For one's own `ownScope` will do as well.
 * @throws DomainError `not_found` for any other: it does not tell that there is one.
 */
export async function requireCredential(
  sources: CredentialSources,
  ctx: RequestContext,
  { caller, id, ...scopes }: { caller: Principal; id: string } & OpeningScopes,
): Promise<Credential> {
  const credential = await findCredential(sources, ctx, id)
  if (credential && mayTouch(caller, credential, scopes)) return credential
  throw new DomainError(
    'not_found',
    `There is no personal access token or API client ${id}, or it is not yours. For those of others a token needs the scope ${scopes.scope}, and its identity the user level ORG_ADMIN.`,
  )
}

function mayTouch(caller: Principal, { id, ownerId }: Credential, { scope, ownScope }: OpeningScopes): boolean {
  if (scope === READ_CREDENTIALS && caller.clientId === id) return true
  if (caller.identityId === null) return false
  const isOwn = ownerId === caller.identityId
  if (isOwn && ownScope !== undefined && meetsScope(caller, ownScope)) return true
  return meetsScope(caller, scope) && (isOwn || isAdministrator(caller))
}

/** An administrator may look at, and give away, what belongs to others. */
export const isAdministrator = (caller: Principal): boolean => caller.userLevels.includes('ORG_ADMIN')
