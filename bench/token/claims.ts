/** The claims that a variant must add by itself; the rest (`iss aud sub iat exp jti client_id scope`) is its own work. */
export const ADDED_CLAIMS = {
  tenant_id: '58eb06a4-dcd7-4e96-8fac-cca2afc03e61',
  internal: false,
  pod: 'local',
  org: 'acme',
  identity_id: 'ff80818155fe8c080155fe8d925b0316',
  user_name: 'ada',
  strong_auth: false,
  authorities: ['ORG_ADMIN'],
  enabled: true,
  accessType: 'OFFLINE',
  strong_auth_supported: false,
  claims_supported: false,
  user_id: '1',
  token_use: 'access',
}

const OWN_CLAIMS = ['iss', 'aud', 'sub', 'iat', 'exp', 'jti', 'client_id', 'scope']

/** The names of the claims in every variant's token, in alphabetical order. */
export const CLAIM_NAMES: readonly string[] = [...Object.keys(ADDED_CLAIMS), ...OWN_CLAIMS].toSorted()
