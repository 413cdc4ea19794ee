import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { collectionParameters, readCollectionQuery } from '../../collections/collection-query.ts'
import { answerPage } from '../../http/answer-page.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscVersion, iscRoute } from '../../http/isc-routes.ts'
import { getUserLevel, listUserLevels, userLevelFields } from '../../user-levels/find.ts'
import { actingOf, IdParams, type IdRoute, isoTime, type PeopleRouteOptions } from '../plugin.ts'
import { describeLevel, describeLevels } from './describe.ts'
import { deleteLevel, makeLevel, patchLevel, publishLevel } from './manage.ts'
import { UserLevelBody, UserLevelDto, UserLevelPatch } from './schemas.ts'

const LEVELS_PER_PAGE = 50

const managed = {
  versions: ['v2025', 'v2026', 'v1'] satisfies IscVersion[],
  access: { user: ['idn:user-level:manage'], userLevels: ['ORG_ADMIN'], experimental: true },
}
const path = '/authorization/custom-user-levels'
const refusals = errorResponses(400, 401, 403, 404, 429)

const ListQuery = Type.Object({
  ...collectionParameters,
  detailLevel: Type.Optional(Type.Enum(['FULL', 'SLIM', 'basic'])),
})
const Published = Type.Object({
  userLevelId: Type.String(),
  publish: Type.Boolean(),
  status: Type.String(),
  modified: Type.String(),
})

/** Custom user levels: composed of right sets, published, and then given to identities. */
export async function customLevelRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  const { services } = options

  iscRoute<{ Querystring: Static<typeof ListQuery> }>(app, {
    ...managed,
    method: 'GET',
    path,
    operationId: 'listUserLevels',
    summary: 'List custom user levels',
    schema: { querystring: ListQuery, response: { 200: Type.Array(UserLevelDto), ...refusals } },
    handler: async (request, reply) => {
      const { ctx } = actingOf(options, request)
      const { items, total } = await listUserLevels(
        ctx,
        readCollectionQuery(request.query, userLevelFields, LEVELS_PER_PAGE),
      )
      const isSlim = request.query.detailLevel === 'SLIM'
      return answerPage(reply, { items: await describeLevels(ctx, items, { isSlim }), total })
    },
  })

  iscRoute<{ Body: UserLevelBody }>(app, {
    ...managed,
    method: 'POST',
    path,
    operationId: 'createCustomUserLevel',
    summary: 'Create a custom user level, as a draft',
    schema: { body: UserLevelBody, response: { 200: UserLevelDto, ...refusals } },
    handler: async (request) => {
      const acting = actingOf(options, request)
      return describeLevel(acting.ctx, await makeLevel(services, acting, request.body))
    },
  })

  iscRoute<IdRoute>(app, {
    ...managed,
    method: 'GET',
    path: `${path}/:id`,
    operationId: 'getUserLevel',
    summary: 'Read a custom user level',
    schema: { params: IdParams, response: { 200: UserLevelDto, ...refusals } },
    handler: async (request) => {
      const { ctx } = actingOf(options, request)
      return describeLevel(ctx, await getUserLevel(ctx, request.params.id))
    },
  })

  iscRoute<IdRoute & { Body: UserLevelPatch }>(app, {
    ...managed,
    method: 'PATCH',
    path: `${path}/:id`,
    operationId: 'updateUserLevel',
    summary: 'Change a custom user level; whoever holds it has its new rights at once',
    schema: { params: IdParams, body: UserLevelPatch, response: { 200: UserLevelDto, ...refusals } },
    handler: async (request) => {
      const acting = actingOf(options, request)
      const level = await patchLevel(services, acting, { id: request.params.id, patch: request.body })
      return describeLevel(acting.ctx, level)
    },
  })

  iscRoute<IdRoute>(app, {
    ...managed,
    method: 'DELETE',
    path: `${path}/:id`,
    operationId: 'deleteUserLevel',
    summary: 'Delete a custom user level that nobody holds',
    schema: { params: IdParams, response: { 204: Type.Null(), ...refusals } },
    handler: async (request, reply) => {
      await deleteLevel(services, actingOf(options, request), request.params.id)
      return reply.code(204).send(null)
    },
  })

  iscRoute<IdRoute>(app, {
    ...managed,
    method: 'POST',
    path: `${path}/:id/publish`,
    operationId: 'publishCustomUserLevel',
    summary: 'Make a draft assignable',
    schema: { params: IdParams, response: { 200: Published, ...refusals } },
    handler: async (request) => {
      const { id, status, modifiedAtMs } = await publishLevel(services, actingOf(options, request), request.params.id)
      return { userLevelId: id, publish: true, status, modified: isoTime(modifiedAtMs) }
    },
  })
}
