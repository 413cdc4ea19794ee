import { DomainError } from '../../errors.ts'
import { lockIdentities } from '../../identities/lock.ts'
import { refreshIdentities } from '../../identities/refresh.ts'
import { type Acting, changing, type PeopleServices } from '../acting.ts'

/**
 * Has every process read these identities afresh: all of them, or none. Nothing is computed of them here, so that this
 * is what there is to refresh. @throws DomainError `not_found`.
 */
export async function processIdentities(
  services: PeopleServices,
  { ctx }: Acting,
  identityIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(identityIds)]
  await changing(services, ctx, async (tx) => {
    const identities = await lockIdentities(tx, ctx.tenantId, ids)
    const missing = ids.find((id) => !identities.has(id))
    if (missing !== undefined) throw new DomainError('not_found', `There is no identity ${missing}.`)
    await refreshIdentities(tx, ctx, [...identities.keys()])
  })
}
