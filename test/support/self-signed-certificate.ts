import { generateKeyPairSync, sign } from 'node:crypto'

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const TAG = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, time: 0x17 } as const
const SEQUENCE = 0x30
const SET = 0x31
const DNS_NAME = 0x82
const oids = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
}
const DAY_MS = 86_400_000

/** Makes a certificate for these names that vouches for itself: X.509 v3, ECDSA on P-256 (RFC 5280 §4.1). */
export function selfSignedCertificate(...names: readonly [string, ...string[]]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(SEQUENCE, oid('ecdsaWithSha256'))
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid('commonName'), der(TAG.utf8, Buffer.from(names[0])))))
  const body = der(
    SEQUENCE,
    der(0xa0, der(TAG.integer, Buffer.from([2]))), // version 3
    der(TAG.integer, Buffer.from([1])),
    algorithm,
    name,
    der(SEQUENCE, time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, authority(), alternativeNames(names))),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = der(SEQUENCE, body, algorithm, der(TAG.bits, Buffer.from([0]), signature))
  return { cert: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
}

/** It may sign certificates, and so its own. */
function authority(): Buffer {
  const isAuthority = der(SEQUENCE, der(TAG.boolean, Buffer.from([0xff])))
  return der(SEQUENCE, oid('basicConstraints'), der(TAG.octets, isAuthority))
}

function alternativeNames(names: readonly string[]): Buffer {
  const list = der(SEQUENCE, ...names.map((name) => der(DNS_NAME, Buffer.from(name))))
  return der(SEQUENCE, oid('subjectAltName'), der(TAG.octets, list))
}

function oid(name: keyof typeof oids): Buffer {
  return der(TAG.oid, Buffer.from(oids[name], 'hex'))
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)
  return der(TAG.time, Buffer.from(`${digits}Z`))
}

/** A value with its tag and length (X.690 §8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const { length } = value
  const prefix = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...prefix]), value])
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
