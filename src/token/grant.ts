import type { Identity } from '../identities/identity.ts'
import type { GrantType } from '../oauth/grant-types.ts'
import type { RequestContext } from '../request-context.ts'
import type { AuthenticatedClient } from './authenticate-client.ts'
import type { Family } from './refresh/family.ts'
import type { TokenParameters } from './request/parameters.ts'
import type { TokenServices } from './token-services.ts'

/** A token request whose client is known and may use the grant. */
export interface GrantRequest {
  readonly ctx: RequestContext
  readonly client: AuthenticatedClient
  readonly parameters: TokenParameters
  /** The change-log position up to which the issuer knew everything before it read anything for this request. */
  readonly position: number
}

/** Whom the token is for, and with which scopes. */
export interface Granted {
  readonly identity: Identity | undefined
  readonly scope: readonly string[]
  /** The family that the token belongs to, where a person signed in. */
  readonly family?: Family
  readonly hasRefreshToken?: boolean
  /** Fulfilled when the disk has what was written for this; the token must not be told of before. */
  readonly onDisk?: Promise<void>
}

/** What one grant type adds to the token endpoint; every shared check has passed before `authorize` runs. */
export interface Grant {
  readonly type: GrantType
  /** @throws OAuthError */
  authorize(services: TokenServices, request: GrantRequest): Granted | Promise<Granted>
}
