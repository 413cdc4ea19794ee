import { randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import { isUniqueViolation } from '../database/conflicts.ts'
import type { IdentityRow, Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { endHandedOverSecrets, endOutgrownSecrets } from './handed-over.ts'
import {
  findIdentityRow,
  findUserLevels,
  insertIdentityRow,
  replaceUserLevels,
  takeUserNumber,
  updateIdentityRow,
} from './store.ts'

/** What is said of an identity; what is left out takes the defaults. */
export interface NewIdentity {
  id?: string | undefined
  alias: string
  displayName?: string | undefined
  email?: string | null | undefined
  kind?: 'HUMAN' | 'MACHINE' | undefined
  isEnabled?: boolean | undefined
  /** An argon2id PHC string; an identity without one cannot sign in by password. */
  passwordHash?: string | null | undefined
  userLevels?: readonly string[] | undefined
}

/**
 * Creates an identity within the caller's transaction and answers its id (32 hex).
 * @throws DomainError `conflict` when the id or the alias is taken.
 */
export async function createIdentity(tx: Tx, ctx: RequestContext, input: NewIdentity): Promise<string> {
  const id = input.id ?? randomBytes(16).toString('hex')
  const inserted = await insertIdentityRow(tx, {
    tenant_id: ctx.tenantId,
    id,
    user_number: await takeUserNumber(tx, ctx.tenantId),
    alias: input.alias,
    display_name: input.displayName ?? input.alias,
    email: input.email ?? null,
    kind: input.kind ?? 'HUMAN',
    enabled: (input.isEnabled ?? true) ? 1 : 0,
    password_hash: input.passwordHash ?? null,
    created_at: ctx.nowMs,
    modified_at: ctx.nowMs,
  })
  if (!inserted) throw new DomainError('conflict', `The id or alias of ${input.alias} is taken by another identity.`)
  await replaceUserLevels(tx, ctx.tenantId, id, input.userLevels ?? [])
  const details = { alias: input.alias, userLevels: input.userLevels ?? [] }
  await recordAudit(tx, ctx, { action: 'identity.created', targetKind: 'identity', targetId: id, details })
  await appendChange(tx, ctx, { kind: 'identity', subject: id })
  return id
}

/** What may be changed of an identity. */
export type IdentityChanges = Partial<Omit<NewIdentity, 'id'>>

/**
 * Changes an identity within the caller's transaction. Live tokens follow: disabling it, a new password and a lost
 * level cut off every token it holds. Answers the change's position in the change log.
 * @throws DomainError `not_found`, or `conflict` when another identity has the alias.
 */
export async function updateIdentity(
  tx: Tx,
  ctx: RequestContext,
  { id, changes }: { id: string; changes: IdentityChanges },
): Promise<number> {
  const before = await lockIdentity(tx, ctx, id)
  await changeColumns(tx, ctx, { id, changes })
  if (changes.userLevels) await replaceUserLevels(tx, ctx.tenantId, id, changes.userLevels)
  const fields = Object.entries(changes).flatMap(([field, value]) => (value === undefined ? [] : [field]))
  const details = { fields, ...(changes.userLevels && { userLevels: changes.userLevels }) }
  await recordAudit(tx, ctx, { action: 'identity.updated', targetKind: 'identity', targetId: id, details })
  if (changes.isEnabled === false) await endHandedOverSecrets(tx, ctx, id)
  if (changes.userLevels) await endOutgrownSecrets(tx, ctx, id)
  return appendChange(tx, ctx, { kind: 'identity', subject: id, isCutOff: endsTokens(before, changes) })
}

interface Before {
  row: IdentityRow
  userLevels: readonly string[]
}

/** Reads an identity as it stays until the transaction ends: whoever else would change it waits. */
async function lockIdentity(tx: Tx, ctx: RequestContext, id: string): Promise<Before> {
  await updateIdentityRow(tx, ctx.tenantId, id, { modified_at: ctx.nowMs })
  const row = await findIdentityRow(tx, ctx.tenantId, id)
  if (!row) throw new DomainError('not_found', `There is no identity ${id}.`)
  return { row, userLevels: await findUserLevels(tx, ctx.tenantId, id) }
}

/** Whether a change must end the tokens issued before. Disabling always does: a second one finds nothing left to end. */
function endsTokens({ row, userLevels }: Before, changes: IdentityChanges): boolean {
  const losesLevel = changes.userLevels !== undefined && !userLevels.every((one) => changes.userLevels?.includes(one))
  const isPasswordNew = changes.passwordHash !== undefined && changes.passwordHash !== row.password_hash
  return losesLevel || isPasswordNew || changes.isEnabled === false
}

function changedColumns(changes: IdentityChanges): Partial<Omit<IdentityRow, 'tenant_id' | 'id'>> {
  return {
    ...(changes.alias !== undefined && { alias: changes.alias }),
    ...(changes.displayName !== undefined && { display_name: changes.displayName }),
    ...(changes.email !== undefined && { email: changes.email }),
    ...(changes.kind !== undefined && { kind: changes.kind }),
    ...(changes.isEnabled !== undefined && { enabled: changes.isEnabled ? 1 : 0 }),
    ...(changes.passwordHash !== undefined && { password_hash: changes.passwordHash }),
  }
}

async function changeColumns(
  tx: Tx,
  { tenantId, nowMs }: RequestContext,
  { id, changes }: { id: string; changes: IdentityChanges },
): Promise<void> {
  try {
    await updateIdentityRow(tx, tenantId, id, { modified_at: nowMs, ...changedColumns(changes) })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new DomainError('conflict', `The alias ${changes.alias} is taken by another identity.`, { cause: error })
  }
}
