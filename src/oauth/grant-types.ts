/** Grant types as ISC spells them in clients; at the token endpoint they are written in lower case. */
export const grantTypes = ['CLIENT_CREDENTIALS', 'AUTHORIZATION_CODE', 'REFRESH_TOKEN'] as const
/** One of them. */
export type GrantType = (typeof grantTypes)[number]

/** The grant type that a token request asks for by this `grant_type`, if we serve it (RFC 6749 §4). */
export function grantTypeOf(parameter: string): GrantType | undefined {
  switch (parameter) {
    case 'client_credentials':
      return 'CLIENT_CREDENTIALS'
    case 'authorization_code':
      return 'AUTHORIZATION_CODE'
    case 'refresh_token':
      return 'REFRESH_TOKEN'
    default:
      return undefined
  }
}
