import type { ServerResponse } from 'node:http'
import type { Question } from '../access/question.ts'
import type { ReasonCode } from '../access/reasons.ts'
import type { Visit } from '../front-door/visit.ts'
import { answerRefusal, type Refusal } from '../http/answer.ts'
import { iscTexts } from '../http/isc-error.ts'
import type { Admission } from './admit.ts'

/** Told of every refusal at the gates, so that it can be counted and explained later. */
export type RefusalListener = (visit: Visit, admission: Admission, method: string) => void

/** A refusal at the gates, in ISC's words and with our reason beside them. */
export function refusalOf({ decision, question, isStale }: Admission, visit: Visit): Refusal {
  const { trackingId } = visit
  if (isStale || decision.reason === null)
    return {
      status: 503,
      reason: 'state.stale',
      text: 'This node cannot tell whether the token was revoked, because the database does not answer. Try again.',
      trackingId,
      headers: { 'retry-after': '1' },
    }
  const { status, reason } = decision
  const text = iscText(status) ?? reason.message
  return { status, reason: reason.code, text, trackingId, headers: headersFor(question, status, reason) }
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

/** The sentences that ISC's clients know; where ISC says more than a sentence, so do we. */
function iscText(status: number): string | undefined {
  if (status === 403) return iscTexts.forbidden
  if (status === 404) return iscTexts.notFound
  if (status === 429) return iscTexts.rateLimited
  return undefined
}

function headersFor(
  { rate, target }: Question,
  status: number,
  reason: { code: ReasonCode; message: string },
): Record<string, string> {
  if (status === 429 && !rate.allowed) return { 'retry-after': String(rate.retryAfterSeconds) }
  if (status === 405 && target && 'allowedMethods' in target) return { allow: target.allowedMethods.join(', ') }
  if (status === 401) return { 'www-authenticate': challenge(reason) }
  if (status !== 403 || !target || !('operation' in target)) return {}
  const { userScopes, applicationScopes } = target.operation.policy
  const scope = [...new Set([...(userScopes ?? []), ...(applicationScopes ?? [])])]
    .filter((each) => SCOPE.test(each))
    .join(' ')
  return { 'www-authenticate': `Bearer error="insufficient_scope"${scope === '' ? '' : `, scope="${scope}"`}` }
}

/** Without a token there is no error code (RFC 6750 §3.1). */
const challenge = ({ code }: { code: ReasonCode }): string =>
  code === 'auth.missing' ? 'Bearer' : 'Bearer error="invalid_token"'

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/
