import { Value } from 'typebox/value'
import type { Tx } from '../../database/schema.ts'
import { DomainError } from '../../errors.ts'
import { applyJsonPatch } from '../../http/json-patch.ts'
import { getIdentity, holdersOf } from '../../identities/list.ts'
import { deleteUserLevel, publishUserLevel, replaceUserLevel } from '../../user-levels/change.ts'
import { createUserLevel, type UserLevelInput } from '../../user-levels/create.ts'
import { getUserLevel } from '../../user-levels/find.ts'
import type { CustomUserLevel } from '../../user-levels/user-level.ts'
import { type Acting, changing, type PeopleServices } from '../acting.ts'
import { UserLevelBody, type UserLevelPatch } from './schemas.ts'

/**
 * Creates a custom level, as a draft.
 * @throws DomainError `reference_not_found` for an owner that does not exist, else as `createUserLevel`.
 */
export async function makeLevel(
  services: PeopleServices,
  { ctx }: Acting,
  body: UserLevelBody,
): Promise<CustomUserLevel> {
  const id = await changing(services, ctx, async (tx) => {
    await requireOwner(tx, ctx.tenantId, body.owner.id)
    return createUserLevel(tx, ctx, inputOf(body))
  })
  return getUserLevel(ctx, id)
}

const inputOf = ({ name, description, owner, rightSets }: UserLevelBody): UserLevelInput => ({
  name,
  description,
  ownerId: owner.id,
  rightSets: rightSets ?? [],
})

async function requireOwner(tx: Tx, tenantId: string, id: string): Promise<void> {
  const [holder] = await Promise.allSettled([getIdentity(tx, tenantId, id)])
  if (holder.status === 'fulfilled') return
  if (!(holder.reason instanceof DomainError)) throw holder.reason
  throw new DomainError('reference_not_found', `The owner ${id} is no identity of this tenant.`, {
    cause: holder.reason,
  })
}

const PATCHABLE = ['name', 'description', 'owner', 'rightSets']

/**
 * Changes a custom level. Whoever holds it has its new rights with the next request.
 * @throws DomainError `not_found`, `illegal_update` for what cannot be patched, `invalid` for what may not be.
 */
export async function patchLevel(
  services: PeopleServices,
  { ctx }: Acting,
  { id, patch }: { id: string; patch: UserLevelPatch },
): Promise<CustomUserLevel> {
  const operations = 'operations' in patch ? patch.operations : patch
  await changing(services, ctx, async (tx) => {
    const { name, description, ownerId, rightSets } = await getUserLevel({ ...ctx, db: tx }, id)
    const patched = applyJsonPatch({ name, description, owner: { id: ownerId }, rightSets }, operations, PATCHABLE)
    if (!Value.Check(UserLevelBody, patched)) throw notALevel(patched)
    if (patched.owner.id !== ownerId) await requireOwner(tx, ctx.tenantId, patched.owner.id)
    await replaceUserLevel(tx, ctx, { id, ...inputOf(patched) })
  })
  return getUserLevel(ctx, id)
}

function notALevel(patched: unknown): DomainError {
  const [error] = Value.Errors(UserLevelBody, patched)
  return new DomainError('invalid', `The patch leaves no valid level: ${error?.instancePath} ${error?.message}.`)
}

/** Makes a draft assignable. @throws DomainError `not_found`. */
export async function publishLevel(services: PeopleServices, { ctx }: Acting, id: string): Promise<CustomUserLevel> {
  await changing(services, ctx, (tx) => publishUserLevel(tx, ctx, id))
  return getUserLevel(ctx, id)
}

/**
 * Deletes a custom level that nobody holds. Whether somebody does is looked at after the audit event is written: from
 * there on no other change of the tenant can give it to anybody before the deletion stands.
 * @throws DomainError `not_found`, `in_use`.
 */
export async function deleteLevel(services: PeopleServices, { ctx }: Acting, id: string): Promise<void> {
  await changing(services, ctx, async (tx) => {
    await deleteUserLevel(tx, ctx, id)
    const [holders] = await holdersOf(tx, ctx.tenantId, [id])
    if (holders && holders.count > 0)
      throw new DomainError('in_use', `${holders.count} identities hold this level. Take it from them first.`)
  })
}
