import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { OperatorError } from '../errors.ts'

const MASTER_KEY_BYTES = 32
const HEX_KEY = /^[0-9a-f]{64}$/

/** Where the master key comes from; `value` (from the environment) wins over the file. */
export interface MasterKeySource {
  value?: string | undefined
  file: string
  /** Only a new installation may make its key: over existing data a new key would be a lost one. */
  mayCreate: boolean
}

/**
 * Reads the 256-bit master key as 64 hex characters, or makes it for a new installation (mode 0600).
 * @throws OperatorError when it is missing, malformed, or readable by others.
 */
export function readMasterKey({ value, file, mayCreate }: MasterKeySource): Buffer {
  if (value !== undefined) return parseKey(value, 'SALLYPORT_MASTER_KEY')
  if (!existsSync(file)) {
    if (!mayCreate)
      throw new OperatorError(
        `The master key ${file} is missing. Restore it: without it nothing in the database can be used.`,
      )
    makeKeyFile(file)
  }
  if ((statSync(file).mode & 0o077) !== 0)
    throw new OperatorError(`The master key ${file} can be read by others. Run: chmod 600 ${file}`)
  return parseKey(readFileSync(file, 'utf8'), file)
}

/** Whole or not at all: a crash leaves no half a key, and of two first starts one makes it and both read it. */
function makeKeyFile(file: string): void {
  const draft = `${file}.${randomBytes(8).toString('hex')}`
  try {
    writeFileSync(draft, `${randomBytes(MASTER_KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    linkSync(draft, file)
  } catch (error) {
    if (!existsSync(file))
      throw new OperatorError(`The master key ${file} cannot be written. Check the directory.`, { cause: error })
  } finally {
    rmSync(draft, { force: true })
  }
}

function parseKey(text: string, origin: string): Buffer {
  const hex = text.trim().toLowerCase()
  if (!HEX_KEY.test(hex)) throw new OperatorError(`${origin} does not hold a master key: 64 hexadecimal characters.`)
  return Buffer.from(hex, 'hex')
}

/** The keys that one installation derives from its master key, each for one purpose. */
export interface ServerKeys {
  /** Proves that a database was made with this master key; tells nothing about it. */
  readonly check: Buffer
  /** Encrypts private keys at rest (AES-256-GCM). */
  readonly wrapping: KeyObject
  /** Keys the digests of client secrets. */
  readonly secrets: KeyObject
  /** Keys the digests of tenant file entries, which may hold passwords. */
  readonly tenantFiles: KeyObject
  /** Signs authorization requests on their way through the browser. */
  readonly interactions: KeyObject
  /** Binds forms to the browser they were shown in. */
  readonly forms: KeyObject
  /** Marks browsers in which somebody signed in before. */
  readonly devices: KeyObject
  /** Signs refresh tokens (HS256): it outlives the keys of access tokens. */
  readonly refresh: KeyObject
  /** Makes the secrets that sign what is posted to webhooks. */
  readonly webhooks: KeyObject
  auditKey(tenantId: string): KeyObject
}

/** Derives the keys of an installation (HKDF-SHA-256, RFC 5869). */
export function deriveServerKeys(masterKey: Buffer): ServerKeys {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', masterKey, '', `sallyport ${purpose}`, 32))
  const auditRoot = derive('audit')
  return {
    check: derive('check'),
    wrapping: createSecretKey(derive('wrapping')),
    secrets: createSecretKey(derive('secrets')),
    tenantFiles: createSecretKey(derive('tenant files')),
    interactions: createSecretKey(derive('interactions')),
    forms: createSecretKey(derive('forms')),
    devices: createSecretKey(derive('devices')),
    refresh: createSecretKey(derive('refresh')),
    webhooks: createSecretKey(derive('webhooks')),
    auditKey: (tenantId) => createSecretKey(createHmac('sha256', auditRoot).update(tenantId).digest()),
  }
}
