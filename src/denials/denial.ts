import type { Question } from '../access/question.ts'
import type { ReasonCode } from '../access/reasons.ts'

/** A refusal at the gates as it happened. Nothing of the request is in it but method, path and where it came from. */
export interface Denial {
  readonly tenantId: string
  readonly trackingId: string
  /** Unix milliseconds. */
  readonly refusedAtMs: number
  readonly network: string
  readonly method: string
  /** The operation's template; of an unknown path, its shape. */
  readonly path: string
  readonly status: number
  readonly reason: ReasonCode
  readonly question: Question
}

/** Whose token was refused: empty where nobody proved to be somebody, or where no identity stood behind the token. */
export function whoseDenial({ question: { authentication } }: Pick<Denial, 'question'>): {
  clientId: string
  identityId: string
} {
  if (!('principal' in authentication)) return { clientId: '', identityId: '' }
  const { clientId, identityId } = authentication.principal
  return { clientId, identityId: identityId ?? '' }
}
