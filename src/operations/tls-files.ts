import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { OperatorError } from '../errors.ts'

/** Where the certificate chain and its key lie, both PEM. */
export interface TlsFiles {
  tlsCert?: string | undefined
  tlsKey?: string | undefined
}

/**
 * Reads the certificate and the key that belong together; undefined where none are named.
 * @throws OperatorError that says which file is wrong, and how.
 */
export function readTlsFiles({ tlsCert, tlsKey }: TlsFiles): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  const problems: string[] = []
  const cert = read(tlsCert, '--tls-cert', problems)
  const key = read(tlsKey, '--tls-key', problems)
  const certificate = cert && parse(() => new X509Certificate(cert))
  const privateKey = key && parse(() => createPrivateKey(key))
  if (cert && !certificate) problems.push(`--tls-cert: ${tlsCert} holds no certificate in PEM`)
  if (key && !privateKey) problems.push(`--tls-key: ${tlsKey} holds no private key in PEM, or one with a passphrase`)
  if (certificate && privateKey && !certificate.checkPrivateKey(privateKey))
    problems.push(`--tls-key: ${tlsKey} is not the key of the certificate ${tlsCert}`)
  if (!cert || !key || problems.length > 0) throw new OperatorError(problems)
  return { cert, key }
}

function read(file: string, flag: string, problems: string[]): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    problems.push(`${flag}: ${file} ${isAbsent ? 'does not exist' : 'cannot be read; check its owner and mode'}`)
    return undefined
  }
}

function parse<Parsed extends X509Certificate | KeyObject>(run: () => Parsed): Parsed | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
