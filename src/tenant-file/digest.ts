import { type BinaryLike, createHmac, type KeyObject } from 'node:crypto'

/**
 * A fingerprint of one entry of a tenant file, equal for entries that say the same in whatever order of keys. A secret
 * that lies in a file or a variable counts by its name, not its value.
 *
 * It is keyed (HMAC-SHA-256, hex), because an entry may hold a password: a plain hash in the database would let anyone
 * who reads it try passwords without paying for argon2id.
 */
export function entryDigest(entry: unknown, key: BinaryLike | KeyObject): string {
  return createHmac('sha256', key).update('tenant-file entry\n').update(canonicalJson(entry)).digest('hex')
}

function canonicalJson(entry: unknown): string {
  return JSON.stringify(entry, (_, value: unknown) => (isMapping(value) ? sortedByKey(value) : value))
}

function sortedByKey(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
