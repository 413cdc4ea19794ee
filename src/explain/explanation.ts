import { decide } from '../access/decide.ts'
import { suggestFixes } from '../access/fixes.ts'
import type { Operation } from '../access/policy.ts'
import { type Question, targetOf } from '../access/question.ts'
import type { Explanation } from './schemas.ts'

/** Puts the decision about a question into words: by the very function that decides. */
export function explanationOf(question: Question): Explanation {
  const decision = decide(question)
  const operation = targetOf(question)?.operation
  return {
    allowed: decision.allowed,
    status: decision.status,
    reason: decision.reason,
    operation: operation ? describeOperation(operation) : null,
    checks: decision.checks.map((check) => ({
      ...check,
      expected: listed(check.expected),
      actual: listed(check.actual),
    })),
    fixes: suggestFixes(question, decision).map((fix) => ({ ...fix })),
  }
}

const listed = (value: string | readonly string[] | null): string | string[] | null =>
  typeof value === 'string' || value === null ? value : [...value]

const describeOperation = ({
  policy,
  isDeprecated,
  ...operation
}: Operation): NonNullable<Explanation['operation']> => ({
  ...operation,
  userScopes: policy.userScopes && [...policy.userScopes],
  applicationScopes: policy.applicationScopes && [...policy.applicationScopes],
  userLevels: [...policy.userLevels],
  experimental: policy.isExperimental,
  deprecated: isDeprecated,
  assumed: policy.assumed,
})
