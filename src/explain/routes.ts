import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { type Asking, explain, type ExplainServices } from './explain.ts'
import { ExplainBody, Explanation } from './schemas.ts'

export interface ExplainRouteOptions {
  services: ExplainServices
  contextOf: ContextOf
}

/** Why was it denied, or would it be? */
export async function explainRoutes(app: FastifyInstance, { services, contextOf }: ExplainRouteOptions): Promise<void> {
  const askingOf = (request: FastifyRequest): Asking => {
    const visit = visitOf(request.raw)
    const caller = callerOf(request)
    return { visit, caller, ctx: contextOf(visit, actorOf(caller)) }
  }

  app.post<{ Body: ExplainBody }>(
    '/sallyport/v1/explain',
    {
      schema: {
        operationId: 'explain',
        summary: 'Explain what would happen to a request, or what happened to one',
        security: [{ anyToken: [] }],
        body: ExplainBody,
        response: { 200: Explanation, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    (request) => explain(services, askingOf(request), request.body),
  )

  app.get<{ Params: { trackingId: string } }>(
    '/sallyport/v1/explain/:trackingId',
    {
      schema: {
        operationId: 'explainRefusal',
        summary: 'Explain a refusal by its tracking id',
        security: [{ anyToken: [] }],
        params: Type.Object({ trackingId: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
        response: { 200: Explanation, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    (request) => explain(services, askingOf(request), { trackingId: request.params.trackingId }),
  )
}
