import type { FastifyInstance } from 'fastify'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import type { MatrixRouteOptions } from './routes.ts'
import { smallestFor } from './smallest.ts'
import { SmallestAnswer, SmallestBody } from './smallest-schemas.ts'

/** Which credential suffices for a list of requests? */
export async function smallestRoutes(
  app: FastifyInstance,
  { services: { catalogs, userLevels }, contextOf }: MatrixRouteOptions,
): Promise<void> {
  app.post<{ Body: SmallestBody }>(
    '/sallyport/v1/smallest',
    {
      schema: {
        operationId: 'findSmallestCredential',
        summary: 'Which credential type, scopes and user level suffice for a list of requests',
        security: [{ anyToken: [] }],
        body: SmallestBody,
        response: { 200: SmallestAnswer, ...errorResponses(400, 401, 403, 429) },
      },
    },
    async ({ raw, body }) => {
      const visit = visitOf(raw)
      const { db } = contextOf(visit)
      const { id } = visit.site.tenant
      return smallestFor(await catalogs.find(db, id), await userLevels.find(db, id), body)
    },
  )
}
