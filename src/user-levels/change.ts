import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { isUniqueViolation } from '../database/conflicts.ts'
import type { Tx } from '../database/schema.ts'
import type { RequestContext } from '../request-context.ts'
import { requireKnownRightSets } from './check.ts'
import { foldName, nameTaken, type UserLevelInput } from './create.ts'
import { userLevelNotFound } from './find.ts'
import { deleteUserLevelRow, updateUserLevelRow } from './store.ts'

/**
 * Replaces what is said of a custom level, within the caller's transaction. Whoever holds it has the new rights with
 * the next request: levels are read live.
 * @throws DomainError `not_found`, `invalid` for an unknown right set, `conflict` for a name that is taken.
 */
export async function replaceUserLevel(
  tx: Tx,
  ctx: RequestContext,
  { id, ...input }: UserLevelInput & { id: string },
): Promise<void> {
  requireKnownRightSets(input.rightSets)
  const { name, description, ownerId, rightSets } = input
  const values = {
    name,
    folded_name: foldName(name),
    description,
    owner_id: ownerId,
    right_sets: JSON.stringify(rightSets),
    modified_at: ctx.nowMs,
  }
  await changeRow(name, () => updateUserLevelRow(tx, ctx.tenantId, id, values), id)
  await record(tx, ctx, { id, action: 'user_level.updated', details: { name, rightSets } })
}

async function changeRow(name: string, update: () => Promise<boolean>, id: string): Promise<void> {
  try {
    if (!(await update())) throw userLevelNotFound(id)
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken(name, error) : error
  }
}

/** Makes a draft assignable, within the caller's transaction; a level that is stays so. @throws DomainError `not_found`. */
export async function publishUserLevel(tx: Tx, ctx: RequestContext, id: string): Promise<void> {
  const values = { status: 'ACTIVE' as const, modified_at: ctx.nowMs }
  if (!(await updateUserLevelRow(tx, ctx.tenantId, id, values))) throw userLevelNotFound(id)
  await record(tx, ctx, { id, action: 'user_level.published' })
}

/**
 * Deletes a custom level within the caller's transaction; take it from those who hold it first.
 * @throws DomainError `not_found`.
 */
export async function deleteUserLevel(tx: Tx, ctx: RequestContext, id: string): Promise<void> {
  if (!(await deleteUserLevelRow(tx, ctx.tenantId, id))) throw userLevelNotFound(id)
  await record(tx, ctx, { id, action: 'user_level.deleted' })
}

async function record(
  tx: Tx,
  ctx: RequestContext,
  { id, action, details = {} }: { id: string; action: string; details?: Record<string, unknown> },
): Promise<void> {
  await recordAudit(tx, ctx, { action, targetKind: 'user_level', targetId: id, details })
  await appendChange(tx, ctx, { kind: 'user_level', subject: id })
}
