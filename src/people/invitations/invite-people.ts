import type { Tx } from '../../database/schema.ts'
import { DomainError } from '../../errors.ts'
import type { Identity } from '../../identities/identity.ts'
import { listUninvited } from '../../identities/list.ts'
import { lockIdentities } from '../../identities/lock.ts'
import { inviteToSignIn, type KeptLink, mailInvitation } from '../../sign-in/mailed-links.ts'
import type { SignInTexts } from '../../sign-in/texts/texts.ts'
import { type Acting, changing, type PeopleServices, requireMayActOn } from '../acting.ts'
import type { InviteBody } from './schemas.ts'

/** As many as are invited at once: the mail queue holds twice that. */
const PEOPLE_MAX = 100

/** What became of a request to invite people. */
export interface Invited {
  readonly count: number
  /** Why others were not invited, a sentence for each. */
  readonly passedOver: readonly string[]
}

interface Attempt {
  readonly invitations: KeptLink[]
  readonly passedOver: string[]
}

/**
 * Mails people links to choose a password by: all whose ids are given, or nobody; or those without a password, passing
 * over whom the caller may not invite and who was sent enough links.
 * @throws DomainError `not_found`, `resource_denied`, `limit_exceeded` for too many, `illegal_value` for nobody and for
 * ids beside `uninvited`, else as `inviteToSignIn`.
 */
export async function invitePeople(
  services: PeopleServices,
  acting: Acting,
  { body, texts }: { body: InviteBody; texts: SignInTexts },
): Promise<Invited> {
  const { ctx, tenant } = acting
  const isForgiving = body.uninvited === true
  const ids = isForgiving ? await uninvitedIds(acting, body) : namedIds(body)
  const { invitations, passedOver } = await changing(services, ctx, async (tx) => {
    const identities = await lockIdentities(tx, ctx.tenantId, ids)
    const missing = ids.find((id) => !identities.has(id))
    if (missing !== undefined && !isForgiving) throw new DomainError('not_found', `There is no identity ${missing}.`)
    return inviteEach(tx, acting, { identities: [...identities.values()], isForgiving })
  })
  const unsent = invitations.filter((invitation) => !mailInvitation(services.signIn, invitation, { tenant, texts }))
  return {
    count: invitations.length - unsent.length,
    passedOver: [...passedOver, ...unsent.map(({ facts }) => `Too much mail waits to invite ${facts.alias} now.`)],
  }
}

async function inviteEach(
  tx: Tx,
  acting: Acting,
  { identities, isForgiving }: { identities: readonly Identity[]; isForgiving: boolean },
): Promise<Attempt> {
  const attempt: Attempt = { invitations: [], passedOver: [] }
  for (const identity of identities)
    try {
      requireMayActOn(acting, identity)
      attempt.invitations.push(await inviteToSignIn(tx, acting.ctx, identity.id))
    } catch (error) {
      if (!isForgiving || !(error instanceof DomainError)) throw error
      attempt.passedOver.push(error.message)
    }
  return attempt
}

function namedIds({ ids }: InviteBody): string[] {
  const named = [...new Set(ids)]
  if (named.length === 0)
    throw new DomainError('illegal_value', 'Name whom to invite in ids, or set uninvited for all without a password.')
  return requireFew(named)
}

async function uninvitedIds({ ctx }: Acting, { ids }: InviteBody): Promise<string[]> {
  if (ids && ids.length > 0) throw new DomainError('illegal_value', 'Give either ids or uninvited, not both.')
  return requireFew(await listUninvited(ctx, PEOPLE_MAX + 1))
}

function requireFew(ids: string[]): string[] {
  if (ids.length <= PEOPLE_MAX) return ids
  throw new DomainError(
    'limit_exceeded',
    `At most ${PEOPLE_MAX} people are invited at once. Name the first ${PEOPLE_MAX} in ids, then the others.`,
  )
}
