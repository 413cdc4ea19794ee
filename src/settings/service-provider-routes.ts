import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { iscRoute, type IscVersion } from '../http/isc-routes.ts'
import { JsonPatch } from '../http/json-patch.ts'
import { originsOf } from '../tenants/origins.ts'
import { patchServiceProvider, ServiceProviderConfiguration, serviceProviderDocument } from './service-provider.ts'
import type { SettingsRouteOptions } from './settings-services.ts'
import { changeDocument, readDocument } from './tenant-document.ts'

const route = {
  path: '/auth-org/service-provider-config',
  versions: ['v3', 'v2024', 'v2025', 'v2026', 'v1'] satisfies IscVersion[],
}
const response = { 200: ServiceProviderConfiguration, ...errorResponses(400, 401, 403, 404, 429) }

/** How people may sign in at another identity provider; kept and checked by ISC's rules. */
export async function serviceProviderRoutes(
  app: FastifyInstance,
  { changes, contextOf, address }: SettingsRouteOptions,
): Promise<void> {
  const documentOf = ({ raw }: FastifyRequest) => {
    const { tenant } = visitOf(raw).site
    return serviceProviderDocument(tenant.name, originsOf(tenant, address()))
  }
  iscRoute(app, {
    ...route,
    method: 'GET',
    operationId: 'getAuthOrgServiceProviderConfig',
    summary: 'Get how people sign in at another identity provider',
    access: { user: ['sp:auth-org:read'], application: ['sp:auth-org:read'] },
    schema: { response },
    handler: async (request) => readDocument(contextOf(visitOf(request.raw)), documentOf(request)),
  })
  iscRoute<{ Body: JsonPatch }>(app, {
    ...route,
    method: 'PATCH',
    operationId: 'patchAuthOrgServiceProviderConfig',
    summary: 'Change how people sign in at another identity provider',
    access: { user: ['sp:auth-org:manage'], application: ['sp:auth-org:manage'] },
    schema: { body: JsonPatch, response },
    handler: async (request) => {
      const ctx = contextOf(visitOf(request.raw), actorOf(callerOf(request)))
      return changeDocument(changes, ctx, documentOf(request), (current) => patchServiceProvider(current, request.body))
    },
  })
}
