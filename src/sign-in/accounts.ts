import { randomBytes } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import { findSignInFacts, type SignInFacts } from '../identities/find.ts'
import { updateIdentity } from '../identities/manage.ts'
import { isSoleAddress } from '../mail/mail.ts'
import type { RequestContext } from '../request-context.ts'
import { originsOf } from '../tenants/origins.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { deleteGuardRow } from './guard-store.ts'
import { PasswordPoolFull } from './password-pool.ts'
import { objectionTo } from './password-rules.ts'
import { keepLink } from './request-reset.ts'
import { endResets } from './reset-store.ts'
import { deleteSessionRowsOf } from './session-store.ts'
import type { SignInServices } from './sign-in-services.ts'
import { en } from './texts/en.ts'
import type { SignInTexts } from './texts/texts.ts'

/** Ends the sessions of an identity, the links it was mailed and a lock, within the caller's transaction. */
export async function forgetSignIns(tx: Tx, { tenantId, nowMs }: RequestContext, identityId: string): Promise<void> {
  await deleteGuardRow(tx, tenantId, identityId)
  await deleteSessionRowsOf(tx, tenantId, identityId)
  await endResets(tx, tenantId, { identityId, nowMs })
}

/** Lets an identity try passwords again before its lock ends, within the caller's transaction. */
export async function unlockSignIn(tx: Tx, ctx: RequestContext, identityId: string): Promise<void> {
  await deleteGuardRow(tx, ctx.tenantId, identityId)
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

const INVITATION_HOURS = 24

/** A link by which somebody may choose a password, kept and not yet mailed. */
export interface Invitation {
  readonly facts: SignInFacts & { readonly email: string }
  readonly link: string
}

/**
 * Makes a link for a person to choose a password by, within the caller's transaction; mail it with `mailInvitation` once
 * that stands. At most three links an hour.
 * @throws DomainError `illegal_value` for whoever cannot be mailed, `limit_exceeded` after three.
 */
export async function inviteToSignIn(tx: Tx, ctx: RequestContext, identityId: string): Promise<Invitation> {
  const facts = await findSignInFacts(tx, ctx.tenantId, { id: identityId })
  if (!facts?.isPerson) throw new DomainError('illegal_value', 'A machine has no password to choose.')
  if (!facts.isEnabled) throw new DomainError('illegal_value', `${facts.alias} is disabled. Enable the identity first.`)
  if (facts.email === null || !isSoleAddress(facts.email))
    throw new DomainError('illegal_value', `${facts.alias} has no e-mail address to send a link to.`)
  const link = randomBytes(32).toString('base64url')
  const minutes = INVITATION_HOURS * 60
  if (!(await keepLink(tx, ctx, { identityId, link, minutes, action: 'identity.invited' })))
    throw new DomainError('limit_exceeded', `${facts.alias} was sent three links within the hour. Wait a while.`)
  return { facts: { ...facts, email: facts.email }, link }
}

/** Mails an invitation; nobody waits for it. False when too much mail waits already, so that it is not sent. */
export function mailInvitation(
  { mails, address }: Pick<SignInServices, 'mails' | 'address'>,
  { facts, link }: Invitation,
  { tenant, texts }: { tenant: Tenant; texts: SignInTexts },
): boolean {
  const about = {
    name: facts.displayName,
    alias: facts.alias,
    tenant: tenant.displayName,
    link: `${originsOf(tenant, address()).login}/login/reset?token=${link}`,
    hours: INVITATION_HOURS,
  }
  const subject = texts.mail.inviteSubject(tenant.displayName)
  return mails.post({ to: facts.email, subject, text: texts.mail.invite(about) })
}
