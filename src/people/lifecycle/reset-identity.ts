import { recordAudit } from '../../audit/record.ts'
import { appendChange } from '../../change-log/change.ts'
import { lockIdentity, requireAdministrator } from '../../identities/list.ts'
import { updateIdentity } from '../../identities/manage.ts'
import { forgetSignIns } from '../../sign-in/accounts.ts'
import { type Acting, changing, type PeopleServices, requireMayActOn } from '../acting.ts'

/**
 * Makes an identity as it was before it signed in for the first time and was given levels: it has no password, session,
 * mailed link, lock and user level any more, and every token it holds dies. Its personal access tokens stay.
 * @throws DomainError `not_found`, `resource_denied` where only an ORG_ADMIN may, `illegal_value` for the last one.
 */
export async function resetIdentity(services: PeopleServices, acting: Acting, id: string): Promise<void> {
  const { ctx } = acting
  await changing(services, ctx, async (tx) => {
    const { userLevels, ...identity } = await lockIdentity(tx, ctx.tenantId, id)
    requireMayActOn(acting, { ...identity, userLevels })
    await forgetSignIns(tx, ctx, id)
    const details = { userLevels }
    await recordAudit(tx, ctx, { action: 'identity.reset', targetKind: 'identity', targetId: id, details })
    await updateIdentity(tx, ctx, { id, changes: { passwordHash: null, userLevels: [] } })
    // Also for whoever had neither a password nor a level: what a reset leaves alive would be a surprise.
    await appendChange(tx, ctx, { kind: 'identity', subject: id, isCutOff: true })
    if (userLevels.includes('ORG_ADMIN')) await requireAdministrator(tx, ctx.tenantId)
  })
}
