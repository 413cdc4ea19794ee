import type { FastifyReply, FastifyRequest } from 'fastify'
import { oauthErrorAnswer } from './oauth-error-answer.ts'

/** Answers a failed request of a route as RFC 6749 §5.2 asks. */
export function renderOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, headers, body, isUnexpected } = oauthErrorAnswer(error, request.headers.authorization)
  if (isUnexpected) request.log.error({ err: error, trackingId: request.id }, 'unexpected error')
  return reply.code(status).headers(headers).send(body)
}
