import { DomainError } from '../errors.ts'
import type { Principal } from './policy.ts'
import { meetsScope } from './requirements.ts'

/**
 * The scope that a caller gives to a credential: what it says, else all that its own token has.
 * @throws DomainError `beyond_token` for a scope that its token does not have: nobody passes on more than he holds.
 */
export function scopePassedOn(caller: Principal, scope: readonly string[] | null | undefined): readonly string[] {
  const beyond = (scope ?? []).filter((one) => !meetsScope(caller, one))
  if (beyond.length > 0)
    throw new DomainError(
      'beyond_token',
      `Your token does not have the scope ${beyond[0]}, so it cannot give it to a credential. Ask for less, or use a token that has it.`,
    )
  return scope ?? caller.scopes
}
