import type { SignInFacts } from '../identities/find.ts'
import { isSoleAddress } from '../mail/mail.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { SignInServices } from './sign-in-services.ts'
import type { SignInTexts } from './texts/texts.ts'

/** A password that somebody has from now on. */
export interface PasswordNotice {
  facts: Pick<SignInFacts, 'displayName' | 'email'>
  tenant: Tenant
  texts: SignInTexts
  nowMs: number
}

/**
 * Mails to the owner that the password was changed, for it may not have been them (ASVS 6.3.7). Call it once the change
 * stands. There is neither a link nor a secret in it, and nobody waits for it.
 */
export function mailPasswordChanged(
  { mails }: Pick<SignInServices, 'mails'>,
  { facts, tenant, texts, nowMs }: PasswordNotice,
): void {
  const { displayName, email } = facts
  if (email === null || !isSoleAddress(email)) return
  const about = { name: displayName, tenant: tenant.displayName, at: minuteOf(nowMs) }
  mails.post({
    to: email,
    subject: texts.mail.passwordSubject(tenant.displayName),
    text: texts.mail.passwordChanged(about),
  })
}

/** A time as mails name it: `2026-06-01 12:15 UTC`. */
export const minuteOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
