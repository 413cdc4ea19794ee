import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { DeclaredRoute } from '../catalogs/built-in.ts'
import { visitOf } from '../front-door/visit.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import { describeRoutes } from './document.ts'
import { type Layout, layouts } from './layout.ts'
import { referencePagesRoutes } from './pages-routes.ts'
import { postmanCollection, postmanEnvironment } from './postman.ts'

export interface ReferenceRouteOptions {
  /** Every route of ours; filled while the server is put together. */
  routes: readonly DeclaredRoute[]
  address: () => PublicAddress
}

const Query = Type.Object({ layout: Type.Optional(Type.Enum([...layouts])) }, { additionalProperties: false })
const Document = Type.Object({}, { additionalProperties: true })

/** What we serve, told by the routes themselves: as OpenAPI, as a page, and for Postman. Public, as it holds no secret. */
export async function referenceRoutes(app: FastifyInstance, { routes, address }: ReferenceRouteOptions): Promise<void> {
  const tenantOf = ({ raw }: FastifyRequest) => {
    const { tenant } = visitOf(raw).site
    return { tenantName: tenant.displayName, origins: originsOf(tenant, address()) }
  }

  app.get<{ Querystring: { layout?: Layout } }>(
    '/sallyport/v1/openapi.json',
    {
      schema: {
        operationId: 'getOpenApiDocument',
        summary: 'The routes of Sallyport itself, as an OpenAPI 3.1 document',
        security: [{}],
        querystring: Query,
        response: { 200: Document, ...errorResponses(400) },
      },
      serializerCompiler: () => JSON.stringify,
    },
    async (request) => describeRoutes(routes, { ...tenantOf(request), layout: request.query.layout }),
  )

  app.get(
    '/sallyport/v1/postman/collection.json',
    {
      schema: {
        operationId: 'getPostmanCollection',
        summary: 'The same as a Postman collection',
        security: [{}],
        response: { 200: Document },
      },
      serializerCompiler: () => JSON.stringify,
    },
    async (request, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="sallyport.postman_collection.json"')
        .send(postmanCollection(routes, tenantOf(request).tenantName)),
  )

  app.get(
    '/sallyport/v1/postman/environment.json',
    {
      schema: {
        operationId: 'getPostmanEnvironment',
        summary: 'The Postman environment of this tenant, without a secret',
        security: [{}],
        response: { 200: Document },
      },
      serializerCompiler: () => JSON.stringify,
    },
    async (request, reply) => {
      const { tenantName, origins } = tenantOf(request)
      return reply
        .header('content-disposition', 'attachment; filename="sallyport.postman_environment.json"')
        .send(postmanEnvironment(tenantName, origins.api))
    },
  )
  await app.register(referencePagesRoutes)
}
