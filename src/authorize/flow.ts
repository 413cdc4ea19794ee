import { readFields } from '../http/form.ts'
import { formToken, isFormToken, isSameOrigin } from '../sign-in/csrf.ts'
import { type Answer, answerClient, type AnswerTo, type PageAnswer, type Redirect, tellingClient } from './answer.ts'
import { completeInteraction, recordDenial } from './complete.ts'
import type { Exchange } from './exchange.ts'
import {
  beginInteraction,
  type Interaction,
  openInteraction,
  sealInteraction,
  showing,
  wasShown,
} from './interaction.ts'
import { consentPage } from './pages/consent-page.ts'
import { readParameters } from './parameters.ts'
import { BackRefusal, PageRefusal } from './refusal.ts'
import { type AuthorizationRequest, readRequest, readState } from './request.ts'
import { nextStep, type Standing, type Step } from './steps.ts'
import { type NamedTarget, ProvenTarget, readTarget } from './target.ts'

/** Takes an authorization request: who asks and where the answer goes first, for nothing else may redirect before. */
export async function beginAuthorization(exchange: Exchange): Promise<Answer> {
  const { services, tenant, browser, ctx } = exchange
  const parameters = readParameters(exchange.visit.query)
  const named = readTarget(parameters)
  const target = await prove(exchange, named)
  const to = { target, state: readState(parameters) }
  return tellingClient(exchange, to, async () => {
    const request = readRequest(parameters, named, target.client)
    const made = { tenantId: tenant.id, browserId: browser.id, nowMs: ctx.nowMs, request }
    const interaction = beginInteraction(made)
    const sealed = sealInteraction(services.interactionsKey, interaction)
    const step = await nextStep(ctx, await standingOf(exchange, interaction, target))
    const { location } = step.kind === 'sign_in' ? toSignIn(sealed, request) : toContinue(sealed)
    return { location, cookie: browser.cookie }
  })
}

/** Goes on with an interaction, in the browser that it was begun in: to sign-in, to the consent page, or to its code. */
export async function continueAuthorization(exchange: Exchange): Promise<Answer> {
  const sealed = new URLSearchParams(exchange.visit.query).get('interaction') ?? ''
  const { interaction, to } = await reopen(exchange, sealed)
  return tellingClient(exchange, to, async () => {
    const step = await nextStep(exchange.ctx, await standingOf(exchange, interaction, to.target))
    if (step.kind === 'sign_in') return toSignIn(sealed, interaction.request)
    return step.kind === 'consent'
      ? askForConsent(exchange, { interaction, to, step })
      : answerWithCode(exchange, { interaction, to, step }, { isConsented: false })
  })
}

/** Takes the answer of a consent page: to what it showed, from the person that it was shown to. */
export async function decideAuthorization(exchange: Exchange, body: unknown): Promise<Answer> {
  const { sealed, decision } = readDecision(exchange, body)
  const { interaction, to } = await reopen(exchange, sealed)
  return tellingClient(exchange, to, async () => {
    const step = await nextStep(exchange.ctx, await standingOf(exchange, interaction, to.target))
    if (step.kind === 'sign_in') return toSignIn(sealed, interaction.request)
    const identityId = step.session.identity.id
    if (!wasShown(interaction, identityId, step.scope)) return toContinue(sealed)
    if (decision === 'allow') return answerWithCode(exchange, { interaction, to, step }, { isConsented: true })
    const ctx = exchange.contextAs(identityId, to.target.client.id)
    await recordDenial(ctx, { target: to.target, identityId, scope: step.scope })
    throw new BackRefusal('access_denied', 'The person said no.')
  })
}

const toContinue = (sealed: string): Redirect => ({ location: `/oauth/authorize/continue?interaction=${sealed}` })

function toSignIn(sealed: string, { loginHint }: AuthorizationRequest): Redirect {
  const hint = loginHint === undefined ? '' : `&login_hint=${encodeURIComponent(loginHint)}`
  return { location: `/login?continue=${encodeURIComponent(toContinue(sealed).location)}${hint}` }
}

const prove = ({ ctx, services, tenant, origins }: Exchange, named: NamedTarget): Promise<ProvenTarget> =>
  ProvenTarget.prove({ db: ctx.db, clients: services.oauthClients, tenant, loginOrigin: origins.login }, named)

interface Reopened {
  interaction: Interaction
  to: AnswerTo
}

/** The client may have changed since: what it was given is proven anew. */
async function reopen(exchange: Exchange, sealed: string): Promise<Reopened> {
  const { services, tenant, browser, ctx } = exchange
  const opening = { tenantId: tenant.id, browserId: browser.id, nowMs: ctx.nowMs }
  const interaction = openInteraction(services.interactionsKey, sealed, opening)
  const target = await prove(exchange, interaction.request)
  return { interaction, to: { target, state: interaction.request.state } }
}

const standingOf = async (
  { services, ctx, tenant, headers }: Exchange,
  interaction: Interaction,
  target: ProvenTarget,
): Promise<Standing> => ({
  interaction,
  target,
  session: await services.sessions.find(ctx, tenant, headers.cookie),
})

interface Ready extends Reopened {
  step: Exclude<Step, { kind: 'sign_in' }>
}

function askForConsent(exchange: Exchange, { interaction, to, step }: Ready): PageAnswer {
  const { services, tenant, browser, texts } = exchange
  const { identity } = step.session
  const shown = showing(interaction, identity.id, step.scope)
  const sealed = sealInteraction(services.interactionsKey, shown)
  const page = consentPage(texts, {
    target: to.target,
    identity,
    scope: step.scope,
    interaction: sealed,
    token: formToken(services.formsKey, { tenantId: tenant.id, browserId: browser.id }),
    switchAccount: toSignIn(sealed, { ...interaction.request, loginHint: undefined }).location,
  })
  // Browsers hold `form-action` against every redirect that follows, also those of the client's own, which nobody knows.
  return { ...page, formAction: null }
}

async function answerWithCode(
  exchange: Exchange,
  { interaction, to, step }: Ready,
  { isConsented }: { isConsented: boolean },
): Promise<Answer> {
  const identityId = step.session.identity.id
  const code = await completeInteraction(exchange.contextAs(identityId, to.target.client.id), {
    interaction,
    target: to.target,
    identityId,
    scope: step.scope,
    position: exchange.position,
    isConsented,
  })
  return answerClient(exchange, to, { code })
}

function readDecision(exchange: Exchange, body: unknown): { sealed: string; decision: 'allow' | 'deny' } {
  const { services, tenant, browser, headers, scheme } = exchange
  const fields = readFields(body, ['interaction', 'token', 'decision'])
  const binding = { tenantId: tenant.id, browserId: browser.id }
  const isOurs = isSameOrigin(headers, scheme) && isFormToken(services.formsKey, binding, fields?.token)
  const { interaction, decision } = fields ?? {}
  if (!isOurs || interaction === undefined || (decision !== 'allow' && decision !== 'deny'))
    throw new PageRefusal('form.invalid')
  return { sealed: interaction, decision }
}
