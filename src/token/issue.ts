import type { Visit } from '../front-door/visit.ts'
import { grantTypeOf } from '../oauth/grant-types.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import type { RequestContext } from '../request-context.ts'
import { isNetworkAllowed } from '../tenants/network-rules.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import { type AuthenticatedClient, authenticateClient } from './authenticate-client.ts'
import { badCredentials } from './bad-credentials.ts'
import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'
import { mintToken, type TokenResponse } from './mint.ts'
import { refreshToken } from './refresh/grant.ts'
import { signRefreshToken } from './refresh/refresh-token.ts'
import type { TokenRequest } from './request/parse-token-request.ts'
import type { TokenServices } from './token-services.ts'

const grants: ReadonlyMap<Grant['type'], Grant> = new Map(
  [clientCredentials, authorizationCode, refreshToken].map((grant) => [grant.type, grant]),
)

/** A token request at one tenant's door. */
export interface Issuing {
  ctx: RequestContext
  visit: Visit
  address: PublicAddress
  request: TokenRequest
}

/**
 * The steps that every grant shares, in the order they must run (RFC 6749 §3.2): a grant adds only what differs.
 * @throws OAuthError
 */
export async function issueToken(services: TokenServices, issuing: Issuing): Promise<TokenResponse> {
  const { ctx, request } = issuing
  const { tenant } = issuing.visit.site
  // Taken before anything is read: a change that comes in meanwhile then kills the token, however the race ends.
  const position = services.changes.position
  refuseUrlCredentials(issuing)
  const type = grantTypeOf(request.parameters.grantType)
  const grant = type && grants.get(type)
  if (!grant) throw unsupported(request.parameters.grantType)
  const client = await provenClient(services, issuing, { mayBePublic: grant.type !== 'CLIENT_CREDENTIALS' })
  if (!client.grantTypes.includes(grant.type)) throw notItsGrant(grant.type)
  if (!isNetworkAllowed(tenant.settings.network, ctx.network))
    throw new OAuthError('unauthorized_client', 'This tenant does not allow requests from your network.', {
      reason: 'network.denied',
    })
  const granted = await grant.authorize(services, { ctx, client, parameters: request.parameters, position })
  const { identity, scope, family } = granted
  const ring = services.signingKeys.peek(tenant.id, ctx.nowMs) ?? (await services.signingKeys.ringOf(ctx))
  const origins = originsOf(tenant, issuing.address)
  const response = await mintToken(
    { tenant, origins, pod: services.pod, client, identity, scope, nowMs: ctx.nowMs, position, family },
    { ring, signer: services.signer },
  )
  // The disk was at work meanwhile.
  await granted.onDisk
  services.uses.note({ tenantId: tenant.id, credentialId: client.id, secretId: client.secretId })
  const reason = request.hasUrlCredentials ? 'credentials_in_url' : ''
  services.activity.count({ tenantId: tenant.id, clientId: client.id, action: 'token.minted', reason })
  if (!family || !granted.hasRefreshToken || !identity) return response
  const context = { tenant, origins, userName: identity.alias, accessTokenId: response.jti }
  return { ...response, refresh_token: signRefreshToken(services.refreshKey, family, context) }
}

function refuseUrlCredentials({ request, visit }: Issuing): void {
  if (!request.hasUrlCredentials || visit.site.tenant.settings.tokens.allowUrlCredentials) return
  throw new OAuthError(
    'invalid_request',
    'This tenant refuses secrets in the URL. Send them in the body or by Basic.',
    {
      reason: 'credentials_in_url',
    },
  )
}

async function provenClient(
  services: TokenServices,
  { ctx, request, visit }: Issuing,
  { mayBePublic }: { mayBePublic: boolean },
): Promise<AuthenticatedClient> {
  if (!request.client) throw badCredentials('client.missing')
  return authenticateClient(services, ctx, { presented: request.client, tenant: visit.site.tenant, mayBePublic })
}

const unsupported = (grantType: string): OAuthError =>
  new OAuthError(
    'unsupported_grant_type',
    grantType === 'password' || grantType === 'implicit'
      ? 'This grant does not exist here. Use client_credentials with a personal access token, or authorization_code.'
      : 'The grant_type is not served here. Use client_credentials, authorization_code or refresh_token.',
  )

const notItsGrant = (type: string): OAuthError =>
  new OAuthError(
    'unauthorized_client',
    `This client may not use the grant ${type.toLowerCase()}. Its grant types are set in API Management.`,
  )
