import { DomainError } from '../../errors.ts'
import { getIdentity, type IdentityRecord, lockIdentity, requireAdministrator } from '../../identities/list.ts'
import { updateIdentity } from '../../identities/manage.ts'
import { giveSignInPassword, hashChosenPassword, unlockSignIn } from '../../sign-in/accounts.ts'
import { inviteToSignIn, mailInvitation } from '../../sign-in/mailed-links.ts'
import { mailPasswordChanged } from '../../sign-in/password-notice.ts'
import type { SignInTexts } from '../../sign-in/texts/texts.ts'
import { type Acting, changing, type PeopleServices, requireMayActOn } from '../acting.ts'

/**
 * Enables or disables an identity; disabling ends its tokens and sessions, and enabling revives none.
 * @throws DomainError `not_found`, `resource_denied`, `illegal_value` for the last ORG_ADMIN.
 */
export async function setEnabled(
  services: PeopleServices,
  acting: Acting,
  { id, isEnabled }: { id: string; isEnabled: boolean },
): Promise<IdentityRecord> {
  const { ctx } = acting
  return changing(services, ctx, async (tx) => {
    const before = await lockIdentity(tx, ctx.tenantId, id)
    requireMayActOn(acting, before)
    await updateIdentity(tx, ctx, { id, changes: { isEnabled } })
    if (!isEnabled && before.userLevels.includes('ORG_ADMIN')) await requireAdministrator(tx, ctx.tenantId)
    return getIdentity(tx, ctx.tenantId, id)
  })
}

/** Ends the lock that wrong passwords brought about. @throws DomainError `not_found`, `resource_denied`. */
export async function unlock(services: PeopleServices, acting: Acting, id: string): Promise<IdentityRecord> {
  const { ctx } = acting
  return changing(services, ctx, async (tx) => {
    const identity = await lockIdentity(tx, ctx.tenantId, id)
    requireMayActOn(acting, identity)
    await unlockSignIn(tx, ctx, id)
    return identity
  })
}

/**
 * Mails a person a link to choose a password by.
 * @throws DomainError `not_found`, `resource_denied`, else as `inviteToSignIn`.
 */
export async function invite(
  services: PeopleServices,
  acting: Acting,
  { id, texts }: { id: string; texts: SignInTexts },
): Promise<void> {
  const { ctx, tenant } = acting
  const invitation = await changing(services, ctx, async (tx) => {
    requireMayActOn(acting, await lockIdentity(tx, ctx.tenantId, id))
    return inviteToSignIn(tx, ctx, id)
  })
  mailInvitation(services.signIn, invitation, { tenant, texts })
}

/**
 * Gives a person a password, and mails to them that it was changed if they had one. Sessions, tokens, links and a lock
 * of theirs end.
 * @throws DomainError `not_found`, `resource_denied`, `illegal_value` for a machine and for a password that is too weak.
 */
export async function setPassword(
  services: PeopleServices,
  acting: Acting,
  { id, password, texts }: { id: string; password: string; texts: SignInTexts },
): Promise<void> {
  const { ctx, tenant } = acting
  const facts = await getIdentity(ctx.db, ctx.tenantId, id)
  const { alias, kind } = facts
  requireMayActOn(acting, facts)
  if (kind === 'MACHINE')
    throw new DomainError('illegal_value', 'A machine has no password: it uses a personal access token.')
  const passwordHash = await hashChosenPassword(services.signIn, { password, alias, tenant })
  await changing(services, ctx, async (tx) => {
    requireMayActOn(acting, await lockIdentity(tx, ctx.tenantId, id))
    await giveSignInPassword(tx, ctx, { id, passwordHash })
  })
  if (facts.hasPassword) mailPasswordChanged(services.signIn, { facts, tenant, texts, nowMs: ctx.nowMs })
}
