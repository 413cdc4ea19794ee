import { recordAudit } from '../audit/record.ts'
import { issueCode } from '../authorization-codes/issue.ts'
import type { RequestContext } from '../request-context.ts'
import { type Grant, recordConsent } from './consent.ts'
import type { Interaction } from './interaction.ts'
import { PageRefusal } from './refusal.ts'

export interface Completion extends Grant {
  interaction: Interaction
  /** The change-log position up to which all that led here is known. */
  position: number
  /** True when the person was asked just now. */
  isConsented: boolean
}

/**
 * Issues the code of an interaction and records the consent to it, or neither.
 * @throws PageRefusal `interaction.completed` when it was answered before.
 */
export async function completeInteraction(ctx: RequestContext, completion: Completion): Promise<string> {
  const { interaction, target, identityId, scope, position } = completion
  return ctx.db.transaction().execute(async (tx) => {
    const code = await issueCode(tx, ctx, {
      interactionId: interaction.id,
      clientId: target.client.id,
      identityId,
      redirectUri: target.redirectUri,
      scope,
      codeChallenge: interaction.request.codeChallenge ?? null,
      position,
    })
    if (code === undefined) throw new PageRefusal('interaction.completed')
    if (completion.isConsented) await recordConsent(tx, ctx, completion)
    return code
  })
}

/** Writes down that the person said no. */
export async function recordDenial(ctx: RequestContext, { target, identityId, scope }: Grant): Promise<void> {
  await ctx.db.transaction().execute((tx) =>
    recordAudit(tx, ctx, {
      action: 'consent.denied',
      targetKind: 'oauth_client',
      targetId: target.client.id,
      outcome: 'refused',
      details: { identityId, scope },
    }),
  )
}
