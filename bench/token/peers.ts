import { join } from 'node:path'
import { findFreePort, startServer } from '../harness/server-process.ts'
import { ADDED_CLAIMS } from './claims.ts'
import { LIFETIME_SECONDS, makeCredential, SCOPE } from './credential.ts'
import type { RunningVariant, Variant } from './variant.ts'

async function startPeer(name: string, core: number | undefined): Promise<RunningVariant> {
  const credential = makeCredential()
  const port = await findFreePort()
  const settings = { port, ...credential, scope: SCOPE, lifetimeSeconds: LIFETIME_SECONDS, claims: ADDED_CLAIMS }
  const server = await startServer({
    name,
    port,
    core,
    command: [process.execPath, join(import.meta.dirname, '..', 'peers', `${name}.js`)],
    env: { ...process.env, NODE_ENV: 'production', PEER_SETTINGS: JSON.stringify(settings) },
  })
  return { server, credential, stop: server.stop }
}

export const oidcProvider: Variant = {
  name: 'oidc-provider',
  tokenPath: '/token',
  jwksPath: '/jwks',
  start: (core) => startPeer('oidc-provider', core),
}

/** `node:http` and one signature, with nothing asked and nothing checked: what no server on Node can undercut. */
export const signatureAlone: Variant = {
  name: 'signature alone',
  tokenPath: '/oauth/token',
  jwksPath: '/oauth/jwks',
  start: (core) => startPeer('signature-alone', core),
}

/** @node-oauth/oauth2-server in express, with jose to sign. */
export const oauth2Server: Variant = {
  name: 'oauth2-server',
  tokenPath: '/oauth/token',
  jwksPath: '/oauth/jwks',
  start: (core) => startPeer('oauth2-server', core),
}
