import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Catalogs } from '../catalogs/catalogs.ts'
import type { Clock } from '../clock.ts'
import { DomainError } from '../errors.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { iscErrorBody, iscTexts } from '../http/isc-error.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { NetworkThrottle } from '../rate-limits/network-throttle.ts'
import { accessMatrix } from './matrix.ts'
import { filters, MatrixEntries, sendMatrix } from './routes.ts'

const Query = Type.Object(filters, { additionalProperties: false })
type Query = Static<typeof Query>

/** Nobody in particular asks, so a network is what is counted. */
const PER_NETWORK = { requests: 20, windowSeconds: 10 }

export interface PublicMatrixRouteOptions {
  services: { catalogs: Catalogs; monotonicMs: Clock }
  contextOf: ContextOf
}

/** The access matrix for everybody, where the tenant wants that; elsewhere there is no such thing. */
export async function publicMatrixRoutes(
  app: FastifyInstance,
  { services: { catalogs, monotonicMs }, contextOf }: PublicMatrixRouteOptions,
): Promise<void> {
  const throttle = new NetworkThrottle(monotonicMs, PER_NETWORK)
  app.get<{ Querystring: Query }>(
    '/sallyport/v1/public/access-matrix',
    {
      schema: {
        operationId: 'getPublicAccessMatrix',
        summary: 'What every operation demands, where the tenant lets everybody know',
        security: [{}],
        querystring: Query,
        response: {
          200: { content: { 'application/json': { schema: MatrixEntries }, '*/*': { schema: Type.String() } } },
          ...errorResponses(400, 404, 429),
        },
      },
    },
    async (request, reply) => {
      const visit = visitOf(request.raw)
      const { id, settings } = visit.site.tenant
      if (!settings.accessMatrix.public) throw new DomainError('not_found', iscTexts.notFound)
      const verdict = throttle.count(id, visit.network)
      if (!verdict.allowed) {
        const body = iscErrorBody({ status: 429, text: iscTexts.rateLimited, trackingId: visit.trackingId })
        return reply.code(429).header('retry-after', verdict.retryAfterSeconds).send(body)
      }
      const { entries } = await catalogs.find(contextOf(visit).db, id)
      return sendMatrix(request, reply, accessMatrix(entries, request.query, undefined))
    },
  )
}
