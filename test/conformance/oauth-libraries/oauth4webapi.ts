import * as oauth from 'oauth4webapi'
import type { OauthLibrary, Tokens } from './oauth-library.ts'

// oxlint-disable-next-line typescript/no-deprecated -- it is marked so to stand out: the server is on loopback, without TLS
const insecure = { [oauth.allowInsecureRequests]: true }

const tokensOf = (answer: oauth.TokenEndpointResponse): Tokens => ({
  accessToken: answer.access_token,
  refreshToken: answer.refresh_token,
})

export const oauth4webapi: OauthLibrary = {
  name: 'oauth4webapi',
  compares: ['state', 'iss'],
  open: async ({ server, clientId, clientSecret, redirectUri }) => {
    const issuer = new URL(server)
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const as = await oauth.processDiscoveryResponse(issuer, found)
    const client = { client_id: clientId }
    const auth = clientSecret === undefined ? oauth.None() : oauth.ClientSecretBasic(clientSecret)
    return {
      signIn: async () => {
        const verifier = oauth.generateRandomCodeVerifier()
        const state = oauth.generateRandomState()
        const authorizationUrl = new URL(as.authorization_endpoint ?? '')
        authorizationUrl.search = new URLSearchParams({
          client_id: clientId,
          redirect_uri: redirectUri,
          response_type: 'code',
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
        }).toString()
        return {
          authorizationUrl,
          finish: async (callback) => {
            const proven = oauth.validateAuthResponse(as, client, callback, state)
            const grant = [proven, redirectUri, verifier] as const
            const response = await oauth.authorizationCodeGrantRequest(as, client, auth, ...grant, insecure)
            return tokensOf(await oauth.processAuthorizationCodeResponse(as, client, response))
          },
        }
      },
      refresh: async ({ refreshToken = '' }) => {
        const response = await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, insecure)
        return tokensOf(await oauth.processRefreshTokenResponse(as, client, response))
      },
      revoke: async ({ refreshToken = '' }) => {
        const response = await oauth.revocationRequest(as, client, auth, refreshToken, insecure)
        await oauth.processRevocationResponse(response)
      },
      isActive: async ({ accessToken }) => {
        const response = await oauth.introspectionRequest(as, client, auth, accessToken, insecure)
        return (await oauth.processIntrospectionResponse(as, client, response)).active
      },
      clientCredentials: async () => {
        const response = await oauth.clientCredentialsGrantRequest(as, client, auth, {}, insecure)
        return tokensOf(await oauth.processClientCredentialsResponse(as, client, response))
      },
    }
  },
}
