import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort, startServer, type ServerProcess } from '../harness/server-process.ts'
import { makeTemporaryDirectory } from '../harness/temporary-directory.ts'
import { makeCredential } from '../token/credential.ts'
import type { BenchApi } from './documents.ts'
import { TOKENS } from './sizes.ts'

/** A running Sallyport with an API behind it, and tokens that may call it. */
export interface RunningGateway {
  server: ServerProcess
  tokens: string[]
  stop: () => Promise<void>
}

const executable = join(import.meta.dirname, '..', '..', 'bin', 'sallyport')

/** Starts the product with a tenant that has this API: every default, the rate limit alone raised. */
export async function startGateway(core: number | undefined, api: BenchApi, upstream: string): Promise<RunningGateway> {
  const directory = makeTemporaryDirectory()
  const { clientId, clientSecret } = makeCredential()
  for (const { entry, document } of api.catalogs)
    if (document) writeFileSync(join(directory.path, entry.file), JSON.stringify(document))
  const file = join(directory.path, 'acme.json')
  const pat = { name: 'bench', id: clientId, secret: clientSecret, scope: ['sp:scopes:all'] }
  const ada = { alias: 'ada', displayName: 'Ada', email: 'ada@acme.test', userLevels: ['ORG_ADMIN'] }
  const settings = { rateLimit: { requests: 100_000, windowSeconds: 1 } }
  const contents = {
    tenant: { name: 'acme', displayName: 'Acme', default: true, settings },
    identities: [{ ...ada, personalAccessTokens: [pat] }],
    catalogs: api.catalogs.map(({ entry }) => ({ ...entry, upstream })),
  }
  writeFileSync(file, JSON.stringify(contents), { mode: 0o600 })
  const port = await findFreePort()
  try {
    const where = ['--data', join(directory.path, 'data'), '--tenant-file', file]
    const command = [executable, 'serve', '--port', String(port), '--ops-port', 'off', ...where]
    const server = await startServer({ name: 'sallyport', port, core, command, env: environment() })
    const stop = async () => {
      await server.stop()
      directory.remove()
    }
    return { server, tokens: await mintTokens(server.origin, { clientId, clientSecret }), stop }
  } catch (error) {
    directory.remove()
    throw error
  }
}

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SALLYPORT_')))

async function mintTokens(origin: string, proof: { clientId: string; clientSecret: string }): Promise<string[]> {
  const form = { grant_type: 'client_credentials', client_id: proof.clientId, client_secret: proof.clientSecret }
  const tokens: string[] = []
  while (tokens.length < TOKENS) {
    const answer = await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
    const { access_token: token } = (await answer.json()) as { access_token?: string } // checked below
    if (answer.status !== 200 || !token) throw new Error(`Sallyport answered ${answer.status} instead of a token.`)
    tokens.push(token)
  }
  return tokens
}
