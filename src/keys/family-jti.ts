import { hash } from 'node:crypto'
import type { IssuedAt } from './jti.ts'

/** A generation of a family of tokens. */
export interface Generation {
  familyId: string
  generation: number
}

/** Characters of a family's id that each of its tokens carries in its own: what a family is cut off by. */
const TAG_CHARACTERS = 12

/** What a family of tokens is known by at the gateway. */
export const familyTag = (familyId: string): string => familyId.slice(0, TAG_CHARACTERS)

/** The family that a token id names. A token without a family carries random bits there, which no family has. */
export const familyTagOf = (jti: string): string => jti.slice(-TAG_CHARACTERS)

/**
 * The id of a token of a family: derived from family and generation, so that a rotation repeated in time gives the same
 * tokens again, and shaped as every token id, a UUIDv8 whose first 48 bits tell where its issuer stood. It does not give
 * away the family's id, of which 80 random bits are in it as part of a digest only.
 */
export function familyJti(
  use: 'access' | 'refresh',
  { familyId, generation, epoch, position }: Generation & IssuedAt,
): string {
  const head = (epoch * 2 ** 40 + position).toString(16).padStart(12, '0')
  const derived = hash('sha256', `jti ${use} ${familyId} ${generation}`)
  const variant = '89ab'[Number.parseInt(derived.charAt(3), 16) & 3] ?? '8'
  // A joined string is flat, and JSON is written from flat strings in half the time.
  return [
    head.slice(0, 8),
    head.slice(8),
    `8${derived.slice(0, 3)}`,
    `${variant}${derived.slice(4, 7)}`,
    familyTag(familyId),
  ].join('-')
}
