import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  collectionParameters,
  pageParameters,
  readCollectionQuery,
  sorterParameter,
} from '../../collections/collection-query.ts'
import { answerPage, mapPage } from '../../http/answer-page.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscVersion, iscRoute } from '../../http/isc-routes.ts'
import { holderFields, holdersOf, listHolders } from '../../identities/list.ts'
import { getUserLevel } from '../../user-levels/find.ts'
import { isCustomLevelId } from '../../user-levels/user-level.ts'
import { actingOf, IdParams, type IdRoute, type PeopleRouteOptions } from '../plugin.ts'
import { listRightSets } from '../user-levels/right-sets.ts'
import { HierarchicalRightSet } from '../user-levels/schemas.ts'

const versions: readonly IscVersion[] = ['v2025', 'v2026', 'v1']
const managing = { user: ['idn:user-level:manage'], userLevels: ['ORG_ADMIN'], experimental: true }
const reading = { ...managing, user: ['idn:user-level:read', 'idn:user-level:manage'] }

const ListQuery = Type.Object(collectionParameters)
const HoldersQuery = Type.Object({ ...pageParameters, ...sorterParameter })
const LevelIds = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50 })
const Count = Type.Object({ id: Type.String(), count: Type.Integer() })
const Holder = Type.Object({ id: Type.String(), uid: Type.String(), alias: Type.String(), displayName: Type.String() })

/** What levels are composed of, and who holds them. */
export async function holderRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  iscRoute<{ Querystring: Static<typeof ListQuery> }>(app, {
    method: 'GET',
    path: '/authorization/authorization-assignable-right-sets',
    versions,
    operationId: 'listAllAuthorizationRightSets',
    summary: 'What custom user levels can be composed of',
    access: managing,
    schema: {
      querystring: ListQuery,
      response: { 200: Type.Array(HierarchicalRightSet), ...errorResponses(400, 401, 403, 404, 429) },
    },
    handler: async (request, reply) => {
      const asked = readCollectionQuery(request.query, {})
      return answerPage(reply, await listRightSets(options.services, actingOf(options, request), asked))
    },
  })

  iscRoute<{ Body: string[] }>(app, {
    method: 'POST',
    path: '/authorization/user-levels/get-identity-count',
    versions,
    operationId: 'showUserLevelCounts',
    summary: 'How many identities hold each of these levels',
    access: reading,
    schema: { body: LevelIds, response: { 200: Type.Array(Count), ...errorResponses(400, 401, 403, 404, 429) } },
    handler: async (request, reply) => {
      const { ctx } = actingOf(options, request)
      const counts = await holdersOf(ctx.db, ctx.tenantId, [...new Set(request.body)])
      return answerPage(reply, { items: counts, total: counts.length })
    },
  })

  iscRoute<IdRoute & { Querystring: Static<typeof HoldersQuery> }>(app, {
    method: 'GET',
    path: '/authorization/user-levels/:id/identities',
    versions,
    operationId: 'listUserLevelIdentities',
    summary: 'Who holds a level',
    access: reading,
    schema: {
      params: IdParams,
      querystring: HoldersQuery,
      response: { 200: Type.Array(Holder), ...errorResponses(400, 401, 403, 404, 429) },
    },
    handler: async (request, reply) => {
      const { ctx } = actingOf(options, request)
      const { id } = request.params
      if (isCustomLevelId(id)) await getUserLevel(ctx, id)
      const page = await listHolders(ctx, id, readCollectionQuery(request.query, holderFields))
      return answerPage(
        reply,
        mapPage(page, ({ id: holder, alias, displayName }) => ({ id: holder, uid: alias, alias, displayName })),
      )
    },
  })
}
