import type { Principal } from '../access/policy.ts'
import { meetsScope } from '../access/requirements.ts'
import { DomainError } from '../errors.ts'
import { SCOPE_ALL } from '../oauth/scope.ts'

/** Nobody passes on, or takes, with a narrow token what can do more. @throws DomainError `beyond_token`. */
export function requireScopeWithin(caller: Principal, scope: readonly string[]): void {
  if (caller.scopes.includes(SCOPE_ALL)) return
  const beyond = scope.filter((each) => each === SCOPE_ALL || !meetsScope(caller, each))
  if (beyond.length === 0) return
  throw new DomainError(
    'beyond_token',
    `The credential holds scopes that the token you call with does not: ${beyond.join(', ')}.`,
  )
}
