import { decide } from '../access/decide.ts'
import type { Principal } from '../access/policy.ts'
import type { Target } from '../access/question.ts'
import { SCOPE_ALL } from '../oauth/scope.ts'

/** Would this principal be let through, were the scopes of its token these? Decided as requests are. */
export function allows(principal: Principal, scopes: readonly string[], target: Target): boolean {
  return decide({
    authentication: { principal: { ...principal, scopes } },
    rate: { allowed: true },
    target,
    experimentalHeader: 'unknown',
  }).allowed
}

/** What a token's scopes would be, had its credential held no more than `limit`. */
export function narrowedTo(limit: readonly string[], scopes: readonly string[]): readonly string[] {
  if (limit.includes(SCOPE_ALL)) return scopes
  return scopes.includes(SCOPE_ALL) ? limit : scopes.filter((scope) => limit.includes(scope))
}
