import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort, startServer } from '../harness/server-process.ts'
import { makeTemporaryDirectory } from '../harness/temporary-directory.ts'
import { ADDED_CLAIMS } from './claims.ts'
import { type Credential, LIFETIME_SECONDS, makeCredential, SCOPE } from './credential.ts'
import type { RunningVariant, Variant } from './variant.ts'

const executable = join(import.meta.dirname, '..', '..', 'bin', 'sallyport')

/** A client that this benchmark has no use for: what an application beside its owner needs. */
const idleClient = (): object => ({
  name: 'Bench client',
  id: crypto.randomUUID(),
  secret: makeCredential().clientSecret,
  description: 'Beside the personal access token',
  type: 'CONFIDENTIAL',
  grantTypes: ['CLIENT_CREDENTIALS'],
  scope: SCOPE,
})

/** A tenant of one person with a personal access token, and one client. */
function tenantFile(credential: Credential, oauthClient: object): string {
  return JSON.stringify({
    tenant: { name: ADDED_CLAIMS.org, id: ADDED_CLAIMS.tenant_id, displayName: 'Acme', default: true },
    identities: [
      {
        alias: ADDED_CLAIMS.user_name,
        id: ADDED_CLAIMS.identity_id,
        displayName: 'Ada Admin',
        email: 'ada@acme.test',
        userLevels: ADDED_CLAIMS.authorities,
        personalAccessTokens: [
          {
            name: 'bench',
            id: credential.clientId,
            secret: credential.clientSecret,
            scope: SCOPE,
            accessTokenValiditySeconds: LIFETIME_SECONDS,
          },
        ],
      },
    ],
    oauthClients: [oauthClient],
  })
}

/** The environment without settings of ours, so that every default holds. */
function defaultEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('SALLYPORT_'))
  return Object.fromEntries(entries)
}

interface ServeOptions {
  port: number
  dataDirectory: string
  file: string
}

/** The listener of operators has a fixed port that a Sallyport in use may hold: it is off, what it shows is counted. */
const serveOptions = ({ port, dataDirectory, file }: ServeOptions): string[] => [
  ...['--port', String(port), '--ops-port', 'off'],
  ...['--data', dataDirectory, '--tenant-file', file],
]

/** Starts the server with a fresh data directory and, beside the personal access token, this client. */
export async function startSallyport(
  core: number | undefined,
  oauthClient: object = idleClient(),
): Promise<RunningVariant & { dataDirectory: string }> {
  const directory = makeTemporaryDirectory()
  const dataDirectory = join(directory.path, 'data')
  const file = join(directory.path, 'acme.json')
  const credential = makeCredential()
  writeFileSync(file, tenantFile(credential, oauthClient), { mode: 0o600 })
  const port = await findFreePort()
  try {
    const server = await startServer({
      name: 'sallyport',
      port,
      core,
      command: [executable, 'serve', ...serveOptions({ port, dataDirectory, file })],
      env: defaultEnvironment(),
    })
    const stop = async () => {
      await server.stop()
      directory.remove()
    }
    return { server, credential, dataDirectory, stop }
  } catch (error) {
    directory.remove()
    throw error
  }
}

/** This product, started as its users start it: the command, its defaults, everything switched on. */
export const sallyport: Variant = {
  name: 'sallyport',
  tokenPath: '/oauth/token',
  jwksPath: '/oauth/jwks',
  start: (core) => startSallyport(core),
}
