import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { strangeAnswer } from '../connection/refusal.ts'

const Reason = Type.Object({ code: Type.String(), message: Type.String() })

const CheckResult = Type.Object({
  name: Type.String(),
  outcome: Type.Enum(['pass', 'fail', 'not_reached']),
  code: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  message: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  expected: Type.Optional(Type.Unknown()),
  actual: Type.Optional(Type.Unknown()),
})

// Members that are not named here are let through: a newer server may say more.
const Explanation = Type.Object({
  allowed: Type.Boolean(),
  status: Type.Integer(),
  reason: Type.Union([Reason, Type.Null()]),
  operation: Type.Optional(Type.Unknown()),
  checks: Type.Array(CheckResult),
  fixes: Type.Array(Type.Object({ kind: Type.String(), message: Type.String() })),
  refusedAt: Type.Optional(Type.String()),
  now: Type.Optional(
    Type.Object({ allowed: Type.Boolean(), status: Type.Integer(), reason: Type.Union([Reason, Type.Null()]) }),
  ),
})

/** A server's answer to the question whether a request may pass, and why. */
export type Explanation = Static<typeof Explanation>
export type CheckResult = Static<typeof CheckResult>

/**
 * Takes an answer for an explanation.
 *
 * @throws CliFailure when it is something else.
 */
export function asExplanation(answer: unknown): Explanation {
  if (Check(Explanation, answer)) return answer
  throw strangeAnswer('POST /sallyport/v1/explain', 'is no explanation')
}
