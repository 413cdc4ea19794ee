import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { excerpt } from '../config/printable.ts'
import type { Path } from './lines.ts'
import { mistakesError, type ParsedTenantFile } from './read.ts'
import type { OAuthClientEntry, PersonalAccessTokenEntry } from './schema.ts'
import type { Mistake } from './shape.ts'

const MAX_SECRET_FILE_BYTES = 4096
const READABLE_BY_OTHERS = 0o004

/** An entry that may say where its secret comes from. */
export type SecretHolder = PersonalAccessTokenEntry | OAuthClientEntry

/** Text, or what is wrong as the rest of a sentence that starts with the file's name. */
export type SecretText = { readonly text: string } | { readonly problem: string }

/** Where secrets outside the tenant file are read from. */
export interface SecretReaders {
  readonly readFile: (path: string) => SecretText
  readonly readVariable: (name: string) => string | undefined
}

/**
 * The secret of every entry that gives one, by the entry itself; an entry without is to be given a new one.
 *
 * @throws OperatorError with every secret that is missing or is not 64 hexadecimal characters, and its line.
 */
export function resolveSecrets(file: ParsedTenantFile, readers: SecretReaders): ReadonlyMap<SecretHolder, string> {
  const secrets = new Map<SecretHolder, string>()
  const mistakes: Mistake[] = []
  for (const { holder, path } of secretHolders(file)) {
    const found = findSecret(holder, readers)
    if (found === undefined) continue
    if ('text' in found) secrets.set(holder, found.text)
    else mistakes.push({ path: [...path, found.key], message: found.problem })
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

function secretHolders({ contents }: ParsedTenantFile): { holder: SecretHolder; path: Path }[] {
  const tokens = (contents.identities ?? []).flatMap(({ personalAccessTokens = [] }, owner) =>
    personalAccessTokens.map((holder, index) => ({
      holder,
      path: ['identities', owner, 'personalAccessTokens', index],
    })),
  )
  const clients = (contents.oauthClients ?? []).map((holder, index) => ({ holder, path: ['oauthClients', index] }))
  return [...tokens, ...clients]
}

function findSecret(
  { secret, secretFile, secretEnv }: SecretHolder,
  readers: SecretReaders,
): { text: string } | { key: string; problem: string } | undefined {
  if (secret !== undefined) return { text: secret }
  if (secretFile !== undefined) {
    const read = readers.readFile(secretFile)
    const outcome = 'text' in read ? checkedSecret(read.text) : read
    return 'text' in outcome ? outcome : { key: 'secretFile', problem: `${excerpt(secretFile)} ${outcome.problem}` }
  }
  if (secretEnv === undefined) return undefined
  const value = readers.readVariable(secretEnv)
  const outcome = value === undefined || value === '' ? { problem: 'is not set' } : checkedSecret(value)
  return 'text' in outcome ? outcome : { key: 'secretEnv', problem: `${secretEnv} ${outcome.problem}` }
}

function checkedSecret(value: string): SecretText {
  const text = value.trim()
  return /^[0-9a-f]{64}$/.test(text) ? { text } : { problem: 'does not hold 64 lower-case hexadecimal characters' }
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
