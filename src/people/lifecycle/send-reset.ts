import { DomainError } from '../../errors.ts'
import { lockIdentity } from '../../identities/list.ts'
import { mailReset, offerReset } from '../../sign-in/mailed-links.ts'
import type { SignInTexts } from '../../sign-in/texts/texts.ts'
import { type Acting, changing, type PeopleServices, requireMayActOn } from '../acting.ts'
import type { VerificationBody } from './schemas.ts'

/**
 * Mails a person a link, good for two hours, to choose a new password by.
 * @throws DomainError `not_found`, `resource_denied`; `illegal_value` for an address or a source that Sallyport does not
 * know, and for whoever cannot be mailed; `limit_exceeded` after three links an hour; `unavailable` while too much mail
 * waits.
 */
export async function sendReset(
  services: PeopleServices,
  acting: Acting,
  { id, body, texts }: { id: string; body: VerificationBody; texts: SignInTexts },
): Promise<void> {
  requireServed(body)
  const { ctx, tenant } = acting
  const offer = await changing(services, ctx, async (tx) => {
    requireMayActOn(acting, await lockIdentity(tx, ctx.tenantId, id))
    return offerReset(tx, ctx, id)
  })
  if (mailReset(services.signIn, offer, { tenant, texts })) return
  throw new DomainError('unavailable', `Too much mail waits to send ${offer.facts.alias} a link now. Try again later.`)
}

function requireServed({ via, sourceName }: VerificationBody): void {
  if (via.endsWith('_PERSONAL'))
    throw new DomainError('illegal_value', 'Nobody has a personal address here: use EMAIL_WORK, the address on file.')
  if (sourceName)
    throw new DomainError('illegal_value', 'There are no sources here: leave sourceName out for the sign-in password.')
}
