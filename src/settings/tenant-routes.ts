import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { pageParameters, readCollectionQuery } from '../collections/collection-query.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { iscRoute, type IscVersion } from '../http/isc-routes.ts'
import { JsonPatch } from '../http/json-patch.ts'
import { OrgConfig, orgConfigDocument, patchOrgConfig, timeZones } from './org-config.ts'
import type { SettingsRouteOptions } from './settings-services.ts'
import { ContextPatch, contextDocument, patchContext, TenantContext } from './tenant-context.ts'
import { changeDocument, readDocument } from './tenant-document.ts'
import { describeTenant, TenantBody } from './tenant-body.ts'

const dated: readonly IscVersion[] = ['v2024', 'v2025', 'v2026', 'v1']
const versions: readonly IscVersion[] = ['beta', ...dated]
const errors = errorResponses(400, 401, 403, 404, 429)
const LIMIT_MAX = 50
const Page = Type.Object(pageParameters, { additionalProperties: false })

/** What a tenant says of itself: its addresses, its words, its organisation. */
export async function tenantSettingsRoutes(app: FastifyInstance, options: SettingsRouteOptions): Promise<void> {
  iscRoute(app, {
    method: 'GET',
    path: '/tenant',
    versions,
    operationId: 'getTenant',
    summary: 'Get the tenant',
    access: (version) => ({ user: ['sp:tenant:read'], ...(version !== 'beta' && { userLevels: ['Any'] }) }),
    schema: { response: { 200: TenantBody, ...errors } },
    handler: async ({ raw }) =>
      describeTenant(visitOf(raw).site.tenant, { address: options.address(), pod: options.pod }),
  })
  contextRoutes(app, options)
  orgConfigRoutes(app, options)
}

function contextRoutes(app: FastifyInstance, { changes, contextOf }: SettingsRouteOptions): void {
  const userLevels = ['ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN']
  const response = { 200: TenantContext, ...errors }
  iscRoute(app, {
    method: 'GET',
    path: '/tenant-context',
    versions: dated,
    operationId: 'getTenantContext',
    summary: 'Get what words mean in this tenant',
    access: { user: ['idn:tenant-context:read'], application: ['idn:tenant-context:read'], userLevels },
    schema: { response },
    handler: async ({ raw }) => readDocument(contextOf(visitOf(raw)), contextDocument),
  })
  iscRoute<{ Body: ContextPatch }>(app, {
    method: 'PATCH',
    path: '/tenant-context',
    versions: dated,
    operationId: 'patchTenantContext',
    summary: 'Change what words mean in this tenant',
    access: { user: ['idn:tenant-context:write'], application: ['idn:tenant-context:write'], userLevels },
    schema: { body: ContextPatch, response },
    handler: async (request) => {
      const ctx = contextOf(visitOf(request.raw), actorOf(callerOf(request)))
      return changeDocument(changes, ctx, contextDocument, (current) => patchContext(current, request.body))
    },
  })
}

function orgConfigRoutes(app: FastifyInstance, { changes, contextOf }: SettingsRouteOptions): void {
  const levels = (version: IscVersion) => (version === 'beta' ? {} : { userLevels: ['ORG_ADMIN'] })
  const reading = ['idn:org-configs:read', 'idn:org-configs:manage']
  const zones = ['idn:org-configs:read', 'idn:org-configs-user:read']
  const response = { 200: OrgConfig, ...errors }
  iscRoute(app, {
    method: 'GET',
    path: '/org-config',
    versions,
    operationId: 'getOrgConfig',
    summary: 'Get the configuration of the organisation',
    access: (version) => ({ user: reading, application: reading, ...levels(version) }),
    schema: { response },
    handler: async ({ raw }) => {
      const visit = visitOf(raw)
      return readDocument(contextOf(visit), orgConfigDocument(visit.site.tenant.name))
    },
  })
  iscRoute<{ Body: JsonPatch }>(app, {
    method: 'PATCH',
    path: '/org-config',
    versions,
    operationId: 'patchOrgConfig',
    summary: 'Change the configuration of the organisation',
    access: (version) => ({ user: ['idn:org-configs:manage'], ...levels(version) }),
    schema: { body: JsonPatch, response },
    handler: async (request) => {
      const visit = visitOf(request.raw)
      const ctx = contextOf(visit, actorOf(callerOf(request)))
      const document = orgConfigDocument(visit.site.tenant.name)
      return changeDocument(changes, ctx, document, (current) => patchOrgConfig(current, request.body))
    },
  })
  iscRoute<{ Querystring: { limit?: string; offset?: string; count?: string } }>(app, {
    method: 'GET',
    path: '/org-config/valid-time-zones',
    versions,
    operationId: 'getValidTimeZones',
    summary: 'List the time zones there are',
    access: (version) => ({ user: zones, application: zones, ...levels(version) }),
    schema: { querystring: Page, response: { 200: Type.Array(Type.String()), ...errors } },
    handler: async ({ query }, reply) => {
      const { limit, offset, isCounted } = readCollectionQuery(query, {}, LIMIT_MAX)
      if (isCounted) void reply.header('x-total-count', timeZones.length)
      return timeZones.slice(offset, offset + limit)
    },
  })
}
