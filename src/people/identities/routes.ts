import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { collectionParameters, readCollectionQuery } from '../../collections/collection-query.ts'
import { answerPage, mapPage } from '../../http/answer-page.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscVersion, iscRoute } from '../../http/isc-routes.ts'
import { getIdentity, identityFields, listIdentities } from '../../identities/list.ts'
import { actingOf, IdParams, type IdRoute, type PeopleRouteOptions } from '../plugin.ts'
import { removeIdentity } from './delete-identity.ts'
import { IdentityDto, identityDto } from './schemas.ts'

const versions: readonly IscVersion[] = ['beta', 'v2024', 'v2025', 'v2026', 'v1']
const reading = { user: ['idn:identity:read', 'idn:identity:manage'] }
const managing = { user: ['idn:identity:manage'], application: ['idn:identity:manage'] }

const ListQuery = Type.Object({
  ...collectionParameters,
  defaultFilter: Type.Optional(Type.Enum(['CORRELATED_ONLY', 'NONE'])),
})

/** Identities as ISC's clients list, read and delete them; only whoever acts for a user may look. */
export async function identityRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  iscRoute<{ Querystring: Static<typeof ListQuery> }>(app, {
    method: 'GET',
    path: '/identities',
    versions,
    operationId: 'listIdentities',
    summary: 'List identities',
    access: reading,
    schema: {
      querystring: ListQuery,
      response: { 200: Type.Array(IdentityDto), ...errorResponses(400, 401, 403, 429) },
    },
    handler: async (request, reply) => {
      const { ctx } = actingOf(options, request)
      const page = await listIdentities(ctx, readCollectionQuery(request.query, identityFields))
      return answerPage(reply, mapPage(page, identityDto))
    },
  })

  iscRoute<IdRoute>(app, {
    method: 'GET',
    path: '/identities/:id',
    versions,
    operationId: 'getIdentity',
    summary: 'Read an identity',
    access: reading,
    schema: { params: IdParams, response: { 200: IdentityDto, ...errorResponses(400, 401, 403, 404, 429) } },
    handler: async (request) => {
      const { ctx } = actingOf(options, request)
      return identityDto(await getIdentity(ctx.db, ctx.tenantId, request.params.id))
    },
  })

  iscRoute<IdRoute>(app, {
    method: 'DELETE',
    path: '/identities/:id',
    versions,
    operationId: 'deleteIdentity',
    summary: 'Delete an identity with all it holds',
    access: managing,
    schema: { params: IdParams, response: { 204: Type.Null(), ...errorResponses(400, 401, 403, 404, 429) } },
    handler: async (request, reply) => {
      await removeIdentity(options.services, actingOf(options, request), request.params.id)
      return reply.code(204).send(null)
    },
  })
}
