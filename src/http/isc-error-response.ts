import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TObject, Type } from 'typebox'
import { isDatabaseOutage } from '../database/outage.ts'
import { DomainError, type DomainErrorCode } from '../errors.ts'
import { iscErrorBody, iscTexts } from './isc-error.ts'

const Message = Type.Object({ locale: Type.String(), localeOrigin: Type.String(), text: Type.String() })
const ErrorResponseDto = Type.Object({
  detailCode: Type.String(),
  trackingId: Type.String(),
  messages: Type.Array(Message),
  causes: Type.Array(Message),
})
const Unauthorized = Type.Object({ error: Type.String() })
const MethodNotAllowed = Type.Object({
  errorName: Type.String(),
  errorMessage: Type.String(),
  trackingId: Type.String(),
})
const TooManyRequests = Type.Object({ message: Type.String() })

const shapes: Record<number, TObject> = { 401: Unauthorized, 405: MethodNotAllowed, 429: TooManyRequests }

/** The `response` schemas of these error statuses, to spread into a route's declaration. */
export const errorResponses = (...statuses: number[]): Record<number, TObject> =>
  Object.fromEntries(statuses.map((status) => [status, shapes[status] ?? ErrorResponseDto]))

const rendered = {
  unauthenticated: [401, undefined],
  forbidden: [403, undefined],
  not_found: [404, undefined],
  conflict: [400, '400.1.409 Reference conflict'],
  invalid: [400, undefined],
  limit_exceeded: [400, '400.1.4 Limit violation'],
  unavailable: [503, undefined],
} as const satisfies Record<DomainErrorCode, readonly [status: number, detailCode: string | undefined]>

/** Answers in ISC's words. An error nobody expected is logged, and its answer tells only the tracking id. */
export function renderIscError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, text, detailCode } = describe(error)
  if (status >= 500) request.log.error({ err: error, trackingId: request.id }, 'unexpected error')
  if (status === 503) reply.header('retry-after', '1')
  const body = iscErrorBody({ status, text, trackingId: request.id, ...(detailCode && { detailCode }) })
  // As text: what the framework refuses, a route need not have declared.
  return reply.code(status).header('cache-control', 'no-store').type(JSON_TYPE).send(JSON.stringify(body))
}

const JSON_TYPE = 'application/json; charset=utf-8'

interface Described {
  status: number
  text: string
  detailCode?: string | undefined
}

function describe(error: unknown): Described {
  if (error instanceof DomainError) {
    const [status, detailCode] = rendered[error.code]
    return { status, text: error.message, detailCode }
  }
  if (isDatabaseOutage(error)) return { status: 503, text: 'The database does not answer. Try again in a moment.' }
  const status = frameworkStatus(error)
  if (status !== undefined)
    return { status, text: error instanceof Error ? sentence(error.message) : iscTexts.badRequest }
  return { status: 500, text: iscTexts.internal }
}

/** The status of an error that the framework raised for a bad request; its message names the place and the rule. */
function frameworkStatus(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (typeof status === 'number' && status >= 400 && status < 500) return status
  return error instanceof Error && 'validation' in error ? 400 : undefined
}

const sentence = (message: string): string =>
  `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.')
