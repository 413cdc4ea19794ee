import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { errorResponses } from '../http/isc-error-response.ts'
import type { RequestContext } from '../request-context.ts'
import { addCatalog, type CatalogAsk, type CatalogServices, replaceCatalog } from './add.ts'
import { listCatalogs, showCatalog } from './list.ts'
import { removeCatalog } from './remove.ts'
import { CatalogBody, CatalogName, CatalogSummary, ImportQuery, ReplaceQuery } from './schemas.ts'

export interface CatalogRouteOptions {
  services: CatalogServices
  contextOf: (request: FastifyRequest) => RequestContext
}

const CATALOGS = '/sallyport/v1/catalogs'
/** As large as a document may be when it is unpacked. */
const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024

const read = { security: [{ userAuth: ['sallyport:catalogs:read'] }], 'x-sailpoint-userLevels': ['ORG_ADMIN'] }
const manage = { security: [{ userAuth: ['sallyport:catalogs:manage'] }], 'x-sailpoint-userLevels': ['ORG_ADMIN'] }

/** The OpenAPI documents of a tenant. What is sent is the document itself, in any form that an import takes. */
export async function catalogRoutes(app: FastifyInstance, { services, contextOf }: CatalogRouteOptions): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: DOCUMENT_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  )

  app.get(
    CATALOGS,
    {
      schema: {
        operationId: 'listCatalogs',
        summary: 'The OpenAPI documents that are loaded, without our own routes',
        ...read,
        response: { 200: Type.Array(CatalogSummary), ...errorResponses(400, 401, 403, 429) },
      },
    },
    (request) => listCatalogs(services.catalogs, contextOf(request)),
  )

  app.get<{ Params: { name: string } }>(
    `${CATALOGS}/:name`,
    {
      schema: {
        operationId: 'getCatalog',
        summary: 'One catalog, and what its import noted',
        ...read,
        params: CatalogName,
        response: { 200: CatalogBody, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    (request) => showCatalog(services.catalogs, contextOf(request), request.params.name),
  )

  app.post<{ Querystring: ImportQuery; Body: Buffer | undefined }>(
    CATALOGS,
    {
      bodyLimit: DOCUMENT_BYTES_MAX,
      schema: {
        operationId: 'importCatalog',
        summary: 'Load an OpenAPI document as a new catalog',
        ...manage,
        querystring: ImportQuery,
        response: { 200: CatalogBody, 201: CatalogBody, ...errorResponses(400, 401, 403, 413, 429) },
      },
    },
    async (request, reply) => {
      const ask = askOf(request.query.name, request)
      const added = await addCatalog(services, contextOf(request), ask)
      return reply.code(ask.isDryRun ? 200 : 201).send(added)
    },
  )

  app.put<{ Params: { name: string }; Querystring: ReplaceQuery; Body: Buffer | undefined }>(
    `${CATALOGS}/:name`,
    {
      bodyLimit: DOCUMENT_BYTES_MAX,
      schema: {
        operationId: 'replaceCatalog',
        summary: 'Load another OpenAPI document in place of a catalog',
        ...manage,
        params: CatalogName,
        querystring: ReplaceQuery,
        response: { 200: CatalogBody, ...errorResponses(400, 401, 403, 404, 413, 429) },
      },
    },
    (request) => replaceCatalog(services, contextOf(request), askOf(request.params.name, request)),
  )

  app.delete<{ Params: { name: string } }>(
    `${CATALOGS}/:name`,
    {
      schema: {
        operationId: 'removeCatalog',
        summary: 'Remove a catalog: its operations are unknown from then on',
        ...manage,
        params: CatalogName,
        response: { 204: Type.Null(), ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request, reply) => {
      await removeCatalog(services, contextOf(request), request.params.name)
      return reply.code(204).send(null)
    },
  )
}

type Taken = Static<typeof ReplaceQuery>

function askOf(name: string, { query, body }: { query: Taken; body: Buffer | undefined }): CatalogAsk {
  const { dryRun, ...taken } = query
  return { ...taken, name, document: body ?? Buffer.alloc(0), isDryRun: dryRun === 'true' }
}
