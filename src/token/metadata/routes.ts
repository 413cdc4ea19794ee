import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { visitOf } from '../../front-door/visit.ts'
import { SCOPE_ALL, SCOPE_DEFAULT } from '../../oauth/scope.ts'
import { originsOf, type PublicAddress } from '../../tenants/origins.ts'
import type { Tenant } from '../../tenants/tenant.ts'

export interface MetadataRouteOptions {
  address: () => PublicAddress
}

const MAX_AGE = 'public, max-age=300'
const ResourceMetadata = Type.Object({ resource: Type.String() }, { additionalProperties: true })
const ServerMetadata = Type.Object({ issuer: Type.String() }, { additionalProperties: true })

/**
 * Authorization server metadata (RFC 8414 §3), and the same under the name that OpenID clients look for; and whom a
 * client that was answered 401 may turn to (RFC 9728 §3).
 */
export async function metadataRoutes(app: FastifyInstance, { address }: MetadataRouteOptions): Promise<void> {
  for (const [name, operationId] of [
    ['oauth-authorization-server', 'getServerMetadata'],
    ['openid-configuration', 'getOpenidConfiguration'],
  ] as const)
    app.get(
      `/.well-known/${name}`,
      {
        schema: {
          operationId,
          summary: 'What this authorization server can do, and where',
          security: [{}],
          response: { 200: ServerMetadata },
        },
      },
      async (request, reply) =>
        reply.header('cache-control', MAX_AGE).send(metadataOf(visitOf(request.raw).site.tenant, address())),
    )
  app.get(
    '/.well-known/oauth-protected-resource',
    {
      schema: {
        operationId: 'getResourceMetadata',
        summary: 'Which authorization server the APIs of this tenant take tokens of',
        security: [{}],
        response: { 200: ResourceMetadata },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', MAX_AGE).send(resourceOf(visitOf(request.raw).site.tenant, address())),
  )
}

function resourceOf(tenant: Tenant, address: PublicAddress): object {
  const { api } = originsOf(tenant, address)
  return {
    resource: api,
    authorization_servers: [api],
    bearer_methods_supported: ['header'],
    scopes_supported: [SCOPE_ALL, SCOPE_DEFAULT],
    resource_name: tenant.displayName,
  }
}

/** The issuer is that of the tenant's tokens, whatever host was asked (RFC 8414 §3.3). */
function metadataOf(tenant: Tenant, address: PublicAddress): object {
  const { api, login } = originsOf(tenant, address)
  const methods = ['client_secret_post', 'client_secret_basic']
  return {
    issuer: api,
    authorization_endpoint: `${login}/oauth/authorize`,
    token_endpoint: `${api}/oauth/token`,
    jwks_uri: `${api}/oauth/jwks`,
    revocation_endpoint: `${api}/oauth/revoke`,
    introspection_endpoint: `${api}/oauth/introspect`,
    end_session_endpoint: `${login}/logout`,
    scopes_supported: [SCOPE_ALL, SCOPE_DEFAULT],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    token_endpoint_auth_methods_supported: [...methods, 'none'],
    revocation_endpoint_auth_methods_supported: [...methods, 'none'],
    introspection_endpoint_auth_methods_supported: methods,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    // OpenID clients refuse metadata without these; no ID token is ever issued.
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  }
}
