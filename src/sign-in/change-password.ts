import type { ServerResponse } from 'node:http'
import { recordAudit } from '../audit/record.ts'
import { findSignInFacts } from '../identities/find.ts'
import { updateIdentity } from '../identities/manage.ts'
import type { RequestContext } from '../request-context.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { deleteGuardRowsOf } from './guard-store.ts'
import { isUnchanged, knowOfIt, type NewPassword, objectionToNew } from './new-password.ts'
import type { NewPasswordObjection } from './pages/password-pages.ts'
import { mailPasswordChanged } from './password-notice.ts'
import { canonicalPassword } from './password-rules.ts'
import { provePassword } from './prove-password.ts'
import { endResets } from './reset-store.ts'
import { deleteSessionRowsOf } from './session-store.ts'
import { actorInBrowser, type Session } from './sessions.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'

export interface PasswordChange extends NewPassword {
  tenant: Tenant
  session: Session
  current: string
  cookieHeader: string | undefined
  texts: SignInTexts
  response: ServerResponse
}

export type ChangeOutcome = { cookies: readonly string[] } | { objection: NewPasswordObjection } | 'refused'

/**
 * Changes the password of whoever is signed in, who must know the present one. Sessions and tokens elsewhere end, and
 * they get a mail; the
 * answer's cookies are a new session for this browser, which is the only one known from now on.
 *
 * @throws PasswordPoolFull, SlowedDown.
 */
export async function changePassword(
  services: SignInServices,
  ctx: RequestContext,
  change: PasswordChange,
): Promise<ChangeOutcome> {
  const { tenant, session, current, password, cookieHeader } = change
  const facts = await findSignInFacts(ctx.db, tenant.id, { id: session.identity.id })
  if (!facts) return 'refused'
  const objection = isSame(current, password) ? 'same' : objectionToNew(change, facts, tenant)
  if (objection) return { objection }
  const deviceId = await services.devices.find(ctx, { tenant, identityId: facts.id, cookieHeader })
  const proof = { ...change, alias: facts.alias, facts, deviceId, password: current }
  if (!(await provePassword(services, ctx, proof))) return 'refused'
  const passwordHash = await services.passwords.hash(password)
  const own = { ...ctx, actor: actorInBrowser(facts.id) }
  const position = await ctx.db.transaction().execute(async (tx) => {
    if (!(await isUnchanged(tx, tenant.id, facts))) return undefined
    await deleteGuardRowsOf(tx, tenant.id, facts.id)
    await deleteSessionRowsOf(tx, tenant.id, facts.id)
    await endResets(tx, tenant.id, { identityId: facts.id, nowMs: ctx.nowMs })
    await recordAudit(tx, own, { action: 'password.changed', targetKind: 'identity', targetId: facts.id })
    return updateIdentity(tx, own, { id: facts.id, changes: { passwordHash } })
  })
  if (position === undefined) return 'refused'
  await knowOfIt(services)
  mailPasswordChanged(services, { ...change, facts, nowMs: ctx.nowMs })
  const { isRemembered } = session
  const start = { identityId: facts.id, isRemembered, position, cookieHeader }
  const cookie = await ctx.db.transaction().execute((tx) => services.sessions.start(tx, own, tenant, start))
  return { cookies: [cookie, services.devices.remember(ctx, { tenant, ...start })] }
}

const isSame = (left: string, right: string): boolean => canonicalPassword(left) === canonicalPassword(right)
