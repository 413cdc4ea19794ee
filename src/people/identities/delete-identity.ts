import { deleteIdentity } from '../../identities/delete.ts'
import { lockIdentity, requireAdministrator } from '../../identities/list.ts'
import { deleteTokensOfOwner } from '../../personal-access-tokens/delete-of-owner.ts'
import { forgetSignIns } from '../../sign-in/accounts.ts'
import { type Acting, changing, type PeopleServices, requireMayActOn } from '../acting.ts'

/**
 * Deletes an identity with its personal access tokens and sessions; every token it holds dies.
 * @throws DomainError `not_found`, `resource_denied` where only an ORG_ADMIN may, `illegal_value` for the last one.
 */
export async function removeIdentity(services: PeopleServices, acting: Acting, id: string): Promise<void> {
  const { ctx } = acting
  await changing(services, ctx, async (tx) => {
    const identity = await lockIdentity(tx, ctx.tenantId, id)
    requireMayActOn(acting, identity)
    await deleteTokensOfOwner(tx, ctx, id)
    await forgetSignIns(tx, ctx, id)
    await deleteIdentity(tx, ctx, id)
    if (identity.userLevels.includes('ORG_ADMIN')) await requireAdministrator(tx, ctx.tenantId)
  })
}
