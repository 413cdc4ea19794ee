import { fromStoredJson } from '../database/stored-json.ts'
import type { OauthClientRow } from '../database/schema.ts'
import type { GrantType } from '../oauth/grant-types.ts'

/** What API Management lists: an application with an identity of its own. */
export interface OauthClient {
  readonly id: string
  readonly name: string
  readonly type: 'CONFIDENTIAL' | 'PUBLIC'
  readonly grantTypes: readonly GrantType[]
  readonly redirectUris: readonly string[]
  readonly scope: readonly string[]
  readonly accessTokenValiditySeconds: number
  readonly refreshTokenValiditySeconds: number
  readonly accessType: 'ONLINE' | 'OFFLINE'
  readonly isPkceRequired: boolean
  readonly isStrongAuthSupported: boolean
  readonly isClaimsSupported: boolean
  readonly isInternal: boolean
  readonly isEnabled: boolean
}

export const oauthClientFromRow = (row: OauthClientRow): OauthClient => ({
  id: row.id,
  name: row.name,
  type: row.type,
  grantTypes: fromStoredJson(row.grant_types),
  redirectUris: fromStoredJson(row.redirect_uris),
  scope: fromStoredJson(row.scope),
  accessTokenValiditySeconds: row.access_token_validity_seconds,
  refreshTokenValiditySeconds: row.refresh_token_validity_seconds,
  accessType: row.access_type,
  isPkceRequired: row.pkce_required === 1,
  isStrongAuthSupported: row.strong_auth_supported === 1,
  isClaimsSupported: row.claims_supported === 1,
  isInternal: row.internal === 1,
  isEnabled: row.enabled === 1,
})
