import { randomUUID } from 'node:crypto'

/** Where a token's issuer stood when it issued: the tenant's epoch (0..255) and its position in the change log (40 bits). */
export interface IssuedAt {
  epoch: number
  position: number
}

/**
 * Makes a token id: a UUIDv8 (RFC 9562 §5.8) whose first 48 bits tell where its issuer stood and whose other 74 are
 * random. A cut-off kills what was issued below its position, whatever the clocks say.
 */
export function makeJti({ epoch, position }: IssuedAt): string {
  const head = (epoch * 2 ** 40 + position).toString(16).padStart(12, '0')
  // Node keeps entropy in stock for UUIDs, which makes the random bits of one the cheapest.
  const random = randomUUID().slice(VERSION_AT + 1)
  return [head.slice(0, 8), head.slice(8), `8${random}`].join('-')
}

const VERSION_AT = 'xxxxxxxx-xxxx-'.length

const UUID_V8 = /^([0-9a-f]{8})-([0-9a-f]{4})-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Reads where the issuer of a token stood; undefined for an id that we did not make. */
export function issuedAtOf(jti: string): IssuedAt | undefined {
  const parts = UUID_V8.exec(jti)
  if (!parts) return undefined
  const head = Number.parseInt(`${parts[1]}${parts[2]}`, 16)
  return { epoch: Math.floor(head / 2 ** 40), position: head % 2 ** 40 }
}
