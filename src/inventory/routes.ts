import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { collectionParameters } from '../collections/collection-query.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import { visitOf } from '../front-door/visit.ts'
import { answerPage } from '../http/answer-page.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { READ_CREDENTIALS } from './credential.ts'
import { inventoryCsv } from './csv.ts'
import { listCredentials } from './inventory.ts'

export interface InventoryRouteOptions {
  services: {
    /** Writes what was counted so far, so that the answer knows of it. */
    flushUsage: () => Promise<unknown>
  }
  contextOf: ContextOf
}

const Query = Type.Object(
  { ...collectionParameters, format: Type.Optional(Type.Enum(['json', 'csv'])) },
  { additionalProperties: false },
)
const Nullable = Type.Union([Type.String(), Type.Null()])
const Owner = Type.Object({
  id: Type.String(),
  alias: Type.String(),
  displayName: Type.String(),
  enabled: Type.Boolean(),
})
const Entries = Type.Array(
  Type.Object({
    id: Type.String(),
    kind: Type.String(),
    name: Type.String(),
    owner: Type.Union([Owner, Type.Null()]),
    enabled: Type.Boolean(),
    scope: Type.Array(Type.String()),
    created: Type.String(),
    expires: Nullable,
    lastUsed: Nullable,
    secretCreated: Nullable,
    liveSecrets: Type.Integer(),
    flags: Type.Array(Type.String()),
  }),
)

/** Every credential of every owner. */
export async function inventoryRoutes(
  app: FastifyInstance,
  { services, contextOf }: InventoryRouteOptions,
): Promise<void> {
  app.get<{ Querystring: Static<typeof Query> }>(
    '/sallyport/v1/credentials',
    {
      schema: {
        operationId: 'listCredentials',
        summary: 'All personal access tokens and API clients of all owners, and what is remarkable about them',
        security: [{ userAuth: [READ_CREDENTIALS] }],
        'x-sailpoint-userLevels': ['ORG_ADMIN'],
        querystring: Query,
        response: {
          200: { content: { 'application/json': { schema: Entries }, '*/*': { schema: Type.String() } } },
          ...errorResponses(400, 401, 403, 429),
        },
      },
    },
    async (request, reply) => {
      const { format, ...asked } = request.query
      await services.flushUsage()
      const page = await listCredentials(contextOf(visitOf(request.raw), actorOf(callerOf(request))), asked)
      const entries = answerPage(reply, page)
      const isCsv = format === 'csv' || (format === undefined && /text\/csv/.test(request.headers.accept ?? ''))
      if (isCsv) return reply.type('text/csv; charset=utf-8').send(inventoryCsv(page.items))
      return reply.type('application/json; charset=utf-8').send(entries)
    },
  )
}
