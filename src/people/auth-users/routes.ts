import type { FastifyInstance } from 'fastify'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscVersion, iscRoute } from '../../http/isc-routes.ts'
import { JsonPatch } from '../../http/json-patch.ts'
import { getIdentity } from '../../identities/list.ts'
import { actingOf, IdParams, type IdRoute, type PeopleRouteOptions } from '../plugin.ts'
import { patchAuthUser } from './patch.ts'
import { AuthUser, authUser } from './schemas.ts'

const versions: readonly IscVersion[] = ['v3', 'v2024', 'v2025', 'v2026', 'v1']
const response = { 200: AuthUser, ...errorResponses(400, 401, 403, 404, 429) }

/** Who holds which user levels. */
export async function authUserRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  iscRoute<IdRoute>(app, {
    method: 'GET',
    path: '/auth-users/:id',
    versions,
    operationId: 'getAuthUser',
    summary: 'Read an identity with its user levels',
    access: { user: ['sp:auth-user:read'] },
    schema: { params: IdParams, response },
    handler: async (request) => {
      const { ctx, tenant } = actingOf(options, request)
      return authUser(tenant, await getIdentity(ctx.db, ctx.tenantId, request.params.id))
    },
  })

  iscRoute<IdRoute & { Body: JsonPatch }>(app, {
    method: 'PATCH',
    path: '/auth-users/:id',
    versions,
    operationId: 'patchAuthUser',
    summary: 'Give and take user levels',
    access: { user: ['sp:auth-user:manage'] },
    schema: { params: IdParams, body: JsonPatch, response },
    handler: (request) =>
      patchAuthUser(options.services, actingOf(options, request), {
        id: request.params.id,
        patch: request.body,
      }),
  })
}
