import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf, callerOf } from '../../admission/plugin.ts'
import { visitOf } from '../../front-door/visit.ts'
import { answerPage, mapPage } from '../../http/answer-page.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { iscRoute, iscVersions } from '../../http/isc-routes.ts'
import { JsonPatch } from '../../http/json-patch.ts'
import { representClient, representNewClient } from '../../oauth-clients/described-client.ts'
import { clientNotFound } from '../../oauth-clients/find.ts'
import { issueOauthClient } from '../../oauth-clients/issue.ts'
import { describeOauthClient, listOauthClients } from '../../oauth-clients/list.ts'
import { patchOauthClient, patchOauthClientScope } from '../../oauth-clients/patch.ts'
import { removeOauthClient } from '../../oauth-clients/remove.ts'
import { inputFrom } from '../../oauth-clients/values.ts'
import { type CredentialRouteOptions, settle } from '../services.ts'
import { ClientBody, ClientId, ClientListQuery, CreateClientBody, NewClientBody, OurClientBody } from './schemas.ts'

const READ = ['sp:oauth-client:read', 'sp:oauth-client:manage']
const MANAGE = ['sp:oauth-client:manage']

interface ById {
  Params: { id: string }
}

/** The clients of API Management, as ISC has them, and what only we can change of them. */
export async function oauthClientRoutes(app: FastifyInstance, options: CredentialRouteOptions): Promise<void> {
  const { services } = options
  const contextFor = (request: FastifyRequest) => options.contextOf(visitOf(request.raw), actorOf(callerOf(request)))

  iscRoute<{ Querystring: Static<typeof ClientListQuery> }>(app, {
    method: 'GET',
    path: '/oauth-clients',
    versions: iscVersions,
    operationId: 'listOauthClients',
    summary: 'List the clients of API Management',
    access: { user: READ },
    schema: {
      querystring: ClientListQuery,
      response: { 200: Type.Array(ClientBody), ...errorResponses(400, 401, 403, 429) },
    },
    handler: async (request, reply) => {
      await services.uses.flush()
      return answerPage(reply, mapPage(await listOauthClients(contextFor(request), request.query), representClient))
    },
  })

  iscRoute<{ Body: Static<typeof CreateClientBody> }>(app, {
    method: 'POST',
    path: '/oauth-clients',
    versions: iscVersions,
    operationId: 'createOauthClient',
    summary: 'Make a client; its secret is shown this once',
    access: { user: MANAGE },
    schema: { body: CreateClientBody, response: { 200: NewClientBody, ...errorResponses(400, 401, 403, 429) } },
    handler: async (request) => {
      const { type, scope, ...said } = request.body
      const asked = { ...inputFrom(said), type, scope: scope ?? undefined }
      const by = { caller: callerOf(request), secretsKey: services.secretsKey }
      const { client, secret } = await issueOauthClient(contextFor(request), asked, by)
      await settle(options)
      return representNewClient(client, secret)
    },
  })

  iscRoute<ById>(app, {
    method: 'GET',
    path: '/oauth-clients/:id',
    versions: iscVersions,
    operationId: 'getOauthClient',
    summary: 'A client of API Management',
    access: { user: READ, application: READ },
    schema: { params: ClientId, response: { 200: ClientBody, ...errorResponses(400, 401, 403, 404, 429) } },
    handler: async (request) => {
      const { db, tenantId } = contextFor(request)
      const { id } = request.params
      await services.uses.flush()
      const client = await describeOauthClient(db, tenantId, id)
      if (!client) throw clientNotFound(id)
      return representClient(client)
    },
  })

  iscRoute<ById & { Body: JsonPatch }>(app, {
    method: 'PATCH',
    path: '/oauth-clients/:id',
    versions: iscVersions,
    operationId: 'patchOauthClient',
    summary: 'Change a client; disabling it ends its tokens',
    access: { user: MANAGE },
    schema: {
      params: ClientId,
      body: JsonPatch,
      response: { 200: ClientBody, ...errorResponses(400, 401, 403, 404, 429) },
    },
    handler: async (request) => {
      const client = await patchOauthClient(contextFor(request), { ...request.params, patch: request.body })
      await settle(options)
      return representClient(client)
    },
  })

  iscRoute<ById>(app, {
    method: 'DELETE',
    path: '/oauth-clients/:id',
    versions: iscVersions,
    operationId: 'deleteOauthClient',
    summary: 'Delete a client and end its tokens',
    access: { user: MANAGE },
    schema: { params: ClientId, response: { 204: Type.Null(), ...errorResponses(400, 401, 403, 404, 429) } },
    handler: async (request, reply) => {
      await removeOauthClient(contextFor(request), request.params.id)
      await settle(options)
      return reply.code(204).send(null)
    },
  })

  app.patch<ById & { Body: JsonPatch }>(
    '/sallyport/v1/oauth-clients/:id',
    {
      schema: {
        operationId: 'patchOauthClientScope',
        summary: 'Change what ISC cannot: the scope of a client, and whether it must use PKCE',
        security: [{ userAuth: ['sallyport:credentials:manage'] }],
        params: ClientId,
        body: JsonPatch,
        response: { 200: OurClientBody, ...errorResponses(400, 401, 403, 404, 429) },
      },
    },
    async (request) => {
      const by = { caller: callerOf(request), ...request.params }
      const client = await patchOauthClientScope(contextFor(request), { ...by, patch: request.body })
      await settle(options)
      return { ...representClient(client), pkceRequired: client.isPkceRequired }
    },
  )
}
