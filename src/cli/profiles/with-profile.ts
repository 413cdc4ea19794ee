import { excerpt } from '../../config/printable.ts'
import { suggestion } from '../../config/nearest-word.ts'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { printHint } from '../terminal/output.ts'
import { readProfiles } from './profile-file.ts'
import type { Profile, Profiles } from './stored-profiles.ts'

const CREDENTIALS = ['TOKEN', 'CLIENT_ID', 'CLIENT_SECRET']
const variables = ['SALLYPORT', 'SAIL'].flatMap((family) =>
  CREDENTIALS.map((name) => `${family}_${name}`).filter((name) => name !== 'SAIL_TOKEN'),
)

/** Which server and which profile a command was told by flags. */
export interface ServerOptions {
  readonly url?: string
  readonly profile?: string
}

/**
 * The world with the address and the credential of a profile in place of variables: that of `--profile`, of
 * SALLYPORT_PROFILE, or the current one. A credential in the environment wins over it, and takes no address from it: the
 * two never mix, so that a secret goes to the server that it is for and nowhere else.
 *
 * @throws CliFailure for a profile that there is not, and where an address is given that is not the profile's.
 */
export async function withProfile(io: Io, options: ServerOptions): Promise<Io> {
  const named = options.profile ?? (io.env['SALLYPORT_PROFILE'] || undefined)
  const winner = variables.find((name) => io.env[name])
  if (winner !== undefined) {
    if (options.profile !== undefined) printHint(io, `${winner} is set, and wins over the profile ${options.profile}.`)
    return io
  }
  const stored = await readProfiles(io)
  const name = named ?? stored.current
  if (name === undefined) return io
  const profile = findProfile(stored, name)
  requireItsOwnAddress(io, options, { name, profile })
  const { url, clientId, clientSecret } = profile
  return {
    ...io,
    env: { ...io.env, SALLYPORT_URL: url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret },
  }
}

/** The profile of this name. @throws CliFailure when there is none. */
export function findProfile({ profiles }: Profiles, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile) return profile
  const names = Object.keys(profiles)
  throw usageFailure(
    `There is no profile ${excerpt(name)}.`,
    names.length === 0 ? 'There is none at all yet.' : `Of those there are, ${suggestion(name, names)}`,
    'Add it: sallyport profile add NAME URL --client-id ID',
  )
}

function requireItsOwnAddress(
  { env }: Io,
  { url }: ServerOptions,
  { name, profile }: { name: string; profile: Profile },
): void {
  const given = url || env['SALLYPORT_URL'] || env['SAIL_BASE_URL']
  if (!given || URL.parse(given)?.origin === profile.url) return
  throw new CliFailure({
    exit: 'credential',
    code: 'credential.elsewhere',
    what: `The profile ${name} is for ${profile.url} alone.`,
    why: `Another address is given, ${excerpt(given)}, and a secret goes to its own server only.`,
    fix: 'Give another profile, or set SALLYPORT_CLIENT_ID and SALLYPORT_CLIENT_SECRET for that address.',
  })
}
