import { hash, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type { OauthLibrary, Tokens } from './oauth-library.ts'

interface AccessToken {
  token: { access_token: string; refresh_token?: string }
  refresh: () => Promise<AccessToken>
  revokeAll: () => Promise<void>
}
interface Configuration {
  client: { id: string; secret: string }
  auth: { tokenHost: string }
}
/** What is used here of the library, which has no types. */
interface Library {
  AuthorizationCode: new (
    configuration: Configuration,
  ) => {
    authorizeURL: (parameters: Readonly<Record<string, string>>) => string
    getToken: (parameters: Readonly<Record<string, string>>) => Promise<AccessToken>
    createToken: (token: object) => AccessToken
  }
  ClientCredentials: new (configuration: Configuration) => { getToken: (parameters: object) => Promise<AccessToken> }
}

const { AuthorizationCode, ClientCredentials } = createRequire(import.meta.url)('simple-oauth2') as Library

const tokensOf = ({ token }: AccessToken): Tokens => ({
  accessToken: token.access_token,
  refreshToken: token.refresh_token,
})

/** It knows no discovery, and leaves PKCE, the answer's `state` and its `error` to the application. */
export const simpleOauth2: OauthLibrary = {
  name: 'simple-oauth2',
  compares: [],
  open: async ({ server, clientId, clientSecret = '', redirectUri }) => {
    const configuration = { client: { id: clientId, secret: clientSecret }, auth: { tokenHost: server } }
    const client = new AuthorizationCode(configuration)
    const keptToken = ({ accessToken, refreshToken }: Tokens): AccessToken =>
      client.createToken({ access_token: accessToken, refresh_token: refreshToken })
    return {
      signIn: async () => {
        const verifier = randomBytes(32).toString('base64url')
        return {
          authorizationUrl: client.authorizeURL({
            redirect_uri: redirectUri,
            state: randomBytes(16).toString('base64url'),
            code_challenge: hash('sha256', verifier, 'base64url'),
            code_challenge_method: 'S256',
          }),
          finish: async ({ searchParams }) => {
            const code = searchParams.get('code')
            if (code === null) throw new Error(searchParams.get('error') ?? 'There is no code.')
            return tokensOf(await client.getToken({ code, redirect_uri: redirectUri, code_verifier: verifier }))
          },
        }
      },
      refresh: async (tokens) => tokensOf(await keptToken(tokens).refresh()),
      revoke: (tokens) => keptToken(tokens).revokeAll(),
      clientCredentials: async () => tokensOf(await new ClientCredentials(configuration).getToken({})),
    }
  },
}
