import type { ServerResponse } from 'node:http'
import type { OperationPolicy } from '../access/policy.ts'
import type { Question } from '../access/question.ts'
import { type ReasonCode, reasons } from '../access/reasons.ts'
import type { Visit } from '../front-door/visit.ts'
import { answerRefusal, type Refusal } from '../http/answer.ts'
import { iscTexts } from '../http/isc-error.ts'
import type { Admission } from './admit.ts'

/** Told of every refusal at the gates, so that it can be counted and explained later. */
export type RefusalListener = (visit: Visit, admission: Admission, method: string) => void

/** A refusal at the gates, in ISC's words and with our reason beside them. */
export function refusalOf({ decision, question }: Admission, { trackingId }: Visit): Refusal {
  const { status, reason } = decision
  if (reason === null) throw new Error('what was allowed cannot be refused')
  const text = iscText(reason.code) ?? reason.message
  // What the gates refused can be explained; what others refuse cannot.
  const link = `</sallyport/v1/explain/${trackingId}>; rel="help"`
  return { status, reason: reason.code, text, trackingId, headers: { link, ...headersFor(question, reason.code) } }
}

/** Answers a refusal on a bare response. */
export function answerAdmissionRefusal(
  response: ServerResponse,
  admission: Admission,
  { visit, onRefused }: { visit: Visit; onRefused: RefusalListener },
): void {
  onRefused(visit, admission, response.req.method ?? '')
  response.req.resume() // What was sent with the request is not read, but the connection goes on.
  answerRefusal(response, refusalOf(admission, visit))
}

/** The sentences that ISC's clients know; where ISC has none, ours. An explanation always tells ours. */
function iscText(code: ReasonCode): string | undefined {
  if (code === 'auth.expired') return iscTexts.jwtExpired
  const status = reasons[code]
  if (status === 403) return iscTexts.forbidden
  if (status === 404) return iscTexts.notFound
  if (status === 429) return iscTexts.rateLimited
  return undefined
}

function headersFor({ rate, target }: Question, code: ReasonCode): Record<string, string> {
  const status = reasons[code]
  if (status === 503) return { 'retry-after': '1' }
  if (status === 429 && !rate.allowed) return { 'retry-after': String(rate.retryAfterSeconds) }
  if (status === 405 && target && 'allowedMethods' in target) return { allow: target.allowedMethods.join(', ') }
  if (status === 401) return { 'www-authenticate': code === 'auth.missing' ? 'Bearer' : 'Bearer error="invalid_token"' }
  if (!ANOTHER_TOKEN_HELPS.test(code) || !target || !('operation' in target)) return {}
  return { 'www-authenticate': `Bearer error="insufficient_scope"${scopeAttribute(target.operation.policy)}` }
}

/** Another token may do what this one may not (RFC 6750 §3.1); that is no answer to a wrong network. */
const ANOTHER_TOKEN_HELPS = /^(?:context|scope|level)\./

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/
const SCOPES_MAX = 20

function scopeAttribute({ userScopes, applicationScopes }: OperationPolicy): string {
  const scopes = new Set([...(userScopes ?? []), ...(applicationScopes ?? [])])
  const printable = [...scopes].filter((scope) => SCOPE.test(scope)).slice(0, SCOPES_MAX)
  return printable.length === 0 ? '' : `, scope="${printable.join(' ')}"`
}
