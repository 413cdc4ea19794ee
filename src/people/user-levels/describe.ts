import { DomainError } from '../../errors.ts'
import { getIdentity, holdersOf } from '../../identities/list.ts'
import type { RequestContext } from '../../request-context.ts'
import type { CustomUserLevel } from '../../user-levels/user-level.ts'
import { type PublicIdentity, publicIdentity } from '../public-identities/schemas.ts'
import { type UserLevelDto, userLevelDto } from './schemas.ts'

/** Levels as answers tell them: with their owner, and, unless they should be slim, right sets and holders. */
export async function describeLevels(
  ctx: RequestContext,
  levels: readonly CustomUserLevel[],
  { isSlim = false } = {},
): Promise<UserLevelDto[]> {
  const ids = levels.map(({ id }) => id)
  const counts = isSlim ? undefined : new Map((await holdersOf(ctx.db, ctx.tenantId, ids)).map((one) => [one.id, one]))
  const owners = new Map<string, PublicIdentity | undefined>()
  for (const { ownerId } of levels) if (!owners.has(ownerId)) owners.set(ownerId, await ownerOf(ctx, ownerId))
  return levels.map((level) =>
    userLevelDto(level, {
      owner: owners.get(level.ownerId),
      full: counts && { count: counts.get(level.id)?.count ?? 0 },
    }),
  )
}

/** One level as answers tell it. */
export async function describeLevel(ctx: RequestContext, level: CustomUserLevel): Promise<UserLevelDto | undefined> {
  const [described] = await describeLevels(ctx, [level])
  return described
}

/** Undefined where the owner was deleted since. */
async function ownerOf({ db, tenantId }: RequestContext, id: string): Promise<PublicIdentity | undefined> {
  try {
    return publicIdentity(await getIdentity(db, tenantId, id), [])
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}
