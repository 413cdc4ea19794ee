import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type SecretReaders, secretReaders } from './tenant-file/secrets.ts'

/** The tenant file of the demo tenant, which comes with Sallyport. */
export const demoTenantFile = fileURLToPath(new URL('../examples/acme.yaml', import.meta.url))

/** The name of the demo tenant. */
export const demoTenantName = 'acme'

/** Where a data directory keeps the secrets of its demo tenant. */
export const demoDirectory = (data: string): string => join(data, 'demo')

/**
 * Reads the demo tenant's secrets from the data directory in use, making each at its first use (mode 0600). Without a
 * line break at the end, so that a client can send the file as it is.
 */
export function demoSecretReaders(data: string, environment: NodeJS.ProcessEnv): SecretReaders {
  const directory = demoDirectory(data)
  const readers = secretReaders(join(directory, 'acme.yaml'), environment)
  return {
    ...readers,
    readFile: (path) => {
      const file = join(directory, basename(path))
      if (!existsSync(file)) {
        mkdirSync(directory, { recursive: true, mode: 0o700 })
        writeFileSync(file, makeSecret(basename(path)), { mode: 0o600, flag: 'wx' })
      }
      return readers.readFile(basename(path))
    },
  }
}

/** Passwords are typed by people: a hundred random bits in groups, without letters that look alike. */
const makeSecret = (name: string): string =>
  name === 'password' ? (makeLetters().match(/.{5}/g) ?? []).join('-') : randomBytes(32).toString('hex')

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

const makeLetters = (): string => Array.from(randomBytes(20), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('')
