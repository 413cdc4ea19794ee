import { DomainError } from '../../errors.ts'
import { getIdentity, type IdentityRecord } from '../../identities/list.ts'
import { createIdentity } from '../../identities/manage.ts'
import { isSoleAddress } from '../../mail/mail.ts'
import { inviteToSignIn, type KeptLink, mailInvitation } from '../../sign-in/mailed-links.ts'
import type { SignInTexts } from '../../sign-in/texts/texts.ts'
import { type Acting, changing, type PeopleServices, requireAdministratorCaller } from '../acting.ts'
import { levelsOfCatalogs, requireAssignable } from '../assign-levels.ts'
import type { NewAccount } from './schemas.ts'

/**
 * Creates an identity, and mails it an invitation if asked to.
 * @throws DomainError `conflict` for an alias that is taken, `resource_denied` where whoever is no ORG_ADMIN gives
 * levels, `illegal_value` for levels that do not exist and for whoever cannot be invited.
 */
export async function createAccount(
  services: PeopleServices,
  acting: Acting,
  { body, texts }: { body: NewAccount; texts: SignInTexts },
): Promise<IdentityRecord> {
  const { ctx, tenant } = acting
  const { invite = false, enabled, userLevels = [], email = null, ...rest } = body
  if (email !== null && !isSoleAddress(email))
    throw new DomainError('illegal_value', 'email must be one address, such as ada@example.com.')
  if (userLevels.length > 0) requireAdministratorCaller(acting)
  const named = await levelsOfCatalogs(services, acting)
  let invitation: KeptLink | undefined
  const identity = await changing(services, ctx, async (tx) => {
    const id = await createIdentity(tx, ctx, { ...rest, email, isEnabled: enabled, userLevels })
    await requireAssignable(tx, acting, { levels: userLevels, added: userLevels, named })
    invitation = invite ? await inviteToSignIn(tx, ctx, id) : undefined
    return getIdentity(tx, ctx.tenantId, id)
  })
  if (invitation) mailInvitation(services.signIn, invitation, { tenant, texts })
  return identity
}
