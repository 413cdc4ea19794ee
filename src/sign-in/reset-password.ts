import { recordAudit } from '../audit/record.ts'
import { findSignInFacts } from '../identities/find.ts'
import { updateIdentity } from '../identities/manage.ts'
import type { RequestContext } from '../request-context.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { deleteGuardRowsOf } from './guard-store.ts'
import { isUnchanged, knowOfIt, type NewPassword, objectionToNew } from './new-password.ts'
import type { NewPasswordObjection } from './pages/password-pages.ts'
import { mailPasswordChanged } from './password-notice.ts'
import { digestLink, isLink } from './request-reset.ts'
import { findReset, markResetUsed } from './reset-store.ts'
import { deleteSessionRowsOf } from './session-store.ts'
import { actorInBrowser } from './sessions.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'

/** Whose link this is, while it works; undefined for anything else. */
export async function findLinkOwner(ctx: RequestContext, link: string): Promise<string | undefined> {
  if (!isLink(link)) return undefined
  return findReset(ctx.db, ctx.tenantId, { digest: digestLink(link), nowMs: ctx.nowMs })
}

export type ResetOutcome = 'done' | 'link_over' | { objection: NewPasswordObjection }

/**
 * Sets a password by a link that was mailed. Everything the identity holds ends: sessions, tokens, other links and a
 * lock; and they get a mail. An objection leaves the link as it is.
 *
 * @throws PasswordPoolFull.
 */
export async function resetPassword(
  services: SignInServices,
  ctx: RequestContext,
  { tenant, link, texts, ...typed }: NewPassword & { tenant: Tenant; link: string; texts: SignInTexts },
): Promise<ResetOutcome> {
  const id = await findLinkOwner(ctx, link)
  const facts = id === undefined ? undefined : await findSignInFacts(ctx.db, tenant.id, { id })
  if (!facts?.isEnabled || !facts.isPerson) return 'link_over'
  const objection = objectionToNew(typed, facts, tenant)
  if (objection) return { objection }
  const passwordHash = await services.passwords.hash(typed.password)
  const own = { ...ctx, actor: actorInBrowser(facts.id) }
  const isDone = await ctx.db.transaction().execute(async (tx) => {
    if (!(await isUnchanged(tx, tenant.id, facts))) return false
    if (!(await markResetUsed(tx, tenant.id, { digest: digestLink(link), nowMs: ctx.nowMs }))) return false
    await deleteGuardRowsOf(tx, tenant.id, facts.id)
    await deleteSessionRowsOf(tx, tenant.id, facts.id)
    await recordAudit(tx, own, { action: 'password.reset', targetKind: 'identity', targetId: facts.id })
    await updateIdentity(tx, own, { id: facts.id, changes: { passwordHash } })
    return true
  })
  if (!isDone) return 'link_over'
  await knowOfIt(services)
  // Who chose a first password by an invitation knows.
  if (facts.passwordHash !== null) mailPasswordChanged(services, { facts, tenant, texts, nowMs: ctx.nowMs })
  return 'done'
}
