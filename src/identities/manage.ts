import { randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import {
  findIdentityRow,
  findUserLevels,
  insertIdentityRow,
  replaceUserLevels,
  takeUserNumber,
  updateIdentityRow,
} from './store.ts'

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

export type IdentityChanges = Omit<NewIdentity, 'id'>

/**
 * Changes an identity within the caller's transaction. Live tokens follow: disabling it, a new password and a lost
 * level cut off every token it holds.
 * @throws DomainError `not_found`.
 */
export async function updateIdentity(
  tx: Tx,
  ctx: RequestContext,
  { id, changes }: { id: string; changes: Partial<IdentityChanges> },
): Promise<void> {
  const before = await findIdentityRow(tx, ctx.tenantId, id)
  if (!before) throw new DomainError('not_found', `There is no identity ${id}.`)
  const levelsBefore = await findUserLevels(tx, ctx.tenantId, id)
  await updateIdentityRow(tx, ctx.tenantId, id, {
    modified_at: ctx.nowMs,
    ...(changes.alias !== undefined && { alias: changes.alias }),
    ...(changes.displayName !== undefined && { display_name: changes.displayName }),
    ...(changes.email !== undefined && { email: changes.email }),
    ...(changes.kind !== undefined && { kind: changes.kind }),
    ...(changes.isEnabled !== undefined && { enabled: changes.isEnabled ? 1 : 0 }),
    ...(changes.passwordHash !== undefined && { password_hash: changes.passwordHash }),
  })
  if (changes.userLevels) await replaceUserLevels(tx, ctx.tenantId, id, changes.userLevels)
  const lostLevel = changes.userLevels && levelsBefore.some((level) => !changes.userLevels?.includes(level))
  const isDisabled = changes.isEnabled === false && before.enabled === 1
  const isPasswordNew = changes.passwordHash !== undefined && changes.passwordHash !== before.password_hash
  await recordAudit(tx, ctx, {
    action: 'identity.updated',
    targetKind: 'identity',
    targetId: id,
    details: { fields: Object.keys(changes), ...(changes.userLevels && { userLevels: changes.userLevels }) },
  })
  const isCutOff = Boolean(lostLevel) || isDisabled || isPasswordNew
  await appendChange(tx, ctx, { kind: 'identity', subject: id, isCutOff })
}
