import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type TObject, Type } from 'typebox'
import { actorOf, callerOf } from '../admission/plugin.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { type IscAccess, iscRoute, type IscVersion } from '../http/isc-routes.ts'
import { JsonPatch } from '../http/json-patch.ts'
import type { TenantSettings } from '../tenants/settings.ts'
import { changeSettings, patchOf, withoutNulls } from './patch-settings.ts'
import { LockoutConfiguration, NetworkConfiguration, SessionConfiguration } from './schemas.ts'
import type { SettingsRouteOptions } from './settings-services.ts'

const versions: readonly IscVersion[] = ['v3', 'v2024', 'v2025', 'v2026', 'v1']
const scopes = (right: 'read' | 'manage'): IscAccess => ({
  user: [`sp:auth-org:${right}`],
  application: [`sp:auth-org:${right}`],
})
const errors = errorResponses(400, 401, 403, 404, 429)

interface SectionRoute {
  section: 'lockout' | 'session' | 'network'
  /** As the operation ids have it: `getAuthOrg...Config`. */
  name: string
  words: string
  schema: TObject
  userLevels?: readonly string[]
}

const sections: readonly SectionRoute[] = [
  {
    section: 'lockout',
    name: 'Lockout',
    words: 'the lockout rules of the tenant',
    schema: LockoutConfiguration,
    userLevels: ['ORG_ADMIN', 'HELPDESK'],
  },
  {
    section: 'session',
    name: 'Session',
    words: 'how long a sign-in lasts',
    schema: SessionConfiguration,
    userLevels: ['ORG_ADMIN', 'HELPDESK'],
  },
  { section: 'network', name: 'Network', words: 'from where the tenant is used', schema: NetworkConfiguration },
]

const Forced = Type.Object({ force: Type.Optional(Type.Enum(['true', 'false'])) })
interface Change<Body> {
  Body: Body
  Querystring: { force?: 'true' | 'false' }
}

const NewNetwork = Type.Object(
  {
    range: Type.Optional(Type.Union([NetworkConfiguration.properties.range, Type.Null()])),
    geolocation: Type.Optional(Type.Union([NetworkConfiguration.properties.geolocation, Type.Null()])),
    whitelisted: Type.Optional(NetworkConfiguration.properties.whitelisted),
  },
  { additionalProperties: false },
)

/** Lockout, sessions and networks of a tenant, as ISC's `auth-org` has them. */
export async function authOrgRoutes(app: FastifyInstance, options: SettingsRouteOptions): Promise<void> {
  for (const section of sections) {
    readRoute(app, section)
    patchRoute(app, section, options)
  }
  const { changes, contextOf } = options
  iscRoute<Change<Partial<TenantSettings['network']>>>(app, {
    method: 'POST',
    path: '/auth-org/network-config',
    versions,
    operationId: 'createAuthOrgNetworkConfig',
    summary: 'Set from where the tenant is used',
    access: scopes('manage'),
    schema: { body: NewNetwork, querystring: Forced, response: { 200: NetworkConfiguration, ...errors } },
    handler: async (request) => {
      const network = withoutNulls(request.body)
      const ctx = contextOf(visitOf(request.raw), actorOf(callerOf(request)))
      return (await changeSettings(changes, ctx, { change: () => ({ network }), isForced: isForced(request) })).network
    },
  })
}

function readRoute(app: FastifyInstance, { section, name, words, schema }: SectionRoute): void {
  iscRoute(app, {
    method: 'GET',
    path: `/auth-org/${section}-config`,
    versions,
    operationId: `getAuthOrg${name}Config`,
    summary: `Get ${words}`,
    access: scopes('read'),
    schema: { response: { 200: schema, ...errors } },
    handler: async ({ raw }) => visitOf(raw).site.tenant.settings[section],
  })
}

function patchRoute(
  app: FastifyInstance,
  { section, name, words, schema, userLevels }: SectionRoute,
  { changes, contextOf }: SettingsRouteOptions,
): void {
  iscRoute<Change<JsonPatch>>(app, {
    method: 'PATCH',
    path: `/auth-org/${section}-config`,
    versions,
    operationId: `patchAuthOrg${name}Config`,
    summary: `Change ${words}`,
    access: { ...scopes('manage'), ...(userLevels && { userLevels }) },
    schema: { body: JsonPatch, querystring: Forced, response: { 200: schema, ...errors } },
    handler: async (request) => {
      const ctx = contextOf(visitOf(request.raw), actorOf(callerOf(request)))
      const change = patchOf(section, request.body)
      return (await changeSettings(changes, ctx, { change, isForced: isForced(request) }))[section]
    },
  })
}

const isForced = ({ query }: FastifyRequest<Change<unknown>>): boolean => query.force === 'true'
