import { checksInOrder, type Finding, type Verdict } from './checks.ts'
import { type Check, describeCheck } from './describe-check.ts'
import { type Question, type Refusal, targetOf } from './question.ts'
import { type ReasonCode, reasons } from './reasons.ts'

/** The answer to a question. */
export interface Decision {
  readonly allowed: boolean
  /** 200 when allowed, else the status that the reason stands for. */
  readonly status: number
  /** The first check that failed, in the order in which they answer; null when allowed. */
  readonly reason: Refusal | null
  /** Every check in that order, those after the first failure evaluated too. Put into words each time it is read. */
  readonly checks: readonly Check[]
}

type Failure = Finding & { readonly verdict: ReasonCode }

const findingsForPublic: readonly Finding[] = checksInOrder.map(([name]) => ({
  name,
  verdict: name === 'operation' ? 'pass' : 'not_reached',
}))

/**
 * Decides whether a request is let through, and if not, why. Pure, and the only place that decides: the gateway acts
 * on `allowed`, an explanation shows the `checks` of the very same decision. What only the resource knows is left to it.
 */
export function decide(question: Question): Decision {
  const failure = firstFailure(question)
  const reason = failure ? { code: failure.verdict, message: describeCheck(question, failure).message } : null
  return {
    allowed: reason === null,
    status: reason === null ? 200 : reasons[reason.code],
    reason,
    get checks() {
      return evaluate(question).map((finding) => describeCheck(question, finding))
    },
  }
}

/** Nearly every question has none, so nothing is kept of the checks that pass. */
function firstFailure(question: Question): Failure | undefined {
  if (isPublic(question)) return undefined
  for (const [name, check] of checksInOrder) {
    const verdict = check(question)
    if (isReason(verdict)) return { name, verdict }
  }
  return undefined
}

function evaluate(question: Question): readonly Finding[] {
  if (isPublic(question)) return findingsForPublic
  return checksInOrder.map(([name, check]) => ({ name, verdict: check(question) }))
}

const isPublic = (question: Question): boolean => targetOf(question)?.operation.policy.isPublic === true

const isReason = (verdict: Verdict): verdict is ReasonCode => verdict !== 'pass' && verdict !== 'not_reached'
