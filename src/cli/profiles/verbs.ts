import { excerpt } from '../../config/printable.ts'
import { openClient } from '../connection/client.ts'
import { parseOrigin } from '../connection/connection.ts'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { type OutputOptions, outputFormat, printHint, printJson, printRows } from '../terminal/output.ts'
import { requireYes } from '../terminal/confirm.ts'
import { changeProfiles, readProfiles } from './profile-file.ts'
import { readSecret } from './read-secret.ts'
import type { Profile } from './stored-profiles.ts'
import { findProfile } from './with-profile.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** What a profile is made of, besides its secret. */
export interface NewProfile {
  readonly clientId: string
  readonly replace?: boolean
  /** False: store it without having signed in. */
  readonly check?: boolean
}

/** Stores an address with a credential for it, once signing in has worked. The first one is used from then on. */
export async function add(
  io: Io,
  { name, url }: { name: string; url: string },
  { clientId, replace = false, check = true }: NewProfile,
): Promise<void> {
  requireName(name)
  const origin = parseOrigin(url)
  if (!replace) requireNew(await readProfiles(io), name)
  const profile = { url: origin, clientId, clientSecret: await readSecret(io) }
  if (check) await signIn(io, profile)
  let isCurrent = false
  const path = await changeProfiles(io, ({ current, profiles }) => {
    if (!replace) requireNew({ profiles }, name)
    isCurrent = (current ?? name) === name
    return { current: current ?? name, profiles: { ...profiles, [name]: profile } }
  })
  printHint(io, `The profile ${name} is stored in ${path}, which only you can read.`)
  printHint(
    io,
    isCurrent ? 'It is used where none is named.' : `Use it with --profile ${name}, or: sallyport profile use ${name}`,
  )
}

function requireName(name: string): void {
  if (NAME.test(name)) return
  const why = 'A name has letters, digits, dots, dashes and underscores, 64 at most.'
  throw usageFailure(`${excerpt(name)} is no name for a profile.`, why, 'Give one such as prod.')
}

function requireNew({ profiles }: { profiles: Readonly<Record<string, Profile>> }, name: string): void {
  if (!Object.hasOwn(profiles, name)) return
  throw new CliFailure({
    exit: 'conflict',
    code: 'profile.exists',
    what: `There is a profile ${name} already.`,
    why: 'Its secret would be lost.',
    fix: 'Give another name, or --replace if you mean it.',
  })
}

/** Gets a token with nothing but the profile. @throws CliFailure when that fails. */
async function signIn(io: Io, { url, clientId, clientSecret }: Profile): Promise<void> {
  const env = { SALLYPORT_URL: url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
  await openClient({ ...io, env }, {})
}

/** Lists the profiles, without their secrets. */
export async function list(io: Io, options: OutputOptions): Promise<void> {
  const format = outputFormat(options, io)
  const { current, profiles } = await readProfiles(io)
  const told = Object.entries(profiles)
    .map(([name, { url, clientId }]) => ({ name, current: name === current, url, clientId }))
    .toSorted((one, other) => one.name.localeCompare(other.name))
  if (format === 'json') return printJson(io, told)
  if (told.length === 0) return printHint(io, 'There is no profile yet: sallyport profile add NAME URL --client-id ID')
  const rows = told.map(({ name, current, url, clientId }) => [name, current ? 'current' : '', url, clientId])
  return printRows(io, rows, format)
}

/** Makes a profile the one that is used where none is named. */
export async function use(io: Io, name: string): Promise<void> {
  await changeProfiles(io, (stored) => {
    findProfile(stored, name)
    return { ...stored, current: name }
  })
  printHint(io, `The profile ${name} is used where none is named.`)
}

/** Forgets a profile. */
export async function remove(io: Io, name: string, options: { yes?: boolean }): Promise<void> {
  requireYes(options, `The secret of the profile ${name} cannot be shown again.`)
  await changeProfiles(io, ({ current, profiles }) => {
    findProfile({ profiles }, name)
    const { [name]: _removed, ...others } = profiles
    return { ...(current !== undefined && current !== name && { current }), profiles: others }
  })
  printHint(io, `The profile ${name} is removed. Its credential lives on: sallyport pat delete ID ends that.`)
}
