import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { requireKnownRightSets } from './check.ts'
import { findTaken, insertUserLevelRow } from './store.ts'
import { USER_LEVELS_PER_TENANT } from './user-level.ts'

/** What is said of a custom level. */
export interface UserLevelInput {
  name: string
  description: string
  ownerId: string
  rightSets: readonly string[]
}

/**
 * Creates a custom level as a draft within the caller's transaction, and answers its id. The limit is held by a unique
 * slot.
 * @throws DomainError `invalid` for a right set that does not exist, `conflict` for a name that is taken,
 * `limit_exceeded` when the tenant has a hundred.
 */
export async function createUserLevel(tx: Tx, ctx: RequestContext, input: UserLevelInput): Promise<string> {
  requireKnownRightSets(input.rightSets)
  const id = randomUUID()
  await takeSlot(tx, ctx, { id, ...input })
  const { name, rightSets } = input
  await recordAudit(tx, ctx, {
    action: 'user_level.created',
    targetKind: 'user_level',
    targetId: id,
    details: { name, rightSets },
  })
  await appendChange(tx, ctx, { kind: 'user_level', subject: id })
  return id
}

/** Another creation may take a slot between the look and the insert; then the next free one is tried. */
async function takeSlot(tx: Tx, ctx: RequestContext, { id, ...input }: UserLevelInput & { id: string }): Promise<void> {
  const foldedName = foldName(input.name)
  const row = {
    tenant_id: ctx.tenantId,
    id,
    name: input.name,
    folded_name: foldedName,
    description: input.description,
    owner_id: input.ownerId,
    right_sets: JSON.stringify(input.rightSets),
    status: 'DRAFT' as const,
    created_at: ctx.nowMs,
    modified_at: ctx.nowMs,
  }
  for (;;) {
    const { slots, isNameTaken } = await findTaken(tx, ctx.tenantId, foldedName)
    if (isNameTaken) throw nameTaken(input.name)
    let slot = 1
    while (slots.has(slot)) slot += 1
    if (slot > USER_LEVELS_PER_TENANT)
      throw new DomainError(
        'limit_exceeded',
        `A tenant has at most ${USER_LEVELS_PER_TENANT} custom user levels. Delete one first.`,
      )
    if (await insertUserLevelRow(tx, { ...row, slot })) return
  }
}

/** Names that differ by case alone are the same name. */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase()

export const nameTaken = (name: string, cause?: unknown): DomainError =>
  new DomainError('conflict', `There is a custom user level named ${name} already. Choose another name.`, { cause })
