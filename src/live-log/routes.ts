import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import type { LiveLog } from './live-log.ts'
import { objectionTo, type ObjectionServices } from './objection.ts'
import { LogQuery } from './schemas.ts'
import { Tail } from './tail.ts'

export interface LiveLogRouteOptions {
  services: ObjectionServices & { liveLog: LiveLog }
}

/** What is refused right now, as it happens. */
export async function liveLogRoutes(app: FastifyInstance, { services }: LiveLogRouteOptions): Promise<void> {
  const { liveLog } = services
  app.get<{ Querystring: LogQuery }>(
    '/sallyport/v1/log',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'tailLog',
        summary: 'Refusals, and calls that pass if asked for, as server-sent events while they happen',
        security: [{ userAuth: ['sallyport:audit:read'] }],
        querystring: LogQuery,
        response: {
          200: { content: { 'text/event-stream': { schema: Type.String() } } },
          ...errorResponses(400, 401, 403, 429),
        },
      },
    },
    (request, reply) => {
      const { raw, headers, query } = request
      const visit = visitOf(raw)
      const { id } = visit.site.tenant
      liveLog.requireRoom(id)
      reply.hijack()
      const tail = new Tail(reply.raw, query)
      const opening = {
        visit,
        host: headers.host ?? '',
        method: raw.method ?? '',
        authorization: headers.authorization,
      }
      const remove = liveLog.add(id, tail, () => objectionTo(services, opening))
      reply.raw.on('close', remove)
      tail.open({ 'slpt-request-id': visit.trackingId }, liveLog.covers)
    },
  )
}
