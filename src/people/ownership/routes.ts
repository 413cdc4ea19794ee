import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { DomainError } from '../../errors.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscVersion, iscRoute } from '../../http/isc-routes.ts'
import { getIdentity } from '../../identities/list.ts'
import { actingOf, IdParams, type IdRoute, type PeopleRouteOptions } from '../plugin.ts'
import { describeOwnership, Ownership } from './ownership.ts'

const versions: readonly IscVersion[] = ['beta', 'v2024', 'v2025', 'v2026', 'v1']
const reading = { user: ['idn:identity:read', 'idn:identity-direct-report:read', 'idn:identity:manage'] }
const refusals = errorResponses(400, 401, 403, 404, 429)

const RolesQuery = Type.Object({
  roleId: Type.Optional(Type.String({ maxLength: 256 })),
  roleName: Type.Optional(Type.String({ maxLength: 256 })),
})
const AssignmentParams = Type.Object({ ...IdParams.properties, assignmentId: Type.String({ maxLength: 64 }) })

/** What an identity owns, and the roles it is assigned: none, since Sallyport assigns no roles. */
export async function ownershipRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  iscRoute<IdRoute>(app, {
    method: 'GET',
    path: '/identities/:id/ownership',
    versions,
    operationId: 'getIdentityOwnershipDetails',
    summary: 'What an identity owns',
    access: (version) => ({ user: ['idn:identity:read'], ...(version === 'v2024' && { userLevels: ['Any'] }) }),
    schema: { params: IdParams, response: { 200: Ownership, ...refusals } },
    handler: (request) => describeOwnership(actingOf(options, request), request.params.id),
  })

  iscRoute<IdRoute & { Querystring: Static<typeof RolesQuery> }>(app, {
    method: 'GET',
    path: '/identities/:id/role-assignments',
    versions,
    operationId: 'getRoleAssignments',
    summary: 'The roles an identity is assigned: none',
    access: reading,
    schema: {
      params: IdParams,
      querystring: RolesQuery,
      response: { 200: Type.Array(Type.Object({ id: Type.String() })), ...refusals },
    },
    handler: async (request) => {
      const { ctx } = actingOf(options, request)
      await getIdentity(ctx.db, ctx.tenantId, request.params.id)
      return []
    },
  })

  iscRoute<{ Params: Static<typeof AssignmentParams> }>(app, {
    method: 'GET',
    path: '/identities/:id/role-assignments/:assignmentId',
    versions,
    operationId: 'getRoleAssignment',
    summary: 'A role an identity is assigned: there is none',
    access: reading,
    schema: { params: AssignmentParams, response: { 200: Type.Object({ id: Type.String() }), ...refusals } },
    handler: async (request) => {
      const { ctx } = actingOf(options, request)
      const { id, assignmentId } = request.params
      await getIdentity(ctx.db, ctx.tenantId, id)
      throw new DomainError('not_found', `There is no role assignment ${assignmentId}.`)
    },
  })
}
