import { type Question, sidesOf, targetOf } from './question.ts'
import type { ReasonCode } from './reasons.ts'
import {
  holdsLevelFor,
  meetsScope,
  requiredLevels,
  requiredScopes,
  scopesInContext,
  scopesToBeGranted,
} from './requirements.ts'
import { isGranted } from './scope-grants.ts'

/** What came of a check: a reason code means that it failed, `not_reached` that it has no meaning here. */
export type Verdict = 'pass' | 'not_reached' | ReasonCode

/** The checks in the order in which they answer. The failure of one hides none of the later ones. */
export const checksInOrder = [
  ['authentication', checkAuthentication],
  ['rate', checkRate],
  ['operation', checkOperation],
  ['experimental', checkExperimental],
  ['context', checkContext],
  ['scope', checkScope],
  ['level', checkLevel],
  ['resource', checkResource],
] as const satisfies readonly (readonly [name: string, check: (question: Question) => Verdict])[]

/** What is checked. */
export type CheckName = (typeof checksInOrder)[number][0]

/** A check with what came of it, not yet put into words. */
export interface Finding {
  readonly name: CheckName
  readonly verdict: Verdict
}

function checkAuthentication({ authentication }: Question): Verdict {
  return 'failure' in authentication ? authentication.failure.code : 'pass'
}

function checkRate({ authentication, rate }: Question): Verdict {
  if ('failure' in authentication) return 'not_reached'
  return rate.allowed ? 'pass' : 'rate.limited'
}

function checkOperation({ target }: Question): Verdict {
  if (target === null) return 'operation.unknown'
  if ('operation' in target) return 'pass'
  return 'alsoReadAs' in target ? 'operation.ambiguous' : 'operation.method_not_allowed'
}

function checkExperimental(question: Question): Verdict {
  const target = targetOf(question)
  if (target === undefined) return 'not_reached'
  const isMissing = target.operation.policy.isExperimental && question.experimentalHeader === 'not_sent'
  return isMissing ? 'header.experimental_required' : 'pass'
}

function checkContext(question: Question): Verdict {
  const sides = sidesOf(question)
  if (sides === undefined) return 'not_reached'
  if (scopesInContext(sides.policy, sides.principal.context) !== null) return 'pass'
  if (requiredScopes(sides) === null) return 'operation.unusable'
  return sides.principal.context === 'user' ? 'context.application_required' : 'context.user_required'
}

function checkScope(question: Question): Verdict {
  const sides = sidesOf(question)
  const required = sides && requiredScopes(sides)
  if (!sides || !required) return 'not_reached'
  const isMet = required.length === 0 || required.some((scope) => meetsScope(sides.principal, scope))
  return isMet ? 'pass' : 'scope.missing'
}

function checkLevel(question: Question): Verdict {
  const sides = sidesOf(question)
  if (sides?.principal.context !== 'user') return 'not_reached'
  if (holdsLevelFor(sides)) return 'pass'
  if (requiredLevels(sides.policy).length > 0) return 'level.missing'
  const scopes = scopesToBeGranted(sides)
  if (scopes === null) return 'not_reached'
  const isWithin = scopes.length === 0 || scopes.some((scope) => isGranted(sides.grants, scope, sides.principal))
  return isWithin ? 'pass' : 'scope.beyond_level'
}

function checkResource(): Verdict {
  return 'not_reached'
}
