import type { Visit } from '../front-door/visit.ts'
import { grantTypeOf } from '../oauth/grant-types.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import type { RequestContext } from '../request-context.ts'
import { isNetworkAllowed } from '../tenants/network-rules.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import { type AuthenticatedClient, authenticateClient, badCredentials } from './authenticate-client.ts'
import { clientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'
import { mintToken, type TokenResponse } from './mint.ts'
import type { TokenRequest } from './request/parse-token-request.ts'
import type { TokenServices } from './token-services.ts'

const grants: ReadonlyMap<Grant['type'], Grant> = new Map([[clientCredentials.type, clientCredentials]])

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
  refuseUrlCredentials(issuing)
  const type = grantTypeOf(request.parameters.grantType)
  const grant = type && grants.get(type)
  if (!grant) throw unsupported(request.parameters.grantType)
  const client = await provenClient(services, issuing)
  if (!client.grantTypes.includes(grant.type)) throw notItsGrant(grant.type)
  if (!isNetworkAllowed(tenant.settings.network, ctx.network))
    throw new OAuthError('unauthorized_client', 'This tenant does not allow requests from your network.', {
      reason: 'network.denied',
    })
  const { identity, scope } = await grant.authorize({ ctx, client, parameters: request.parameters })
  const position = services.changes.position
  const ring = services.signingKeys.peek(tenant.id) ?? (await services.signingKeys.ringOf(ctx))
  const origins = originsOf(tenant, issuing.address)
  const response = await mintToken(
    { tenant, origins, pod: services.pod, client, identity, scope, nowMs: ctx.nowMs, position },
    { ring, signer: services.signer, jtis: services.jtis },
  )
  const reason = request.hasUrlCredentials ? 'credentials_in_url' : ''
  services.activity.count({ tenantId: tenant.id, clientId: client.id, action: 'token.minted', reason })
  return response
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

async function provenClient(services: TokenServices, { ctx, request }: Issuing): Promise<AuthenticatedClient> {
  if (!request.client) throw badCredentials('client.missing')
  return authenticateClient(services, ctx, request.client)
}

const unsupported = (grantType: string): OAuthError =>
  new OAuthError(
    'unsupported_grant_type',
    grantType === 'password' || grantType === 'implicit'
      ? 'This grant does not exist here. Use client_credentials with a personal access token, or authorization_code.'
      : 'The grant_type is not served here. Use client_credentials.',
  )

const notItsGrant = (type: string): OAuthError =>
  new OAuthError(
    'unauthorized_client',
    `This client may not use the grant ${type.toLowerCase()}. Its grant types are set in API Management.`,
  )
