import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { collectionParameters, readCollectionQuery } from '../../collections/collection-query.ts'
import { answerPage, mapPage } from '../../http/answer-page.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscVersion, iscRoute } from '../../http/isc-routes.ts'
import { listIdentities, publicIdentityFields } from '../../identities/list.ts'
import { actingOf, type PeopleRouteOptions } from '../plugin.ts'
import { readConfig, replaceConfig } from './config.ts'
import { ConfigBody, PublicIdentity, PublicIdentityConfig, publicIdentity } from './schemas.ts'

const ListQuery = Type.Object({
  ...collectionParameters,
  'add-core-filters': Type.Optional(Type.Enum(['true', 'false'])),
})

const listed: readonly IscVersion[] = ['v3', 'v2024', 'v2025', 'v2026', 'v1']
const configured: readonly IscVersion[] = ['v3', 'beta', 'v2024', 'v2025', 'v2026', 'v1']

const configAccess = (scopes: readonly string[]) => (version: IscVersion) => ({
  user: scopes,
  userLevels: ['ORG_ADMIN'],
  deprecated: version === 'beta',
})
const MANAGE = 'idn:public-identity-config:manage'

/** What every user may see of every other, and which attributes belong to it. */
export async function publicIdentityRoutes(app: FastifyInstance, options: PeopleRouteOptions): Promise<void> {
  iscRoute<{ Querystring: Static<typeof ListQuery> }>(app, {
    method: 'GET',
    path: '/public-identities',
    versions: listed,
    operationId: 'getPublicIdentities',
    summary: 'What everybody may see of the identities of the tenant',
    access: { user: ['sp:scopes:default'], userLevels: ['USER'] },
    schema: {
      querystring: ListQuery,
      response: { 200: Type.Array(PublicIdentity), ...errorResponses(400, 401, 403, 429) },
    },
    handler: async (request, reply) => {
      const { ctx } = actingOf(options, request)
      const page = await listIdentities(ctx, readCollectionQuery(request.query, publicIdentityFields))
      const { attributes } = await readConfig(ctx)
      return answerPage(
        reply,
        mapPage(page, (identity) => publicIdentity(identity, attributes)),
      )
    },
  })

  iscRoute(app, {
    method: 'GET',
    path: '/public-identities-config',
    versions: configured,
    operationId: 'getPublicIdentityConfig',
    summary: 'Which attributes of identities are public',
    access: configAccess(['idn:public-identity-config:read', MANAGE]),
    schema: { response: { 200: PublicIdentityConfig, ...errorResponses(401, 403, 429) } },
    handler: (request) => readConfig(actingOf(options, request).ctx),
  })

  iscRoute<{ Body: Static<typeof ConfigBody> }>(app, {
    method: 'PUT',
    path: '/public-identities-config',
    versions: configured,
    operationId: 'updatePublicIdentityConfig',
    summary: 'Choose which attributes of identities are public',
    access: configAccess([MANAGE]),
    schema: { body: ConfigBody, response: { 200: PublicIdentityConfig, ...errorResponses(400, 401, 403, 429) } },
    handler: (request) => replaceConfig(options.services, actingOf(options, request), request.body.attributes),
  })
}
