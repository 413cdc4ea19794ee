import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { filterParameter, pageParameters, readCollectionQuery } from '../collections/collection-query.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { type IscAccess, iscRoute, type IscVersion } from '../http/isc-routes.ts'
import { readUsageWindow } from './api-usage.ts'
import type { UsageRouteOptions } from './routes.ts'
import { countOperations, pageOfOperations } from './store.ts'

const versions: readonly IscVersion[] = ['v2025', 'v2026', 'v1']
const access: IscAccess = {
  user: ['sp:api-usage:read'],
  application: ['sp:api-usage:read'],
  userLevels: ['ORG_ADMIN'],
  experimental: true,
}
const errors = errorResponses(400, 401, 403, 429)
const NumberOfCalls = Type.Integer()
const { limit, offset } = pageParameters
const CountQuery = Type.Object(filterParameter, { additionalProperties: false })
const SummaryQuery = Type.Object({ limit, offset, ...filterParameter }, { additionalProperties: false })

/** How often the tenant's APIs were called, as ISC tells it. */
export async function apiUsageRoutes(app: FastifyInstance, { services, contextOf }: UsageRouteOptions): Promise<void> {
  iscRoute<{ Querystring: { filters?: string } }>(app, {
    method: 'GET',
    path: '/api-usage/count',
    versions,
    operationId: 'getTotalCount',
    summary: 'How many calls there were',
    access,
    schema: { querystring: CountQuery, response: { 200: Type.Object({ NumberOfCalls }), ...errors } },
    handler: async ({ raw, query }) => {
      const ctx = contextOf(visitOf(raw))
      await services.usage.flush()
      return { NumberOfCalls: await countOperations(ctx.db, ctx.tenantId, readUsageWindow(query.filters, ctx.nowMs)) }
    },
  })
  iscRoute<{ Querystring: { filters?: string; limit?: string; offset?: string } }>(app, {
    method: 'GET',
    path: '/api-usage/summary',
    versions,
    operationId: 'listApiSummary',
    summary: 'How many calls each path had, the busiest first',
    access,
    schema: {
      querystring: SummaryQuery,
      response: { 200: Type.Array(Type.Object({ RequestedUri: Type.String(), NumberOfCalls })), ...errors },
    },
    handler: async ({ raw, query: { filters, ...page } }) => {
      const ctx = contextOf(visitOf(raw))
      await services.usage.flush()
      const window = readUsageWindow(filters, ctx.nowMs)
      const rows = await pageOfOperations(ctx.db, ctx.tenantId, { ...window, ...readCollectionQuery(page, {}) })
      return rows.map(({ subject, count }) => ({ RequestedUri: subject, NumberOfCalls: count }))
    },
  })
}
