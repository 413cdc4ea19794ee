import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { originsOf, type PublicAddress } from './origins.ts'
import type { Tenant } from './tenant.ts'

export interface TenantRouteOptions {
  address: () => PublicAddress
  /** The name of this installation's cell. */
  pod: string
  tenantOf: (request: FastifyRequest) => Tenant
}

const OauthInfo = Type.Object({
  tenantId: Type.String(),
  tenantName: Type.String(),
  authorizeEndpoint: Type.String(),
  tokenEndpoint: Type.String(),
  cloudDomainUrl: Type.String(),
  logoutUrl: Type.String(),
  pod: Type.String(),
})

/** `GET /oauth/info`: where a tenant's endpoints are, for clients that know its host alone. Public, as in ISC. */
export async function tenantRoutes(
  app: FastifyInstance,
  { address, pod, tenantOf }: TenantRouteOptions,
): Promise<void> {
  app.get(
    '/oauth/info',
    {
      schema: {
        operationId: 'getOauthInfo',
        summary: 'Addresses of this tenant',
        security: [{}],
        response: { 200: OauthInfo },
      },
    },
    async (request) => {
      const tenant = tenantOf(request)
      const { api, login, console } = originsOf(tenant, address())
      return {
        tenantId: tenant.id,
        tenantName: tenant.name,
        authorizeEndpoint: `${login}/oauth/authorize`,
        tokenEndpoint: `${api}/oauth/token`,
        cloudDomainUrl: console,
        logoutUrl: `${console}/logout`,
        pod,
      }
    },
  )
}
