import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { CollectionParameters, readCollectionQuery } from '../collections/collection-query.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { answerPage } from '../http/answer-page.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { AuditEventDto, auditEventFields, listAuditEvents } from './list.ts'

export interface AuditEventRouteOptions {
  contextOf: ContextOf
}

/** Who changed what, when, from where. */
export async function auditEventRoutes(app: FastifyInstance, { contextOf }: AuditEventRouteOptions): Promise<void> {
  app.get<{ Querystring: CollectionParameters }>(
    '/sallyport/v1/audit-events',
    {
      schema: {
        operationId: 'listAuditEvents',
        summary: 'Audit events, the newest first',
        security: [{ userAuth: ['sallyport:audit:read'] }],
        querystring: CollectionParameters,
        response: { 200: Type.Array(AuditEventDto), ...errorResponses(400, 401, 403, 429) },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(visitOf(request.raw), actorOf(callerOf(request)))
      return answerPage(reply, await listAuditEvents(ctx, readCollectionQuery(request.query, auditEventFields)))
    },
  )
}
