import { randomBytes } from 'node:crypto'
import type { Tx } from '../database/schema.ts'
import { DomainError } from '../errors.ts'
import { findSignInFacts, type SignInFacts } from '../identities/find.ts'
import { isSoleAddress } from '../mail/mail.ts'
import type { RequestContext } from '../request-context.ts'
import { originsOf } from '../tenants/origins.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { keepLink, type NewLink } from './request-reset.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'

const INVITATION_HOURS = 24
/** As long as ISC's mails of this kind are good for. */
const RESET_MINUTES = 120

/** A link by which somebody may choose a password, kept and not yet mailed. */
export interface KeptLink {
  readonly facts: SignInFacts & { readonly email: string }
  readonly link: string
}

type Post = Pick<SignInServices, 'mails' | 'address'>
interface Wording {
  tenant: Tenant
  texts: SignInTexts
}

/**
 * Makes a link for a person to choose a first password by, within the caller's transaction; mail it with
 * `mailInvitation` once that stands. At most three links an hour.
 * @throws DomainError `illegal_value` for whoever cannot be mailed, `limit_exceeded` after three.
 */
export const inviteToSignIn = (tx: Tx, ctx: RequestContext, identityId: string): Promise<KeptLink> =>
  makeLink(tx, ctx, { identityId, minutes: INVITATION_HOURS * 60, action: 'identity.invited' })

/** The same for somebody who forgot the password; mail it with `mailReset`. @throws DomainError as `inviteToSignIn`. */
export const offerReset = (tx: Tx, ctx: RequestContext, identityId: string): Promise<KeptLink> =>
  makeLink(tx, ctx, { identityId, minutes: RESET_MINUTES, action: 'password.reset_requested' })

async function makeLink(tx: Tx, ctx: RequestContext, kept: Omit<NewLink, 'link'>): Promise<KeptLink> {
  const facts = await findSignInFacts(tx, ctx.tenantId, { id: kept.identityId })
  if (!facts?.isPerson) throw new DomainError('illegal_value', 'A machine has no password to choose.')
  if (!facts.isEnabled) throw new DomainError('illegal_value', `${facts.alias} is disabled. Enable the identity first.`)
  if (facts.email === null || !isSoleAddress(facts.email))
    throw new DomainError('illegal_value', `${facts.alias} has no e-mail address to send a link to.`)
  const link = randomBytes(32).toString('base64url')
  if (!(await keepLink(tx, ctx, { ...kept, link })))
    throw new DomainError('limit_exceeded', `${facts.alias} was sent three links within the hour. Wait a while.`)
  return { facts: { ...facts, email: facts.email }, link }
}

/** Mails an invitation; nobody waits for it. False when too much mail waits already, so that it is not sent. */
export function mailInvitation(post: Post, { facts, link }: KeptLink, { tenant, texts }: Wording): boolean {
  const about = {
    name: facts.displayName,
    alias: facts.alias,
    tenant: tenant.displayName,
    link: addressOf(post, tenant, link),
    hours: INVITATION_HOURS,
  }
  const subject = texts.mail.inviteSubject(tenant.displayName)
  return post.mails.post({ to: facts.email, subject, text: texts.mail.invite(about) })
}

/** Mails a link to choose a new password by; the same holds. */
export function mailReset(post: Post, { facts, link }: KeptLink, { tenant, texts }: Wording): boolean {
  const about = {
    name: facts.displayName,
    tenant: tenant.displayName,
    link: addressOf(post, tenant, link),
    minutes: RESET_MINUTES,
  }
  const subject = texts.mail.resetSubject(tenant.displayName)
  return post.mails.post({ to: facts.email, subject, text: texts.mail.reset(about) })
}

const addressOf = ({ address }: Post, tenant: Tenant, link: string): string =>
  `${originsOf(tenant, address()).login}/login/reset?token=${link}`
