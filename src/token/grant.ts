import type { Identity } from '../identities/identity.ts'
import type { GrantType } from '../oauth/grant-types.ts'
import type { RequestContext } from '../request-context.ts'
import type { AuthenticatedClient } from './authenticate-client.ts'
import type { TokenParameters } from './request/parameters.ts'

/** A token request whose client is proven and may use the grant. */
export interface GrantRequest {
  ctx: RequestContext
  client: AuthenticatedClient
  parameters: TokenParameters
}

/** Whom the token is for, and with which scopes. */
export interface Granted {
  identity: Identity | undefined
  scope: readonly string[]
}

/** What one grant type adds to the token endpoint; every shared check has passed before `authorize` runs. */
export interface Grant {
  type: GrantType
  /** @throws OAuthError */
  authorize(request: GrantRequest): Promise<Granted>
}
