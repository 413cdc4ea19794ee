import { Type } from 'typebox'
import { AccessTokenSeconds, Label } from '../credentials/values.ts'
import { optional } from '../http/nullable.ts'
import { grantTypes } from '../oauth/grant-types.ts'
import type { OauthClientInput } from './manage.ts'

const YEAR_SECONDS = 365 * 86_400

/** What an administrator may say of a client at any time, by the names that ISC gives it. */
export const changeableValues = {
  name: Label,
  description: optional(Type.String({ maxLength: 2000, pattern: '^([^\\p{Cc}]|[\\n\\r\\t])*$' })),
  businessName: optional(Type.String({ maxLength: 128, pattern: '^[^\\p{Cc}]*$' })),
  homepageUrl: optional(Type.String({ maxLength: 2048, pattern: '^(https?://[\\x21-\\x7e]+)?$' })),
  accessTokenValiditySeconds: AccessTokenSeconds,
  refreshTokenValiditySeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: YEAR_SECONDS })),
  redirectUris: optional(Type.Array(Type.String({ maxLength: 2048 }), { maxItems: 20, uniqueItems: true })),
  grantTypes: Type.Array(Type.Enum([...grantTypes]), { minItems: 1, maxItems: 3, uniqueItems: true }),
  accessType: Type.Enum(['ONLINE', 'OFFLINE']),
  enabled: Type.Boolean(),
  strongAuthSupported: Type.Optional(Type.Boolean()),
  claimsSupported: Type.Optional(Type.Boolean()),
}

/** What was said of a client, checked, by the names that ISC gives it. */
export interface SaidOfClient {
  readonly name: string
  readonly description?: string | null
  readonly businessName?: string | null
  readonly homepageUrl?: string | null
  readonly accessTokenValiditySeconds: number
  readonly refreshTokenValiditySeconds?: number
  readonly redirectUris?: readonly string[] | null
  readonly grantTypes: OauthClientInput['grantTypes']
  readonly accessType: 'ONLINE' | 'OFFLINE'
  readonly enabled: boolean
  readonly strongAuthSupported?: boolean
  readonly claimsSupported?: boolean
}

/** The same by our names. */
export const inputFrom = (said: SaidOfClient): OauthClientInput => ({
  name: said.name,
  description: said.description ?? '',
  businessName: said.businessName ?? '',
  homepageUrl: said.homepageUrl ?? '',
  accessTokenValiditySeconds: said.accessTokenValiditySeconds,
  ...(said.refreshTokenValiditySeconds !== undefined && {
    refreshTokenValiditySeconds: said.refreshTokenValiditySeconds,
  }),
  redirectUris: said.redirectUris ?? [],
  grantTypes: said.grantTypes,
  accessType: said.accessType,
  isEnabled: said.enabled,
  isStrongAuthSupported: said.strongAuthSupported ?? false,
  isClaimsSupported: said.claimsSupported ?? false,
})
