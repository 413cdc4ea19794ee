import * as client from 'openid-client'
import type { OauthLibrary, Tokens } from './oauth-library.ts'

const tokensOf = (answer: client.TokenEndpointResponse): Tokens => ({
  accessToken: answer.access_token,
  refreshToken: answer.refresh_token,
})

export const openidClient: OauthLibrary = {
  name: 'openid-client',
  compares: ['state', 'iss'],
  open: async ({ server, clientId, clientSecret, redirectUri }) => {
    const config = await client.discovery(new URL(server), clientId, clientSecret, undefined, {
      // oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out: the server is on loopback, without TLS
      execute: [client.allowInsecureRequests],
    })
    return {
      signIn: async () => {
        const pkceCodeVerifier = client.randomPKCECodeVerifier()
        const expectedState = client.randomState()
        const authorizationUrl = client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          state: expectedState,
        })
        return {
          authorizationUrl,
          finish: async (callback) =>
            tokensOf(await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState })),
        }
      },
      refresh: async ({ refreshToken = '' }) => tokensOf(await client.refreshTokenGrant(config, refreshToken)),
      revoke: ({ refreshToken = '' }) => client.tokenRevocation(config, refreshToken),
      isActive: async ({ accessToken }) => (await client.tokenIntrospection(config, accessToken)).active,
      clientCredentials: async () => tokensOf(await client.clientCredentialsGrant(config)),
    }
  },
}
