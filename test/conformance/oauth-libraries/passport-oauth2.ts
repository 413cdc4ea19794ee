import { createRequire } from 'node:module'
import type { OauthLibrary, Tokens } from './oauth-library.ts'

interface Options {
  authorizationURL: string
  tokenURL: string
  clientID: string
  clientSecret: string | undefined
  callbackURL: string
  state: true
  pkce: true
}
interface WebRequest {
  query: Record<string, string>
  session: object
}
/** What passport gives a strategy for each request: one of them is called. */
interface Outcomes {
  redirect: (url: string) => void
  success: (user: Tokens) => void
  fail: (challenge: { message: string }) => void
  error: (error: Error) => void
}
type Verify = (accessToken: string, refreshToken: string, profile: object, done: Done) => void
type Done = (error: Error | null, user: Tokens) => void
type Callback = (error: object | null, accessToken: string, refreshToken: string) => void
/** What is used here of the library, which has no types. */
interface Strategy extends Partial<Outcomes> {
  authenticate: (request: WebRequest) => void
  _oauth2: { getOAuthAccessToken: (token: string, parameters: object, callback: Callback) => void }
}

const Strategy = createRequire(import.meta.url)('passport-oauth2') as new (options: Options, verify: Verify) => Strategy

/** Lets a strategy handle a request, as the middleware of passport does. */
function handle(strategy: Strategy, request: WebRequest): Promise<string | Tokens> {
  return new Promise((resolve, reject) => {
    const outcomes: Outcomes = {
      redirect: resolve,
      success: resolve,
      fail: ({ message }) => reject(new Error(message)),
      error: reject,
    }
    Object.assign(Object.create(strategy) as Strategy, outcomes).authenticate(request)
  })
}

/** It has no client credentials and no revocation; tokens are refreshed as the package passport-oauth2-refresh does. */
export const passportOauth2: OauthLibrary = {
  name: 'passport-oauth2',
  compares: ['state'],
  open: async ({ server, clientId, clientSecret, redirectUri }) => {
    const options: Options = {
      authorizationURL: `${server}/oauth/authorize`,
      tokenURL: `${server}/oauth/token`,
      clientID: clientId,
      clientSecret,
      callbackURL: redirectUri,
      state: true,
      pkce: true,
    }
    const strategy = new Strategy(options, (accessToken, refreshToken, _profile, done) =>
      done(null, { accessToken, refreshToken }),
    )
    return {
      signIn: async () => {
        const session = {}
        const url = await handle(strategy, { query: {}, session })
        if (typeof url !== 'string') throw new Error('signed in before anybody was asked')
        return {
          authorizationUrl: url,
          finish: async ({ searchParams }) => {
            const user = await handle(strategy, { query: Object.fromEntries(searchParams), session })
            if (typeof user === 'string') throw new Error('sent away once more')
            return user
          },
        }
      },
      refresh: ({ refreshToken = '' }) =>
        new Promise((resolve, reject) =>
          strategy._oauth2.getOAuthAccessToken(refreshToken, { grant_type: 'refresh_token' }, (error, access, next) =>
            error ? reject(new Error(JSON.stringify(error))) : resolve({ accessToken: access, refreshToken: next }),
          ),
        ),
    }
  },
}
