import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { type Visit, visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import type { Actor, RequestContext } from '../request-context.ts'
import { listDenials } from './list.ts'
import { DenialGroup, DenialQuery } from './schemas.ts'

export interface DenialRouteOptions {
  contextOf: (visit: Visit, actor?: Actor) => RequestContext
}

/** What was refused of late, and to whom. */
export async function denialRoutes(app: FastifyInstance, { contextOf }: DenialRouteOptions): Promise<void> {
  app.get<{ Querystring: DenialQuery }>(
    '/sallyport/v1/denials',
    {
      schema: {
        operationId: 'listDenials',
        summary: 'Refusals of the last seven days, by client, operation and reason',
        security: [{ userAuth: ['sallyport:audit:read'] }],
        querystring: DenialQuery,
        response: { 200: Type.Array(DenialGroup), ...errorResponses(400, 401, 403, 429) },
      },
    },
    (request) => listDenials(contextOf(visitOf(request.raw), actorOf(callerOf(request))), request.query),
  )
}
