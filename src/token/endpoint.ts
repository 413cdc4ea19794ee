import type { IncomingMessage, ServerResponse } from 'node:http'
import { Type } from 'typebox'
import { limitBodyTime } from '../front-door/limit-body-time.ts'
import type { ContextOf } from '../front-door/context-of.ts'
import type { Visit } from '../front-door/visit.ts'
import { oauthErrorAnswer } from '../http/oauth-error-answer.ts'
import { readBody } from '../http/read-body.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import { issueToken } from './issue.ts'
import type { TokenResponse } from './mint.ts'
import { refuseFailure } from './refuse-failure.ts'
import { parseTokenRequest, type TokenRequest } from './request/parse-token-request.ts'
import type { TokenServices } from './token-services.ts'

export interface TokenEndpointOptions {
  services: TokenServices
  address: () => PublicAddress
  contextOf: ContextOf
  onError: (error: unknown, trackingId: string) => void
}

const BODY_BYTES_MAX = 64 * 1024

const TokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('bearer'),
  expires_in: Type.Integer({ description: 'Seconds.' }),
  scope: Type.String({ description: 'Space-separated.' }),
})
const Failure = Type.Object({ error: Type.String(), error_description: Type.String() })

/** What the token endpoint declares of itself, as routes do. */
export const tokenEndpointDeclaration = {
  method: 'POST',
  url: '/oauth/token',
  schema: {
    operationId: 'createToken',
    summary: 'Exchange a credential for an access token',
    security: [{}],
    response: {
      200: TokenAnswer,
      400: Failure,
      401: Failure,
      404: Failure,
      413: Failure,
      415: Failure,
      429: Failure,
    },
  },
}

/**
 * The token endpoint (RFC 6749 §3.2). It is what this server is asked for most, and answers on the bare response: a
 * framework's request, reply, hooks and serializer would cost a fifth of a token.
 */
export const tokenEndpoint =
  (options: TokenEndpointOptions) =>
  (request: IncomingMessage, response: ServerResponse, visit: Visit): void =>
    readBody(request, BODY_BYTES_MAX, {
      done: (body) => void answer(options, { request, response, visit, body }),
      onSlow: () => limitBodyTime(request, response, visit),
    })

interface Asked {
  request: IncomingMessage
  response: ServerResponse
  visit: Visit
  /** Undefined when it is too long. */
  body: Buffer | undefined
}

async function answer(options: TokenEndpointOptions, asked: Asked): Promise<void> {
  const { response, visit } = asked
  try {
    const text = JSON.stringify(await tokenFor(options, asked))
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'slpt-request-id': visit.trackingId,
    })
    response.end(text)
  } catch (error) {
    answerError(options, asked, error)
  }
}

function answerError({ onError }: TokenEndpointOptions, { request, response, visit, body }: Asked, error: unknown) {
  if (response.headersSent) return void response.destroy()
  const { status, headers, body: text, isUnexpected } = oauthErrorAnswer(error, request.headers.authorization)
  if (isUnexpected) onError(error, visit.trackingId)
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(text),
    'slpt-request-id': visit.trackingId,
    // The rest of a body that is too long is not read.
    ...(body === undefined && { connection: 'close' }),
  })
  return void response.end(text)
}

async function tokenFor(options: TokenEndpointOptions, { request, visit, body }: Asked): Promise<TokenResponse> {
  const { services, address } = options
  const { role, tenant } = visit.site
  if (role === 'login' || role === 'console') throw new WrongHost(`${originsOf(tenant, address()).api}/oauth/token`)
  if (!services.changes.isFresh) await becomeFresh(services)
  const ctx = options.contextOf(visit)
  let parsed: TokenRequest | undefined
  try {
    if (body === undefined) throw new TooLongBody()
    const { authorization, 'content-type': contentType, 'content-encoding': encoding } = request.headers
    refuseEncoded(encoding)
    const parsing = parseTokenRequest({ query: visit.query, contentType, authorization, body })
    parsed = parsing instanceof Promise ? await parsing : parsing
    return await issueToken(services, { ctx, visit, address: address(), request: parsed })
  } catch (error) {
    throw refuseFailure(services, { error, ctx, request: parsed })
  }
}

/** Nothing is inflated here: a few bytes could stand for gigabytes. */
function refuseEncoded(encoding: string | undefined): void {
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new EncodedBody()
}

/** A process that does not know the latest changes must not mint: the credential may be gone. */
async function becomeFresh({ changes }: TokenServices): Promise<void> {
  await changes.catchUp().catch(() => {})
  if (!changes.isFresh)
    throw new OAuthError('temporarily_unavailable', 'The database does not answer. Try again in a moment.')
}

// Each is answered with its own status; see `oauthErrorAnswer`.

class TooLongBody extends OAuthError {
  readonly statusCode = 413

  constructor() {
    super('invalid_request', 'The request body is too large.', { reason: 'body.too_long' })
  }
}

class EncodedBody extends OAuthError {
  readonly statusCode = 415

  constructor() {
    super('invalid_request', 'Send the body without Content-Encoding.', { reason: 'content_encoding.unsupported' })
  }
}

class WrongHost extends OAuthError {
  readonly statusCode = 404

  constructor(url: string) {
    super('invalid_request', `The token endpoint is not on this host. Send the request to ${url}`)
  }
}
