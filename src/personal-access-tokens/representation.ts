import type { IscVersion } from '../http/isc-routes.ts'
import type { DescribedToken } from './described-token.ts'
import type { ExpiryRule } from './expiry.ts'

/** The versions since which a token may live for ever, if its owner says so. */
const recent: readonly IscVersion[] = ['v2025', 'v2026', 'v1']

/** By which rule tokens end in a version. */
export const expiryRuleOf = (version: IscVersion): ExpiryRule =>
  recent.includes(version) ? 'acknowledged' : 'six_months'

/** A token as a version of ISC's API writes it, in lists and after a change. */
export function representToken(token: DescribedToken, version: IscVersion): Record<string, unknown> {
  const { expiresAtMs } = token
  // Where a version does not know null here, the member is left out.
  const hasExpiration = expiresAtMs !== null || (version !== 'v3' && version !== 'v2024')
  return {
    ...common(token),
    lastUsed: isoOrNull(token.lastUsedAtMs),
    managed: token.isManaged,
    ...(hasExpiration && { expirationDate: isoOrNull(expiresAtMs) }),
    ...(recent.includes(version) && { userAwareTokenNeverExpires: token.isNeverAcknowledged }),
  }
}

/** A token with its secret, as ISC answers once, when it was made. */
export const representNewToken = (token: DescribedToken, secret: string): Record<string, unknown> => ({
  ...common(token),
  secret,
  expirationDate: isoOrNull(token.expiresAtMs),
})

const common = ({ id, name, scope, ownerId, ownerName, createdAtMs, accessTokenValiditySeconds }: DescribedToken) => ({
  id,
  name,
  scope,
  owner: { type: 'IDENTITY', id: ownerId, name: ownerName },
  created: new Date(createdAtMs).toISOString(),
  accessTokenValiditySeconds,
})

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
