import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf, callerOf, holdsRight } from '../../admission/plugin.ts'
import { DomainError } from '../../errors.ts'
import { visitOf } from '../../front-door/visit.ts'
import { answerPage, mapPage } from '../../http/answer-page.ts'
import { errorResponses } from '../../http/isc-error-response.ts'
import { type IscAccess, type IscVersion, iscRoute, iscVersions } from '../../http/isc-routes.ts'
import { JsonPatch } from '../../http/json-patch.ts'
import { type AskedToken, issuePersonalAccessToken } from '../../personal-access-tokens/issue.ts'
import { listPersonalAccessTokens } from '../../personal-access-tokens/list.ts'
import { patchPersonalAccessToken } from '../../personal-access-tokens/patch.ts'
import { removePersonalAccessToken } from '../../personal-access-tokens/remove.ts'
import { expiryRuleOf, representNewToken, representToken } from '../../personal-access-tokens/representation.ts'
import { createBodyIn, CredentialId, NewTokenBody, TokenBody, TokenListQuery } from './schemas.ts'
import { type CredentialRouteOptions, settle } from '../services.ts'

const MY_READ = 'sp:my-personal-access-tokens:read'
const MY_MANAGE = 'sp:my-personal-access-tokens:manage'
const ALL_READ = 'sp:all-personal-access-tokens:read'
const ALL_MANAGE = 'sp:all-personal-access-tokens:manage'
const MANAGED_READ = 'sp:managed-personal-access-tokens:read'

/** The older documents name no user levels; the later ones say that none is needed. */
const forAny =
  (...user: string[]) =>
  (version: IscVersion): IscAccess =>
    expiryRuleOf(version) === 'acknowledged' ? { user, userLevels: ['Any'] } : { user }

/** Personal access tokens, as ISC has them. */
export async function personalAccessTokenRoutes(app: FastifyInstance, options: CredentialRouteOptions): Promise<void> {
  const { services } = options
  const contextFor = (request: FastifyRequest) => options.contextOf(visitOf(request.raw), actorOf(callerOf(request)))

  iscRoute<{ Querystring: Static<typeof TokenListQuery> }>(app, {
    method: 'GET',
    path: '/personal-access-tokens',
    versions: iscVersions,
    operationId: 'listPersonalAccessTokens',
    summary: 'List personal access tokens: your own with owner-id=me',
    access: forAny(MY_READ, MY_MANAGE, ALL_READ, ALL_MANAGE),
    schema: {
      querystring: TokenListQuery,
      response: { 200: Type.Array(TokenBody), ...errorResponses(400, 401, 403, 429) },
    },
    handler: async (request, reply, version) => {
      const { 'owner-id': asked, ...parameters } = request.query
      const query = {
        ...parameters,
        ownerId: listedOwner(request, asked),
        includesManaged: holdsRight(request, MANAGED_READ),
      }
      await services.uses.flush()
      const page = await listPersonalAccessTokens(contextFor(request), query)
      return answerPage(
        reply,
        mapPage(page, (token) => representToken(token, version)),
      )
    },
  })

  iscRoute<{ Body: AskedToken }>(app, {
    method: 'POST',
    path: '/personal-access-tokens',
    versions: iscVersions,
    operationId: 'createPersonalAccessToken',
    summary: 'Make a personal access token; its secret is shown this once',
    access: forAny(MY_MANAGE, ALL_MANAGE),
    schema: (version) => ({
      body: createBodyIn(version),
      response: { 200: NewTokenBody, ...errorResponses(400, 401, 403, 429) },
    }),
    handler: async (request, _reply, version) => {
      const { token, secret } = await issuePersonalAccessToken(contextFor(request), request.body, {
        caller: callerOf(request),
        rule: expiryRuleOf(version),
        perOwnerMax: visitOf(request.raw).site.tenant.settings.tokens.personalAccessTokensPerUser,
        secretsKey: services.secretsKey,
      })
      return representNewToken(token, secret)
    },
  })

  iscRoute<{ Params: { id: string }; Body: JsonPatch }>(app, {
    method: 'PATCH',
    path: '/personal-access-tokens/:id',
    versions: iscVersions,
    operationId: 'patchPersonalAccessToken',
    summary: 'Change a personal access token of your own',
    access: forAny(MY_MANAGE),
    schema: {
      params: CredentialId,
      body: JsonPatch,
      response: { 200: TokenBody, ...errorResponses(400, 401, 403, 404, 429) },
    },
    handler: async (request, _reply, version) => {
      const { params, body: patch } = request
      // ISC lets nobody patch the tokens of others; administrators may delete them.
      const by = { caller: callerOf(request), mayTouchAll: false }
      const token = await patchPersonalAccessToken(contextFor(request), { ...by, ...params, patch, version })
      await settle(options)
      return representToken(token, version)
    },
  })

  iscRoute<{ Params: { id: string } }>(app, {
    method: 'DELETE',
    path: '/personal-access-tokens/:id',
    versions: iscVersions,
    operationId: 'deletePersonalAccessToken',
    summary: 'Delete a personal access token and end what it minted',
    access: forAny(MY_MANAGE, ALL_MANAGE),
    schema: {
      params: CredentialId,
      response: { 204: Type.Null(), ...errorResponses(400, 401, 403, 404, 429) },
    },
    handler: async (request, reply) => {
      const by = { caller: callerOf(request), mayTouchAll: holdsRight(request, ALL_MANAGE) }
      await removePersonalAccessToken(contextFor(request), { ...by, ...request.params })
      await settle(options)
      return reply.code(204).send(null)
    },
  })
}

/** Whose tokens are listed: one's own, or with the right to all those of one owner or of everybody. */
function listedOwner(request: FastifyRequest, asked: string | undefined): string | undefined {
  const { identityId } = callerOf(request)
  const ownerId = asked === 'me' ? (identityId ?? undefined) : asked || undefined
  if (ownerId !== undefined && ownerId === identityId) return ownerId
  if (holdsRight(request, ALL_READ) || holdsRight(request, ALL_MANAGE)) return ownerId
  throw new DomainError(
    'resource_denied',
    `You may list your own tokens alone: say owner-id=me. Those of others need the scope ${ALL_READ} and a user level to which it is granted, such as ORG_ADMIN.`,
  )
}
