import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import type { CredentialSources } from '../inventory/credential.ts'
import { impactOf } from './impact.ts'
import { reportUsage } from './report.ts'
import { ImpactBody, UsageReportBody } from './schemas.ts'
import type { UsageCounter } from './usage-counter.ts'
import { daysOf, windowQuery } from './window.ts'

export interface UsageRouteOptions {
  services: CredentialSources & { usage: UsageCounter }
  contextOf: ContextOf
}

const Window = Type.Object(windowQuery, { additionalProperties: false })
const ReportQuery = Type.Object(
  {
    ...windowQuery,
    by: Type.Optional(Type.Enum(['client', 'owner'])),
    ownerId: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  },
  { additionalProperties: false },
)
const ClientId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

/** Who calls what, and what breaks without a credential. */
export async function usageRoutes(app: FastifyInstance, { services, contextOf }: UsageRouteOptions): Promise<void> {
  app.get<{ Querystring: Static<typeof ReportQuery> }>(
    '/sallyport/v1/usage',
    {
      schema: {
        operationId: 'getUsage',
        summary: 'How often each credential called and was refused, or all of one owner',
        security: [{ userAuth: ['sallyport:usage:read'] }],
        'x-sailpoint-userLevels': ['ORG_ADMIN'],
        querystring: ReportQuery,
        response: { 200: UsageReportBody, ...errorResponses(400, 401, 403, 429) },
      },
    },
    async ({ raw, query }) => {
      const ctx = contextOf(visitOf(raw))
      await services.usage.flush()
      return reportUsage(ctx, daysOf(query, ctx.nowMs), { by: query.by ?? 'client', ownerId: query.ownerId })
    },
  )

  app.get<{ Params: { id: string }; Querystring: Static<typeof Window> }>(
    '/sallyport/v1/credentials/:id/impact',
    {
      schema: {
        operationId: 'getCredentialImpact',
        summary: 'What breaks when a credential is deleted: what it called lately, and from where',
        security: [{ anyToken: [] }],
        params: ClientId,
        querystring: Window,
        response: { 200: ImpactBody, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const ctx = contextOf(visitOf(request.raw), actorOf(caller))
      await services.usage.flush()
      return impactOf(services, ctx, { caller, id: request.params.id, days: daysOf(request.query, ctx.nowMs) })
    },
  )
}
