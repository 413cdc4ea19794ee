import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LIFETIME_SECONDS, makeCredential, SCOPE } from '../token/credential.ts'
import { startSallyport } from '../token/sallyport.ts'
import type { IssuingSettings } from './issue-codes.ts'
import { REDIRECT_URI } from './sign-in.ts'
import type { RunningSignIn, SignInVariant } from './variant.ts'

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

async function start(core: number | undefined): Promise<RunningSignIn> {
  const client = { clientId: crypto.randomUUID(), clientSecret: makeCredential().clientSecret }
  const { server, dataDirectory, stop } = await startSallyport(core, {
    name: 'Portal',
    id: client.clientId,
    secret: client.clientSecret,
    type: 'CONFIDENTIAL',
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
    redirectUris: [REDIRECT_URI],
    accessTokenValiditySeconds: LIFETIME_SECONDS,
    scope: SCOPE,
  })
  const makeCodes = (count: number): Promise<string[]> =>
    issueCodes({ dataDirectory, clientId: client.clientId, count })
  return { server, client, dataDirectory, makeCodes, stop }
}

/** The child inherits the generator's core. */
async function issueCodes(settings: IssuingSettings): Promise<string[]> {
  const script = join(import.meta.dirname, 'issue-codes.ts')
  const options = { maxBuffer: OUTPUT_BYTES_MAX }
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(settings)], options)
  return stdout.trimEnd().split('\n')
}

/** This product with every default: SQLite, and each rotation on the disk before it is answered. */
export const sallyport: SignInVariant = {
  name: 'sallyport',
  tokenPath: '/oauth/token',
  jwksPath: '/oauth/jwks',
  start,
}
