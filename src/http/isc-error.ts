import type { ReasonCode } from '../access/reasons.ts'
import { errorTextIn } from './error-texts/in-language.ts'
import { localeOf } from './locale.ts'
import { STATUS_CODES } from './node-http.ts'

/** A refusal as ISC words it; `text` is what a person reads. */
export interface IscRefusal {
  status: number
  text: string
  trackingId: string
  detailCode?: string
  /** Why, in our words, where `text` is a sentence of ISC's. */
  cause?: string
  reason?: ReasonCode
  /** The caller's `Accept-Language`: in German, French and Spanish a second message follows. */
  acceptLanguage?: string | undefined
}

const DETAIL_CODES: Record<number, string> = {
  400: '400.1 Bad Request Content',
  403: '403 Forbidden',
  404: '404 Not found',
  409: '400.1.409 Reference conflict',
  500: '500.0 Internal Fault',
}

/** ISC's own sentences, which clients look for. */
export const iscTexts = {
  jwtRequired: 'JWT is required',
  jwtExpired: 'JWT validation failed: JWT is expired',
  forbidden: 'The server understood the request but refuses to authorize it.',
  notFound: 'The server did not find a current representation for the target resource.',
  badRequest: 'The request was syntactically correct but its content is semantically invalid.',
  rateLimited: ' Rate Limit Exceeded ',
  internal: 'An internal fault occurred.',
} as const

/**
 * The JSON body of a refusal. ISC has three shapes of its own beside the error DTO: 401 `{error}`, 405 a triple, and
 * 429 `{message}`; the DTO always has at least one message, because popular clients read the first unasked.
 */
export function iscErrorBody(refusal: IscRefusal): object {
  const { status, text, trackingId, cause } = refusal
  if (status === 401) return { error: text }
  if (status === 405) return { errorName: 'NotSupportedException', errorMessage: text, trackingId }
  if (status === 429) return { message: text }
  const detailCode = refusal.detailCode ?? DETAIL_CODES[status] ?? `${status} ${STATUS_CODES[status] ?? 'Error'}`
  return {
    detailCode,
    trackingId,
    messages: [inEnglish(text), ...inRequested(refusal, detailCode)],
    causes: cause === undefined ? [] : [inEnglish(cause)],
  }
}

const inEnglish = (text: string): object => ({ locale: 'en-US', localeOrigin: 'DEFAULT', text })

const keysOfSentences = new Map<string, string>(Object.entries(iscTexts).map(([key, text]) => [text, key]))

/** The same in the language that was asked for; clients that read the first message find ISC's English there. */
function inRequested({ text, reason, acceptLanguage }: IscRefusal, detailCode: string): object[] {
  if (acceptLanguage === undefined) return []
  const locale = localeOf(acceptLanguage)
  const told = errorTextIn(locale, { sentence: keysOfSentences.get(text), detailCode, reason })
  return told === undefined ? [] : [{ locale, localeOrigin: 'REQUEST', text: told }]
}
