import type { OauthClientRow } from '../database/schema.ts'
import { type OauthClient, oauthClientFromRow } from './oauth-client.ts'

/** A client as lists tell of it. */
export interface DescribedClient extends OauthClient {
  readonly description: string
  readonly businessName: string
  readonly homepageUrl: string
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  /** As ISC tells it, moved on once a day; null before the first use. */
  readonly lastUsedAtMs: number | null
}

/** A row of a list: a client and its last use. */
export type DescribedRow = OauthClientRow & { last_used_at: number | null }

export const describedFromRow = (row: DescribedRow): DescribedClient => ({
  ...oauthClientFromRow(row),
  description: row.description,
  businessName: row.business_name,
  homepageUrl: row.homepage_url,
  createdAtMs: row.created_at,
  modifiedAtMs: row.modified_at,
  lastUsedAtMs: row.last_used_at,
})

/** A client as ISC writes it, in lists and after a change. What is not said is "" rather than null. */
export const representClient = (client: DescribedClient): Record<string, unknown> => ({
  ...common(client),
  secret: null,
  metadata: null,
  lastUsed: client.lastUsedAtMs === null ? null : new Date(client.lastUsedAtMs).toISOString(),
})

/** A client with its secret, as ISC answers once, when it was made. A PUBLIC client has none: "". */
export const representNewClient = (client: DescribedClient, secret: string): Record<string, unknown> => ({
  ...common(client),
  secret,
})

const common = (client: DescribedClient) => ({
  id: client.id,
  businessName: client.businessName,
  homepageUrl: client.homepageUrl,
  name: client.name,
  description: client.description,
  accessTokenValiditySeconds: client.accessTokenValiditySeconds,
  refreshTokenValiditySeconds: client.refreshTokenValiditySeconds,
  redirectUris: client.redirectUris,
  grantTypes: client.grantTypes,
  accessType: client.accessType,
  type: client.type,
  internal: client.isInternal,
  enabled: client.isEnabled,
  strongAuthSupported: client.isStrongAuthSupported,
  claimsSupported: client.isClaimsSupported,
  created: new Date(client.createdAtMs).toISOString(),
  modified: new Date(client.modifiedAtMs).toISOString(),
  scope: client.scope,
})
