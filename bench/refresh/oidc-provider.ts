import { join } from 'node:path'
import { findFreePort, startServer } from '../harness/server-process.ts'
import { ADDED_CLAIMS } from '../token/claims.ts'
import { LIFETIME_SECONDS, makeCredential, SCOPE } from '../token/credential.ts'
import { CODE_VERIFIER, REDIRECT_URI } from './sign-in.ts'
import type { RunningSignIn, SignInVariant } from './variant.ts'

async function start(core: number | undefined): Promise<RunningSignIn> {
  const client = makeCredential()
  const port = await findFreePort()
  const settings = {
    ...client,
    port,
    scope: SCOPE,
    lifetimeSeconds: LIFETIME_SECONDS,
    claims: ADDED_CLAIMS,
    redirectUri: REDIRECT_URI,
    codeVerifier: CODE_VERIFIER,
  }
  const server = await startServer({
    name: oidcProvider.name,
    port,
    core,
    command: [process.execPath, join(import.meta.dirname, '..', 'peers', 'oidc-provider-sign-in.js')],
    env: { ...process.env, NODE_ENV: 'production', PEER_SETTINGS: JSON.stringify(settings) },
  })
  const makeCodes = async (count: number): Promise<string[]> => {
    const response = await fetch(`${server.origin}/codes/${count}`)
    return (await response.json()) as string[] // our own peer wrote it
  }
  return { server, client, makeCodes, stop: server.stop }
}

/** oidc-provider with a Map for a store: its own models make the codes inside its process. */
export const oidcProvider: SignInVariant = { name: 'oidc-provider', tokenPath: '/token', jwksPath: '/jwks', start }
