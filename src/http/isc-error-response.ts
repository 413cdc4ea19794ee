import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TObject, Type } from 'typebox'
import type { ReasonCode } from '../access/reasons.ts'
import { isDatabaseOutage } from '../database/outage.ts'
import { DomainError, type DomainErrorCode } from '../errors.ts'
import { iscErrorBody, iscTexts } from './isc-error.ts'
import { validationWords } from './validation-words.ts'

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

/** The bodies of errors by name, for descriptions of the API. */
export const errorShapes = { ErrorResponseDto, Unauthorized, MethodNotAllowed, TooManyRequests }

const shapes: Record<number, TObject> = { 401: Unauthorized, 405: MethodNotAllowed, 429: TooManyRequests }

/** The `response` schemas of these error statuses, to spread into a route's declaration. */
export const errorResponses = (...statuses: number[]): Record<number, TObject> =>
  Object.fromEntries(statuses.map((status) => [status, shapes[status] ?? ErrorResponseDto]))

interface Rendering {
  status: number
  detailCode?: string
  reason?: ReasonCode
}

const rendered: Record<DomainErrorCode, Rendering> = {
  unauthenticated: { status: 401 },
  forbidden: { status: 403 },
  resource_denied: { status: 403, reason: 'resource.denied' },
  beyond_token: { status: 403, reason: 'scope.beyond_token' },
  not_found: { status: 404 },
  conflict: { status: 400, detailCode: '400.1.409 Reference conflict' },
  in_use: { status: 400, detailCode: '400.2.1.0 Object in use by another' },
  invalid: { status: 400 },
  illegal_update: { status: 400, detailCode: '400.1.1 Illegal update attempt' },
  illegal_value: { status: 400, detailCode: '400.1.3 Illegal value' },
  required_missing: { status: 400, detailCode: '400.1.0 Required Data Missing Or Empty' },
  reference_not_found: { status: 400, detailCode: '400.1.404 Referenced object not found' },
  limit_exceeded: { status: 400, detailCode: '400.1.4 Limit violation' },
  unavailable: { status: 503 },
}

/** Answers in ISC's words. An error nobody expected is logged, and its answer tells only the tracking id. */
export function renderIscError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, text, detailCode, reason, cause } = describe(error)
  if (status >= 500) request.log.error({ err: error, trackingId: request.id }, 'unexpected error')
  if (status === 503) reply.header('retry-after', '1')
  if (reason) reply.header('sallyport-reason', reason)
  const body = iscErrorBody({
    status,
    text,
    trackingId: request.id,
    acceptLanguage: request.headers['accept-language'],
    ...(detailCode && { detailCode }),
    ...(cause && { cause }),
    ...(reason && { reason }),
  })
  // As text: what the framework refuses, a route need not have declared.
  return reply.code(status).header('cache-control', 'no-store').type(JSON_TYPE).send(JSON.stringify(body))
}

const JSON_TYPE = 'application/json; charset=utf-8'

interface Described extends Rendering {
  text: string
  cause?: string
}

function describe(error: unknown): Described {
  if (error instanceof DomainError) {
    const rendering = rendered[error.code]
    // Clients look for ISC's own sentence; ours, which says what to do, follows as its cause.
    if (rendering.reason) return { ...rendering, text: iscTexts.forbidden, cause: error.message }
    return { ...rendering, text: error.message }
  }
  if (isDatabaseOutage(error)) return { status: 503, text: 'The database does not answer. Try again in a moment.' }
  const status = frameworkStatus(error)
  if (status !== undefined)
    return { status, text: error instanceof Error ? sentence(validationWords(error)) : iscTexts.badRequest }
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
