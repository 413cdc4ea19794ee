import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { iscRoute, type IscVersion } from '../http/isc-routes.ts'
import { JsonPatch } from '../http/json-patch.ts'
import {
  AuthProfile,
  authProfileDocument,
  authProfileIdOf,
  patchAuthProfile,
  requireAuthProfile,
} from './auth-profile.ts'
import { withoutNulls } from './patch-settings.ts'
import type { SettingsRouteOptions } from './settings-services.ts'
import { changeDocument, readDocument } from './tenant-document.ts'

const versions: readonly IscVersion[] = ['beta', 'v2024', 'v2025', 'v2026', 'v1']
const Profile = Type.Object({ id: Type.String({ maxLength: 64 }) })
const errors = errorResponses(400, 401, 403, 404, 429)

/** Beta knows no null: what there is not is left out. */
const bodyIn = (version: IscVersion, profile: AuthProfile): object =>
  version === 'beta' ? withoutNulls(profile) : profile

/** How the people of a tenant sign in, as ISC's auth profiles say it. */
export async function authProfileRoutes(
  app: FastifyInstance,
  { changes, contextOf }: SettingsRouteOptions,
): Promise<void> {
  iscRoute(app, {
    method: 'GET',
    path: '/auth-profiles',
    versions,
    operationId: 'getProfileConfigList',
    summary: 'List auth profiles',
    access: { user: ['sp:auth-profile:read'] },
    schema: { response: { 200: Type.Array(Type.Object({ tenant: Type.String(), id: Type.String() })), ...errors } },
    handler: async ({ raw }) => {
      const { tenant } = visitOf(raw).site
      return [{ tenant: tenant.name, id: authProfileIdOf(tenant) }]
    },
  })
  iscRoute<{ Params: { id: string } }>(app, {
    method: 'GET',
    path: '/auth-profiles/:id',
    versions,
    operationId: 'getProfileConfig',
    summary: 'Get an auth profile',
    access: { user: ['sp:auth-profile:read'] },
    schema: { params: Profile, response: { 200: AuthProfile, ...errors } },
    handler: async ({ raw, params }, _reply, version) => {
      requireAuthProfile(visitOf(raw).site.tenant, params.id)
      return bodyIn(version, await readDocument(contextOf(visitOf(raw)), authProfileDocument))
    },
  })
  iscRoute<{ Params: { id: string }; Body: JsonPatch }>(app, {
    method: 'PATCH',
    path: '/auth-profiles/:id',
    versions,
    operationId: 'patchProfileConfig',
    summary: 'Change an auth profile',
    access: { user: ['sp:auth-profile:update'] },
    schema: { params: Profile, body: JsonPatch, response: { 200: AuthProfile, ...errors } },
    handler: async (request, _reply, version) => {
      const visit = visitOf(request.raw)
      requireAuthProfile(visit.site.tenant, request.params.id)
      const ctx = contextOf(visit, actorOf(callerOf(request)))
      const change = (current: AuthProfile) => patchAuthProfile(current, request.body)
      return bodyIn(version, await changeDocument(changes, ctx, authProfileDocument, change))
    },
  })
}
