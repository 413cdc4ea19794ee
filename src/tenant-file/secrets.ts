import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { excerpt } from '../config/printable.ts'
import type { Path } from './lines.ts'
import { mistakesError, type ParsedTenantFile } from './read.ts'
import type { IdentityEntry, OAuthClientEntry, PersonalAccessTokenEntry } from './schema.ts'
import type { Mistake } from './shape.ts'

const MAX_SECRET_FILE_BYTES = 4096
const READABLE_BY_OTHERS = 0o004

/** An entry that may say where its secret, or its password, comes from. */
export type SecretHolder = PersonalAccessTokenEntry | OAuthClientEntry | IdentityEntry

/** Text, or what is wrong as the rest of a sentence that starts with the file's name. */
export type SecretText = { readonly text: string } | { readonly problem: string }

/** Where secrets outside the tenant file are read from. */
export interface SecretReaders {
  readonly readFile: (path: string) => SecretText
  readonly readVariable: (name: string) => string | undefined
}

/**
 * The secret of every credential and the password of every identity that gives one, by the entry itself; a credential
 * without is to be given a new one.
 *
 * @throws OperatorError with every one that is missing or does not look like one, and its line.
 */
export function resolveSecrets(file: ParsedTenantFile, readers: SecretReaders): ReadonlyMap<SecretHolder, string> {
  const secrets = new Map<SecretHolder, string>()
  const mistakes: Mistake[] = []
  for (const source of sourcesIn(file)) {
    const found = findSecret(source, readers)
    if (found === undefined) continue
    if ('text' in found) secrets.set(source.holder, found.text)
    else mistakes.push({ path: [...source.path, found.key], message: found.problem })
  }
  if (mistakes.length > 0) throw mistakesError(file.fileName, file.lineOf, mistakes)
  return secrets
}

/** Readers for a tenant file on disk: its `secretFile` paths are relative to it. */
export function secretReaders(tenantFilePath: string, environment: NodeJS.ProcessEnv): SecretReaders {
  const directory = dirname(resolve(tenantFilePath))
  return {
    readFile: (path) => readSecretFile(resolve(directory, path)),
    readVariable: (name) => environment[name],
  }
}

/** Where one entry's secret or password comes from, and what it must look like. */
interface Source {
  readonly holder: SecretHolder
  readonly path: Path
  readonly kind: 'secret' | 'password'
  readonly given: string | undefined
  readonly file: string | undefined
  readonly variable: string | undefined
  readonly check: (value: string) => SecretText
}

function sourcesIn({ contents }: ParsedTenantFile): Source[] {
  const { identities = [], oauthClients = [] } = contents
  return [
    ...identities.flatMap((identity, index) => [
      passwordSource(identity, ['identities', index]),
      ...(identity.personalAccessTokens ?? []).map((token, at) =>
        secretSource(token, ['identities', index, 'personalAccessTokens', at]),
      ),
    ]),
    ...oauthClients.map((client, index) => secretSource(client, ['oauthClients', index])),
  ]
}

const secretSource = (holder: PersonalAccessTokenEntry | OAuthClientEntry, path: Path): Source => {
  const { secret: given, secretFile: file, secretEnv: variable } = holder
  return { holder, path, kind: 'secret', given, file, variable, check: checkedSecret }
}

const passwordSource = (holder: IdentityEntry, path: Path): Source => {
  const { password: given, passwordFile: file, passwordEnv: variable } = holder
  return { holder, path, kind: 'password', given, file, variable, check: checkedPassword }
}

function findSecret(
  { kind, given, file, variable, check }: Source,
  readers: SecretReaders,
): { text: string } | { key: string; problem: string } | undefined {
  if (given !== undefined) return { text: given }
  if (file !== undefined) {
    const read = readers.readFile(file)
    const outcome = 'text' in read ? check(read.text) : read
    return 'text' in outcome ? outcome : { key: `${kind}File`, problem: `${excerpt(file)} ${outcome.problem}` }
  }
  if (variable === undefined) return undefined
  const value = readers.readVariable(variable)
  const outcome = value === undefined || value === '' ? { problem: 'is not set' } : check(value)
  return 'text' in outcome ? outcome : { key: `${kind}Env`, problem: `${variable} ${outcome.problem}` }
}

function checkedSecret(value: string): SecretText {
  const text = value.trim()
  return /^[0-9a-f]{64}$/.test(text) ? { text } : { problem: 'does not hold 64 lower-case hexadecimal characters' }
}

const PASSWORD_BYTES_MAX = 1024

/** A password may hold spaces, at its ends too; the line break that editors put at the end of a file is none of it. */
function checkedPassword(value: string): SecretText {
  const text = value.replace(/\r?\n$/, '')
  if (text === '') return { problem: 'is empty' }
  const isFit = Buffer.byteLength(text) <= PASSWORD_BYTES_MAX && !/\p{Cc}/u.test(text)
  return isFit ? { text } : { problem: `does not hold one line of at most ${PASSWORD_BYTES_MAX} bytes` }
}

function readSecretFile(path: string): SecretText {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const problem = problemWithSecretFile(descriptor)
      return problem === undefined ? { text: readFileSync(descriptor, 'utf8') } : { problem }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { problem: isAbsent ? 'does not exist' : 'cannot be read; check its owner and mode' }
  }
}

function problemWithSecretFile(descriptor: number): string | undefined {
  const stats = fstatSync(descriptor)
  if (!stats.isFile()) return 'is not a file'
  if (stats.size > MAX_SECRET_FILE_BYTES) return 'is too big to hold one secret'
  if ((stats.mode & READABLE_BY_OTHERS) !== 0) return 'can be read by every user of this machine; give it mode 0600'
  return undefined
}
