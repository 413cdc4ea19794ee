import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { DeclaredRoute } from '../catalogs/built-in.ts'
import { visitOf } from '../front-door/visit.ts'
import { namesTag } from '../http/entity-tag.ts'
import { errorResponses } from '../http/isc-error-response.ts'
import { originsOf, type PublicAddress, type TenantOrigins } from '../tenants/origins.ts'
import { type DescribedRoutes, describeRoutes, openApiDocument } from './document.ts'
import type { DocumentText, LargeMember } from './large-document.ts'
import { type Layout, layouts } from './layout.ts'
import { referencePagesRoutes } from './pages-routes.ts'
import { postmanCollection, postmanEnvironment, postmanFolders } from './postman.ts'

export interface ReferenceRouteOptions {
  /** Every route of ours; filled while the server is put together. */
  routes: readonly DeclaredRoute[]
  address: () => PublicAddress
}

const Query = Type.Object({ layout: Type.Optional(Type.Enum([...layouts])) }, { additionalProperties: false })
const Document = Type.Object({}, { additionalProperties: true })
const Unchanged = Type.Null({ description: 'What If-None-Match names is still what there is.' })

/** What we serve, told by the routes themselves: as OpenAPI, as a page, and for Postman. Public, as it holds no secret. */
export async function referenceRoutes(app: FastifyInstance, options: ReferenceRouteOptions): Promise<void> {
  openApiRoute(app, options)
  collectionRoute(app, options)
  environmentRoute(app, options)
  await app.register(referencePagesRoutes)
}

function openApiRoute(app: FastifyInstance, { routes, address }: ReferenceRouteOptions): void {
  const described = new Map<Layout | undefined, DescribedRoutes>()
  app.get<{ Querystring: { layout?: Layout } }>(
    '/sallyport/v1/openapi.json',
    {
      schema: {
        operationId: 'getOpenApiDocument',
        summary: 'The routes of Sallyport itself, as an OpenAPI 3.1 document',
        security: [{}],
        querystring: Query,
        response: { 200: Document, 304: Unchanged, ...errorResponses(400) },
      },
    },
    async (request, reply) => {
      const { layout } = request.query
      const about = described.getOrInsertComputed(layout, () => describeRoutes(routes, layout))
      return sendDocument(request, reply, openApiDocument(about, tenantOf(request, address())))
    },
  )
}

function collectionRoute(app: FastifyInstance, { routes, address }: ReferenceRouteOptions): void {
  let folders: LargeMember | undefined
  app.get(
    '/sallyport/v1/postman/collection.json',
    {
      schema: {
        operationId: 'getPostmanCollection',
        summary: 'The same as a Postman collection',
        security: [{}],
        response: { 200: Document, 304: Unchanged },
      },
    },
    async (request, reply) => {
      folders ??= postmanFolders(routes)
      reply.header('content-disposition', 'attachment; filename="sallyport.postman_collection.json"')
      return sendDocument(request, reply, postmanCollection(folders, tenantOf(request, address()).tenantName))
    },
  )
}

function environmentRoute(app: FastifyInstance, { address }: ReferenceRouteOptions): void {
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
      const { tenantName, origins } = tenantOf(request, address())
      return reply
        .header('content-disposition', 'attachment; filename="sallyport.postman_environment.json"')
        .send(postmanEnvironment(tenantName, origins.api))
    },
  )
}

function tenantOf({ raw }: FastifyRequest, address: PublicAddress): { tenantName: string; origins: TenantOrigins } {
  const { tenant } = visitOf(raw).site
  return { tenantName: tenant.displayName, origins: originsOf(tenant, address) }
}

/** Whoever has it already is told so in a few bytes (RFC 9110 §15.4.5). */
function sendDocument(request: FastifyRequest, reply: FastifyReply, { text, tag }: DocumentText): FastifyReply {
  reply.headers({ etag: tag, 'cache-control': 'no-cache' })
  if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send()
  return reply.type('application/json; charset=utf-8').send(text)
}
