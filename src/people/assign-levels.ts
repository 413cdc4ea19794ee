import { suggestion } from '../config/nearest-word.ts'
import { DomainError } from '../errors.ts'
import type { Tx } from '../database/schema.ts'
import { getIdentity, type IdentityRecord, lockIdentity, requireAdministrator } from '../identities/list.ts'
import { updateIdentity } from '../identities/manage.ts'
import { builtInLevels, requireCompatible } from '../user-levels/assignable.ts'
import { grantingLevelsOf } from '../user-levels/find.ts'
import { isCustomLevelId } from '../user-levels/user-level.ts'
import { type Acting, changing, type PeopleServices, requireAdministratorCaller } from './acting.ts'

const LEVELS_MAX = 50

/**
 * Makes what `change` answers the user levels of an identity. Live tokens follow with the next request, and die where a
 * level is lost.
 * @throws DomainError `not_found`; `resource_denied` for whoever is no ORG_ADMIN, and for raising oneself;
 * `illegal_value` for levels that do not exist, are drafts, exclude each other, or leave the tenant without ORG_ADMIN.
 */
export async function assignLevels(
  services: PeopleServices,
  acting: Acting,
  { id, change }: { id: string; change: (identity: IdentityRecord) => readonly string[] },
): Promise<IdentityRecord> {
  const { ctx } = acting
  const named = await levelsOfCatalogs(services, acting)
  return changing(services, ctx, async (tx) => {
    const before = await lockIdentity(tx, ctx.tenantId, id)
    requireAdministratorCaller(acting)
    const userLevels = [...new Set(change(before))]
    const added = userLevels.filter((level) => !before.userLevels.includes(level))
    requireNotRaisingSelf(acting, before, added)
    await updateIdentity(tx, ctx, { id, changes: { userLevels } })
    await requireAssignable(tx, acting, { levels: userLevels, added, named })
    const isLost = before.userLevels.includes('ORG_ADMIN') && !userLevels.includes('ORG_ADMIN')
    if (isLost) await requireAdministrator(tx, ctx.tenantId)
    return getIdentity(tx, ctx.tenantId, id)
  })
}

function requireNotRaisingSelf({ caller }: Acting, { id }: IdentityRecord, added: readonly string[]): void {
  if (added.length === 0 || id !== caller.identityId) return
  throw new DomainError('resource_denied', 'Nobody gives user levels to themselves: ask another ORG_ADMIN.')
}

/** Levels that a tenant's own catalogs name are its own to give. */
export async function levelsOfCatalogs({ catalogs }: PeopleServices, { ctx, tenant }: Acting): Promise<Set<string>> {
  const { entries } = await catalogs.find(ctx.db, tenant.id)
  return new Set(entries.flatMap(({ operation }) => operation.policy.userLevels))
}

const PSEUDO_LEVELS = ['Any', 'USER', 'API']

/** The levels that an identity is to hold; those it did not hold before must exist. */
interface Assignment {
  levels: readonly string[]
  added: readonly string[]
  named: ReadonlySet<string>
}

/**
 * Refuses levels that nobody can be given, or not together. Ask within the transaction, after the change has written its
 * audit event: from there on no custom level of the tenant can be deleted or made before it ends.
 * @throws DomainError `illegal_value`, `limit_exceeded`.
 */
export async function requireAssignable(tx: Tx, { ctx }: Acting, { levels, added, named }: Assignment): Promise<void> {
  requireCompatible(levels)
  if (levels.length > LEVELS_MAX)
    throw new DomainError('limit_exceeded', `An identity holds at most ${LEVELS_MAX} user levels.`)
  if (added.length === 0) return
  const custom = await grantingLevelsOf(tx, ctx.tenantId)
  const known = new Set([...builtInLevels, ...named].filter((level) => !PSEUDO_LEVELS.includes(level)))
  const unknown = added.find((level) => !known.has(level) && !custom.has(level))
  if (unknown === undefined) return
  const why = isCustomLevelId(unknown)
    ? 'No custom level of this id is published.'
    : `${unknown} is no user level that can be assigned: ${suggestion(unknown, [...known])}.`
  throw new DomainError('illegal_value', why)
}
