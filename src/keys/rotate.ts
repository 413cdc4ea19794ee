import type { KeyObject } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { type KeyPurpose, makeSigningKey } from './signing-key.ts'
import { findNewestGeneration, insertSigningKey, retireSigningKeys } from './store.ts'

/** Twice as long as anybody may cache our JWKS: whoever verifies knows the key before it signs. */
export const PUBLISHED_BEFORE_MS = 600_000
/** A key verifies for as long as a token that it signed may live (12 h), and an hour more. */
const VERIFIES_AFTER_MS = 13 * 3_600_000
/** How long a key signs before the next takes its place. */
export const SIGNS_FOR_MS = 90 * 86_400_000

export interface Rotation {
  purpose: KeyPurpose
  wrapping: KeyObject
  /** A key may have leaked: the new one signs at once, the old ones verify no more, and all tokens are dead. */
  isEmergency: boolean
}

/**
 * Makes the next signing key of a tenant, and answers its generation. In the ordinary case it is published before it
 * signs, and the key before it verifies until what it signed has run out. Of two that rotate at once, one does.
 */
export async function rotateSigningKey(
  ctx: RequestContext,
  { purpose, wrapping, isEmergency }: Rotation,
): Promise<number | undefined> {
  return writeTransaction(ctx.db, async (tx) => {
    const newest = await findNewestGeneration(tx, ctx.tenantId, purpose)
    const activatesAtMs = isEmergency || newest === 0 ? ctx.nowMs : ctx.nowMs + PUBLISHED_BEFORE_MS
    const row = makeSigningKey(ctx, { purpose, generation: newest + 1, activatesAtMs, wrapping })
    if (!(await insertSigningKey(tx, row))) return undefined
    // A clock that is set back, or runs late on another node, must not bring a leaked key back.
    const retiresAtMs = isEmergency ? 0 : activatesAtMs + VERIFIES_AFTER_MS
    await retireSigningKeys(tx, ctx.tenantId, { purpose, upTo: newest, retiresAtMs })
    const action = isEmergency ? 'signing_key.replaced_in_emergency' : 'signing_key.rotated'
    await recordAudit(tx, ctx, { action, targetKind: 'signing_key', targetId: row.kid, details: { purpose } })
    await appendChange(tx, ctx, { kind: 'key', subject: purpose })
    if (isEmergency && purpose === 'access')
      await appendChange(tx, ctx, { kind: 'tenant', subject: ctx.tenantId, isCutOff: true })
    return row.generation
  })
}
