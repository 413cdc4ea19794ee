import type { Session } from '../sign-in/sessions.ts'
import type { RequestContext } from '../request-context.ts'
import { needsConsent } from './consent.ts'
import type { Interaction } from './interaction.ts'
import { BackRefusal } from './refusal.ts'
import { scopeOf } from './request.ts'
import type { ProvenTarget } from './target.ts'

/** What an interaction waits for: somebody to sign in, a consent, or nothing but its code. */
export type Step =
  | { readonly kind: 'sign_in' }
  | { readonly kind: 'consent' | 'code'; readonly session: Session; readonly scope: readonly string[] }

export interface Standing {
  interaction: Interaction
  target: ProvenTarget
  session: Session | undefined
}

/** What comes next. @throws BackRefusal where the client forbade to ask the person (OpenID Connect Core §3.1.2.6). */
export async function nextStep(ctx: RequestContext, { interaction, target, session }: Standing): Promise<Step> {
  const { prompt, scope: asked } = interaction.request
  const mayAsk = !prompt.includes('none')
  if (!session || !isFreshEnough(interaction, session)) {
    if (mayAsk) return { kind: 'sign_in' }
    throw new BackRefusal('login_required', 'Nobody is signed in, or not lately enough.')
  }
  const scope = scopeOf(target.client, asked)
  const grant = { target, identityId: session.identity.id, scope }
  if (!prompt.includes('consent') && !(await needsConsent(ctx.db, ctx.tenantId, grant)))
    return { kind: 'code', session, scope }
  if (mayAsk) return { kind: 'consent', session, scope }
  throw new BackRefusal('consent_required', 'The person has not agreed to this client yet.')
}

/** `prompt=login` and `max_age` count from when the request was made: signing in since then satisfies both. */
function isFreshEnough({ request, madeAtMs }: Interaction, { authenticatedAtMs }: Session): boolean {
  if (request.prompt.includes('login') && authenticatedAtMs < madeAtMs) return false
  return request.maxAgeSeconds === undefined || authenticatedAtMs >= madeAtMs - request.maxAgeSeconds * 1000
}
