import { randomBytes } from 'node:crypto'
import { generateCodeVerifier, OAuth2Client, type OAuth2Token } from '@badgateway/oauth2-client'
import type { OauthLibrary, Tokens } from './oauth-library.ts'

const tokensOf = ({ accessToken, refreshToken }: OAuth2Token): Tokens => ({
  accessToken,
  refreshToken: refreshToken ?? undefined,
})

const keptToken = ({ accessToken, refreshToken }: Tokens): OAuth2Token => ({
  accessToken,
  refreshToken: refreshToken ?? null,
  expiresAt: null,
})

export const badgatewayOauth2Client: OauthLibrary = {
  name: '@badgateway/oauth2-client',
  compares: ['state'],
  open: async ({ server, clientId, clientSecret, redirectUri }) => {
    const client = new OAuth2Client({ server, clientId, ...(clientSecret !== undefined && { clientSecret }) })
    return {
      signIn: async () => {
        const request = {
          redirectUri,
          state: randomBytes(16).toString('base64url'),
          codeVerifier: await generateCodeVerifier(),
        }
        return {
          authorizationUrl: await client.authorizationCode.getAuthorizeUri(request),
          finish: async (callback) =>
            tokensOf(await client.authorizationCode.getTokenFromCodeRedirect(callback, request)),
        }
      },
      refresh: async (tokens) => tokensOf(await client.refreshToken(keptToken(tokens))),
      revoke: (tokens) => client.revoke(keptToken(tokens), 'refresh_token'),
      isActive: async (tokens) => (await client.introspect(keptToken(tokens))).active,
      clientCredentials: async () => tokensOf(await client.clientCredentials()),
    }
  },
}
