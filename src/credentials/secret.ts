import { type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { hmacSha256 } from '../keys/hmac.ts'

const SECRET_BYTES = 32

/** A new client secret: 64 lower-case hex characters of 256 random bits. Shown once, kept as a digest only. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('hex')

/** What is kept of a secret. Random secrets of 256 bits need no slow hash; the key makes a stolen database useless. */
export const digestSecret = (key: KeyObject, secret: string): Buffer =>
  // By way of a string, because memory that the hash allots for a Buffer costs more than the hash itself.
  Buffer.from(hmacSha256(key, secret, 'latin1'), 'latin1')

/** True when `digest` is one of the live digests; takes as long for any of them, right or wrong. */
export function matchesDigest(digests: readonly Buffer[], digest: Buffer): boolean {
  let isMatch = false
  for (const candidate of digests) if (timingSafeEqual(candidate, digest)) isMatch = true
  return isMatch
}
