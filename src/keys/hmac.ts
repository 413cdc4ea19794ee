import { hash, type KeyObject } from 'node:crypto'

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/** What HMAC hashes before the text and before the inner digest; the latter with room for that digest. */
interface Pads {
  readonly inner: Buffer
  readonly outer: Buffer
}

/**
 * HMAC-SHA-256 (RFC 2104) of a text under a key of up to 64 bytes. Node's own `createHmac` makes an object of OpenSSL's
 * each time, which costs more than the two hashes that the construction is.
 */
export function hmacSha256(key: KeyObject, text: string, encoding: 'latin1' | 'base64url'): string {
  const { inner, outer } = padsOf(key)
  outer.write(hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'latin1'), BLOCK_BYTES, 'latin1')
  return hash('sha256', outer, encoding)
}

/** Made once for each key, which never changes. */
const known = new WeakMap<KeyObject, Pads>()

function padsOf(key: KeyObject): Pads {
  let pads = known.get(key)
  if (!pads) known.set(key, (pads = makePads(key.export())))
  return pads
}

function makePads(key: Buffer): Pads {
  if (key.length > BLOCK_BYTES) throw new Error('the key is longer than a block')
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36)
  const outer = Buffer.concat([Buffer.alloc(BLOCK_BYTES, 0x5c), Buffer.alloc(DIGEST_BYTES)])
  for (const [at, byte] of key.entries()) {
    inner[at] = 0x36 ^ byte
    outer[at] = 0x5c ^ byte
  }
  return { inner, outer }
}
