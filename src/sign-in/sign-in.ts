import type { ServerResponse } from 'node:http'
import { findSignInFacts } from '../identities/find.ts'
import { renewPasswordHash } from '../identities/renew-hash.ts'
import type { RequestContext } from '../request-context.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { deleteGuardRow, guardSubject } from './guard-store.ts'
import { provePassword } from './prove-password.ts'
import { actorInBrowser } from './sessions.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'

/** What somebody sends to sign in. */
export interface SignInRequest {
  tenant: Tenant
  alias: string
  password: string
  wantsRemembering: boolean
  cookieHeader: string | undefined
  texts: SignInTexts
  response: ServerResponse
}

/** The one form of a sign-in name: looked up, counted and written down alike. Names are told apart by case. */
export const canonicalAlias = (typed: string): string => typed.normalize('NFC').trim()

/**
 * Signs somebody in and answers the `Set-Cookie` values of the new session and of the device, which is known from now
 * on; undefined, whatever the cause, when they may not. A session that the browser had before ends.
 *
 * @throws PasswordPoolFull when too many sign in at once, SlowedDown when too many failed; then nothing was counted.
 */
export async function signIn(
  services: SignInServices,
  ctx: RequestContext,
  request: SignInRequest,
): Promise<readonly string[] | undefined> {
  const { tenant, alias, password, wantsRemembering, cookieHeader } = request
  // Taken before the password is read: if it is changed while it is being checked, the session is dead on arrival.
  await services.changes.catchUp()
  const { position } = services.changes
  const facts = await findSignInFacts(ctx.db, tenant.id, { alias })
  const deviceId = facts && (await services.devices.find(ctx, { tenant, identityId: facts.id, cookieHeader }))
  if (!(await provePassword(services, ctx, { ...request, facts, deviceId })) || !facts) return undefined
  const { id, passwordHash: from } = facts
  const to = from === null ? undefined : await services.passwords.renew(from, password)
  const actor = actorInBrowser(facts.id)
  const isRemembered = wantsRemembering && tenant.settings.session.rememberMe
  const start = { identityId: facts.id, isRemembered, position, cookieHeader }
  const session = await ctx.db.transaction().execute(async (tx) => {
    if (from !== null && to !== undefined) await renewPasswordHash(tx, tenant.id, { id, from, to })
    await deleteGuardRow(tx, tenant.id, guardSubject(facts.id, deviceId))
    return services.sessions.start(tx, { ...ctx, actor }, tenant, start)
  })
  return [session, services.devices.remember(ctx, { tenant, ...start })]
}
