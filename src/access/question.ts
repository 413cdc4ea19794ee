import type { NoMatch } from './operation-index.ts'
import type { Operation, OperationPolicy, Principal } from './policy.ts'
import type { ReasonCode } from './reasons.ts'
import type { ScopeGrants } from './scope-grants.ts'

/** Why something is refused: a stable code, and a sentence for the caller. */
export interface Refusal {
  readonly code: ReasonCode
  readonly message: string
}

/** An operation, with the scope grants of its catalog. */
export interface Target {
  readonly operation: Operation
  readonly grants: ScopeGrants
}

/** All that a decision depends on. It must not change afterwards, since a decision is put into words on demand. */
export interface Question {
  /** Who asks, or why that is not known. */
  readonly authentication: { readonly principal: Principal } | { readonly failure: Refusal }
  readonly rate: { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number }
  /** null for an unknown path; what is known of it for a path under another method, or one that reads two ways. */
  readonly target: Target | NoMatch | null
  /** `unknown` where there is no request yet, only the thought of one: the check passes, with a hint. */
  readonly experimentalHeader: 'sent' | 'not_sent' | 'unknown'
}

/** Who asks, and what the operation demands. */
export interface Sides {
  readonly principal: Principal
  readonly policy: OperationPolicy
  readonly grants: ScopeGrants
}

export function principalOf({ authentication }: Question): Principal | undefined {
  return 'principal' in authentication ? authentication.principal : undefined
}

/** The operation in question with its grants; undefined while the path or the method is unknown. */
export function targetOf({ target }: Question): Target | undefined {
  return target !== null && 'operation' in target ? target : undefined
}

/** The two that the later checks compare; undefined while either is unknown. */
export function sidesOf(question: Question): Sides | undefined {
  const principal = principalOf(question)
  const target = targetOf(question)
  if (principal === undefined || target === undefined) return undefined
  return { principal, policy: target.operation.policy, grants: target.grants }
}
