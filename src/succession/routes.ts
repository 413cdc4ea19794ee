import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify'
import { Type } from 'typebox'
import type { Principal } from '../access/policy.ts'
import { actorOf, callerOf } from '../admission/plugin.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { SCOPE_DEFAULT } from '../oauth/scope.ts'
import type { RequestContext } from '../request-context.ts'
import type { UsageCounter } from '../usage/usage-counter.ts'
import { acceptOffer, type AcceptServices } from './accept.ts'
import { endOffer } from './end-offer.ts'
import { offerCredential } from './offer.ts'
import { reportSuccession, type ReportServices } from './report.ts'
import { AcceptedBody, HexId, Offer, OfferInput, SuccessionBody } from './schemas.ts'
import { openOffers } from './open-offers.ts'
import type { OfferRow } from './store.ts'

export interface SuccessionRouteOptions {
  services: AcceptServices & ReportServices & { usage: UsageCounter }
  contextOf: ContextOf
}

interface ById {
  Params: { id: string }
}

const OVERLAP_DAYS = 7
const DAY_MS = 86_400_000

/** What breaks when somebody leaves, and giving personal access tokens to somebody who stays. */
export async function successionRoutes(app: FastifyInstance, options: SuccessionRouteOptions): Promise<void> {
  const { services, contextOf } = options
  const askingOf = (request: FastifyRequest): { caller: Principal; ctx: RequestContext } => {
    const caller = callerOf(request)
    return { caller, ctx: contextOf(visitOf(request.raw), actorOf(caller)) }
  }

  app.get<ById>(
    '/sallyport/v1/identities/:id/succession',
    {
      schema: {
        ...of('getSuccession', 'What breaks when an identity leaves, and what a successor would need'),
        params: HexId,
        response: { 200: SuccessionBody, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request) => {
      const { caller, ctx } = askingOf(request)
      await services.usage.flush()
      return reportSuccession(services, ctx, { caller, id: request.params.id })
    },
  )

  app.get(
    '/sallyport/v1/succession-offers',
    {
      schema: {
        ...of('listSuccessionOffers', 'Open offers from or to the caller; for an ORG_ADMIN, all'),
        response: { 200: Type.Array(Offer), ...errorResponses(401, 403, 429) },
      },
    },
    async (request) => {
      const { caller, ctx } = askingOf(request)
      return (await openOffers(ctx, caller)).map(offerBody)
    },
  )

  app.post<{ Body: OfferInput }>(
    '/sallyport/v1/succession-offers',
    {
      schema: {
        ...of('offerCredential', 'Offer a personal access token to another identity'),
        body: OfferInput,
        response: { 201: Offer, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request, reply) => {
      const { caller, ctx } = askingOf(request)
      const { overlapDays = OVERLAP_DAYS, ...input } = request.body
      return reply.code(201).send(offerBody(await offerCredential(services, ctx, { caller, ...input, overlapDays })))
    },
  )

  app.post<ById>(
    '/sallyport/v1/succession-offers/:id/accept',
    {
      schema: {
        ...of('acceptSuccessionOffer', 'Take over a personal access token; answers its new secret once'),
        params: HexId,
        response: { 200: AcceptedBody, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    (request) => {
      const perOwnerMax = visitOf(request.raw).site.tenant.settings.tokens.personalAccessTokensPerUser
      return acceptOffer(services, askingOf(request).ctx, { ...idOf(request), perOwnerMax })
    },
  )

  app.post<ById>(
    '/sallyport/v1/succession-offers/:id/decline',
    {
      schema: {
        ...of('declineSuccessionOffer', 'Decline an offer'),
        params: HexId,
        response: { 204: Type.Null(), ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request, reply) => {
      await endOffer(services.identities, askingOf(request).ctx, { ...idOf(request), part: 'successor' })
      return reply.code(204).send()
    },
  )

  app.delete<ById>(
    '/sallyport/v1/succession-offers/:id',
    {
      schema: {
        ...of('withdrawSuccessionOffer', 'Withdraw an offer'),
        params: HexId,
        response: { 204: Type.Null(), ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request, reply) => {
      await endOffer(services.identities, askingOf(request).ctx, { ...idOf(request), part: 'giver' })
      return reply.code(204).send()
    },
  )
}

const idOf = (request: FastifyRequest<ById>) => ({ caller: callerOf(request), id: request.params.id })

/** Any user may call, about what is theirs; the operations ask for the scope, and for ORG_ADMIN where it is not. */
const of = (operationId: string, summary: string): FastifySchema => ({
  operationId,
  summary,
  security: [{ userAuth: [SCOPE_DEFAULT] }],
})

const offerBody = (row: OfferRow) => ({
  id: row.id,
  credentialId: row.credential_id,
  ownerId: row.from_id,
  successorId: row.to_id,
  overlapDays: row.overlap_ms / DAY_MS,
  offeredAt: new Date(row.offered_at).toISOString(),
  expiresAt: new Date(row.expires_at).toISOString(),
})
