import { isLoopback } from '../../config/host-names.ts'
import { excerpt } from '../../config/printable.ts'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'

const DEFAULT_URL = 'http://localhost:8080'

/** What the command line proves itself with. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }

/** Which server to speak to, and as whom. */
export interface Connection {
  readonly origin: string
  readonly credential: Credential
  /** Would the credential cross a network unencrypted? */
  readonly isExposed: boolean
}

/**
 * The server and credential that flags and variables name: `--url`, then SALLYPORT_*, then SAIL_*, then
 * http://localhost:8080. A client id and its secret are taken from the same family of variables.
 *
 * @throws CliFailure when the address is none, or there is no credential.
 */
export function findConnection(io: Io, options: { readonly url?: string }): Connection {
  const { env } = io
  const origin = parseOrigin(addressIn(io, options))
  const { protocol, hostname } = new URL(origin)
  return {
    origin,
    credential: findCredential(env),
    isExposed: protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, '')),
  }
}

/** The address of a server as it is given: by flag, else by variable, else the usual one of this machine. */
export function addressIn({ env }: Io, { url }: { readonly url?: string }): string {
  return url || env['SALLYPORT_URL'] || env['SAIL_BASE_URL'] || DEFAULT_URL
}

/** The origin that an address names. @throws CliFailure for an address that is none, or more than that. */
export function parseOrigin(text: string): string {
  const url = URL.parse(text)
  const fix = `Give one such as --url ${DEFAULT_URL}, or set SALLYPORT_URL.`
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageFailure(
      `${excerpt(text)} is not the address of a server.`,
      'It must begin with http:// or https://.',
      fix,
    )
  }
  if (url.username !== '' || url.password !== '') {
    const why = 'Secrets in addresses end up in logs and histories.'
    throw usageFailure('The address has a user name or password in it.', why, fix)
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    const why = 'The paths of the API are added by the command itself.'
    throw usageFailure(`${excerpt(text)} is more than a server.`, why, `Give ${url.origin} alone.`)
  }
  return url.origin
}

/** What the environment holds. @throws CliFailure when that is nothing, or half of something. */
export function findCredential(env: NodeJS.ProcessEnv): Credential {
  if (env['SALLYPORT_TOKEN']) return { kind: 'token', token: env['SALLYPORT_TOKEN'].trim() }
  for (const family of ['SALLYPORT', 'SAIL']) {
    const clientId = env[`${family}_CLIENT_ID`]
    const clientSecret = env[`${family}_CLIENT_SECRET`]
    if (clientId && clientSecret) return { kind: 'client', clientId, clientSecret }
    if (clientId || clientSecret) throw halfCredential(family, clientId ? 'SECRET' : 'ID')
  }
  throw new CliFailure({
    exit: 'credential',
    code: 'credential.missing',
    what: 'You are not signed in.',
    why: 'Neither SALLYPORT_TOKEN nor SALLYPORT_CLIENT_ID and SALLYPORT_CLIENT_SECRET (or their SAIL_ kin) are set.',
    fix: 'Set both: export SALLYPORT_CLIENT_ID=... SALLYPORT_CLIENT_SECRET=... Or store them: sallyport profile add',
  })
}

function halfCredential(family: string, missing: string): CliFailure {
  return new CliFailure({
    exit: 'credential',
    code: 'credential.incomplete',
    what: 'Half of a credential is set.',
    why: `${family}_CLIENT_${missing} is missing, and an id and a secret go together.`,
    fix: `Set it: export ${family}_CLIENT_${missing}=...`,
  })
}
