import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { visitOf } from '../front-door/visit.ts'
import type { Visit } from '../front-door/visit.ts'
import { renderOAuthError } from '../http/oauth-error-response.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import type { RequestContext } from '../request-context.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import { issueToken } from './issue.ts'
import { parseTokenRequest, type TokenRequest } from './request/parse-token-request.ts'
import { refuseFailure } from './refuse-failure.ts'
import type { TokenServices } from './token-services.ts'

export interface TokenRouteOptions {
  services: TokenServices
  address: () => PublicAddress
  contextOf: (visit: Visit) => RequestContext
}

const BODY_BYTES_MAX = 64 * 1024
const FORM = 'application/x-www-form-urlencoded'

const TokenResponse = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('bearer'),
  expires_in: Type.Integer({ description: 'Seconds.' }),
  scope: Type.String({ description: 'Space-separated.' }),
})
const OAuthErrorResponse = Type.Object({ error: Type.String(), error_description: Type.String() })

/** The token endpoint (RFC 6749 §3.2). */
export async function tokenRoutes(app: FastifyInstance, options: TokenRouteOptions): Promise<void> {
  app.setErrorHandler(renderOAuthError)
  // Any content type and an empty body are for the parser to judge, which knows what real clients send.
  app.removeAllContentTypeParsers()
  // Fastify remembers the parser of a type that is named; by '*' it looks for it each time.
  app.addContentTypeParser([FORM, '*'], { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  )
  app.post(
    '/oauth/token',
    {
      schema: {
        operationId: 'createToken',
        summary: 'Exchange a credential for an access token',
        security: [{}],
        response: {
          200: TokenResponse,
          400: OAuthErrorResponse,
          401: OAuthErrorResponse,
          404: OAuthErrorResponse,
          413: OAuthErrorResponse,
          415: OAuthErrorResponse,
          429: OAuthErrorResponse,
        },
      },
      // The answer is built member by member; a second serialization by schema would only cost.
      serializerCompiler: () => JSON.stringify,
    },
    (request, reply) => answerToken(options, request, reply),
  )
}

async function answerToken(options: TokenRouteOptions, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const visit = visitOf(request.raw)
  const { role, tenant } = visit.site
  if (role === 'login' || role === 'console')
    return wrongHost(reply, `${originsOf(tenant, options.address()).api}/oauth/token`)
  if (!options.services.changes.isFresh) await becomeFresh(options.services)
  const ctx = options.contextOf(visit)
  let parsed: TokenRequest | undefined
  try {
    refuseEncoded(request.headers['content-encoding'])
    const parsing = parseTokenRequest({
      query: visit.query,
      contentType: request.headers['content-type'],
      authorization: request.headers.authorization,
      body: Buffer.isBuffer(request.body) ? request.body : NO_BODY,
    })
    parsed = parsing instanceof Promise ? await parsing : parsing
    const response = await issueToken(options.services, { ctx, visit, address: options.address(), request: parsed })
    reply.header('cache-control', 'no-store').header('pragma', 'no-cache')
    return response
  } catch (error) {
    throw refuseFailure(options.services, { error, ctx, request: parsed })
  }
}

const NO_BODY = Buffer.alloc(0)

/** Nothing is inflated here: a few bytes could stand for gigabytes. */
function refuseEncoded(encoding: string | undefined): void {
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new EncodedBody()
}

/** Answered 415; see `renderOAuthError`. */
class EncodedBody extends OAuthError {
  readonly statusCode = 415

  constructor() {
    super('invalid_request', 'Send the body without Content-Encoding.', { reason: 'content_encoding.unsupported' })
  }
}

const wrongHost = (reply: FastifyReply, url: string): FastifyReply =>
  reply
    .code(404)
    .header('cache-control', 'no-store')
    .send({
      error: 'invalid_request',
      error_description: `The token endpoint is not on this host. Send the request to ${url}`,
    })

/** A process that does not know the latest changes must not mint: the credential may be gone. */
async function becomeFresh({ changes }: TokenServices): Promise<void> {
  await changes.catchUp().catch(() => {})
  if (!changes.isFresh)
    throw new OAuthError('temporarily_unavailable', 'The database does not answer. Try again in a moment.')
}
