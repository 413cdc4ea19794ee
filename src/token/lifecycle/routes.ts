import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { ContextOf } from '../../front-door/context-of.ts'
import { type Visit, visitOf } from '../../front-door/visit.ts'
import { renderOAuthError } from '../../http/oauth-error-response.ts'
import { OAuthError } from '../../oauth/oauth-error.ts'
import type { RequestContext } from '../../request-context.ts'
import { type AuthenticatedClient, authenticateClient } from '../authenticate-client.ts'
import { badCredentials } from '../bad-credentials.ts'
import { parseTokenReference, type TokenReferenceRequest } from '../request/parse-token-request.ts'
import type { TokenServices } from '../token-services.ts'
import { checkToken, introspectToken } from './introspect.ts'
import { revokeToken } from './revoke.ts'
import type { TokenReader } from './token-reader.ts'

export interface LifecycleRouteOptions {
  services: TokenServices
  reader: TokenReader
  contextOf: ContextOf
}

const BODY_BYTES_MAX = 64 * 1024
const Failure = Type.Object({ error: Type.String(), error_description: Type.String() })
const failures = { 400: Failure, 401: Failure, 403: Failure }

/** Ending tokens (RFC 7009) and asking about them (RFC 7662, and `check_token` as ISC's older tools know it). */
export async function lifecycleRoutes(
  app: FastifyInstance,
  { services, reader, contextOf }: LifecycleRouteOptions,
): Promise<void> {
  app.setErrorHandler(renderOAuthError)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  )

  app.post(
    '/oauth/revoke',
    {
      schema: {
        operationId: 'revokeToken',
        summary: 'End a token',
        security: [{}],
        response: { 200: Type.Object({}), ...failures },
      },
    },
    async (request) => {
      const { visit, ctx, reference, client } = await readRequest(request)
      const { id } = await provenClient({ visit, ctx, client })
      await revokeToken(services, {
        ctx,
        clientId: id,
        token: reference.token,
        readAccessToken: (token) => reader.genuine(visit, token),
      })
      return {}
    },
  )

  app.post(
    '/oauth/introspect',
    {
      schema: {
        operationId: 'introspectToken',
        summary: 'Tell whether a token is alive, and what it says',
        security: [{}],
        response: { 200: Type.Object({ active: Type.Boolean() }, { additionalProperties: true }), ...failures },
      },
    },
    async (request) => {
      const { visit, ctx, reference, client } = await readRequest(request)
      const { id, isProven } = await provenClient({ visit, ctx, client })
      if (!isProven)
        throw new OAuthError(
          'unauthorized_client',
          'A public client may not ask about tokens: it cannot prove who it is.',
          {
            reason: 'client.public',
          },
        )
      return introspectToken(services, reader, { ctx, visit, clientId: id, token: reference.token })
    },
  )

  app.post(
    '/oauth/check_token',
    {
      schema: {
        operationId: 'checkToken',
        summary: 'Read a living access token, as older clients ask',
        security: [{}],
        response: { 200: Type.Object({ active: Type.Boolean() }, { additionalProperties: true }), ...failures },
      },
    },
    async (request) => {
      const { visit, reference } = await readRequest(request)
      const answer = await checkToken(reader, visit, reference.token)
      if (!answer)
        throw new OAuthError(
          'invalid_request',
          'The token is not valid here: it expired, was revoked, or is of another tenant.',
          { reason: 'token.over' },
        )
      return answer
    },
  )

  async function readRequest(
    request: FastifyRequest,
  ): Promise<TokenReferenceRequest & { visit: Visit; ctx: RequestContext }> {
    const visit = visitOf(request.raw)
    const parsed = await parseTokenReference({
      query: visit.query,
      contentType: request.headers['content-type'],
      authorization: request.headers.authorization,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    })
    return { ...parsed, visit, ctx: contextOf(visit) }
  }

  async function provenClient({ visit, ctx, client }: Proving): Promise<AuthenticatedClient & { isProven: boolean }> {
    if (!client) throw badCredentials('client.missing')
    const known = await authenticateClient(services, ctx, {
      presented: client,
      tenant: visit.site.tenant,
      mayBePublic: true,
    })
    return { ...known, isProven: client.secret !== undefined }
  }
}

interface Proving {
  visit: Visit
  ctx: RequestContext
  client: TokenReferenceRequest['client']
}
