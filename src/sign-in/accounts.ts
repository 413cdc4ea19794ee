import { recordAudit } from '../audit/record.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import { updateIdentity } from '../identities/manage.ts'
import type { RequestContext } from '../request-context.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { deleteGuardRowsOf } from './guard-store.ts'
import { PasswordPoolFull } from './password-pool.ts'
import { objectionTo } from './password-rules.ts'
import { endResets } from './reset-store.ts'
import { deleteSessionRowsOf } from './session-store.ts'
import type { SignInServices } from './sign-in-services.ts'
import { en } from './texts/en.ts'

/** Ends the sessions of an identity, the links it was mailed and a lock, within the caller's transaction. */
export async function forgetSignIns(tx: Tx, { tenantId, nowMs }: RequestContext, identityId: string): Promise<void> {
  await deleteGuardRowsOf(tx, tenantId, identityId)
  await deleteSessionRowsOf(tx, tenantId, identityId)
  await endResets(tx, tenantId, { identityId, nowMs })
}

/** Lets an identity try passwords again before its lock ends, within the caller's transaction. */
export async function unlockSignIn(tx: Tx, ctx: RequestContext, identityId: string): Promise<void> {
  await deleteGuardRowsOf(tx, ctx.tenantId, identityId)
  await recordAudit(tx, ctx, { action: 'identity.unlocked', targetKind: 'identity', targetId: identityId })
}

/**
 * Hashes a password that an administrator chose for somebody. It takes too long for a transaction, so do it before.
 * @throws DomainError `illegal_value` that says what speaks against it, `unavailable` when too many are being hashed.
 */
export async function hashChosenPassword(
  { passwords }: Pick<SignInServices, 'passwords'>,
  { password, alias, tenant }: { password: string; alias: string; tenant: Tenant },
): Promise<string> {
  const objection = objectionTo(password, [alias, tenant.name, tenant.displayName])
  if (objection) throw new DomainError('illegal_value', en.objections[objection])
  try {
    return await passwords.hash(password)
  } catch (error) {
    if (!(error instanceof PasswordPoolFull)) throw error
    throw new DomainError('unavailable', 'Too many passwords are being set. Try again in a moment.', { cause: error })
  }
}

/** Gives an identity this password, within the caller's transaction: sessions, tokens, links and a lock end. */
export async function giveSignInPassword(
  tx: Tx,
  ctx: RequestContext,
  { id, passwordHash }: { id: string; passwordHash: string },
): Promise<void> {
  await forgetSignIns(tx, ctx, id)
  await recordAudit(tx, ctx, { action: 'password.set', targetKind: 'identity', targetId: id })
  await updateIdentity(tx, ctx, { id, changes: { passwordHash } })
}
