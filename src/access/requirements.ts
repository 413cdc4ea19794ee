import type { OperationPolicy, Principal, TokenContext } from './policy.ts'
import { admitsEverybody, isNamedLevel } from './pseudo-levels.ts'
import type { Sides } from './question.ts'
import { SCOPE_ALL, SCOPE_DEFAULT } from '../oauth/scope.ts'
import { levelsGranted } from './scope-grants.ts'

const NO_SCOPES: readonly string[] = []

/** The scopes of which a token in this context needs one; null when the operation takes no token in this context. */
export function scopesInContext(policy: OperationPolicy, context: TokenContext): readonly string[] | null {
  if (policy.isAnyToken) return NO_SCOPES
  return context === 'user' ? policy.userScopes : policy.applicationScopes
}

/**
 * The scopes to compare a token with. Where the operation takes no token in this one's context, its scopes for the
 * other still tell whether scopes are to blame as well; null when it takes none in either.
 */
export function requiredScopes({ principal, policy }: Sides): readonly string[] | null {
  return scopesInContext(policy, principal.context) ?? policy.userScopes ?? policy.applicationScopes
}

/** Does the token meet this required scope? */
export function meetsScope({ scopes }: Principal, required: string): boolean {
  return required === SCOPE_DEFAULT || scopes.includes(required) || scopes.includes(SCOPE_ALL)
}

/**
 * The required scopes of which one must be granted to a level of the identity: those the token meets. Where it meets
 * none the scope check has failed already, and the level check answers for the day it does.
 */
export function scopesToBeGranted(sides: Sides): readonly string[] | null {
  const required = requiredScopes(sides)
  const met = required?.filter((scope) => meetsScope(sides.principal, scope)) ?? []
  return met.length > 0 ? met : required
}

/** The user levels of which the operation itself asks for one; empty where the grants of its scopes decide. */
export function requiredLevels({ userLevels }: OperationPolicy): readonly string[] {
  return admitsEverybody(userLevels) ? [] : userLevels.filter(isNamedLevel)
}

/** Does the identity hold a level that the operation names, or a custom level with a scope that it accepts from users? */
export function holdsLevelFor({ principal, policy }: Sides): boolean {
  return (
    policy.userLevels.some((level) => isNamedLevel(level) && principal.userLevels.includes(level)) ||
    (policy.userScopes ?? []).some((scope) => principal.customLevelScopes.includes(scope))
  )
}

/** The user levels of which any one passes the level check; empty when every identity passes, or none. */
export function sufficientLevels(sides: Sides): readonly string[] {
  const named = requiredLevels(sides.policy)
  if (named.length > 0) return named
  const granted = (scopesToBeGranted(sides) ?? []).map((scope) => levelsGranted(sides.grants, scope))
  const limited = granted.filter((levels) => levels !== 'everybody')
  return limited.length < granted.length ? [] : [...new Set(limited.flatMap((levels) => [...levels]))]
}
