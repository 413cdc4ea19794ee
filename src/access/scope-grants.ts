import { SCOPE_ALL, SCOPE_DEFAULT } from '../oauth/scope.ts'
import { defaultScopeGrants } from './default-scope-grants.ts'
import type { Operation, Principal } from './policy.ts'
import { admitsEverybody, isNamedLevel } from './pseudo-levels.ts'

/** The levels a scope is granted to, or `everybody`: every identity, even one without a level. */
export type GrantedLevels = ReadonlySet<string> | 'everybody'

/** Which user levels each scope is granted to, within one catalog. */
export type ScopeGrants = ReadonlyMap<string, GrantedLevels>

const GRANTED_WHERE_NOTHING_SAYS: GrantedLevels = new Set(['ORG_ADMIN'])

/**
 * Builds the grants of one catalog. `operations` are those of that catalog alone, since one catalog must never widen
 * another. What the tenant says replaces our defaults, and those replace what the operations say.
 */
export function buildScopeGrants(
  operations: readonly Operation[],
  tenantGrants: Readonly<Record<string, readonly string[]>>,
): ScopeGrants {
  const grants = new Map<string, GrantedLevels>()
  for (const [scope, levels] of levelsNamedBeside(operations)) {
    const granted = grantedLevels([...levels])
    if (granted === 'everybody' || granted.size > 0) grants.set(scope, granted)
  }
  for (const [scope, levels] of defaultScopeGrants) grants.set(scope, grantedLevels(levels))
  for (const [scope, levels] of Object.entries(tenantGrants)) grants.set(scope, grantedLevels(levels))
  grants.set(SCOPE_ALL, 'everybody')
  grants.set(SCOPE_DEFAULT, 'everybody')
  return grants
}

/** The levels a scope is granted to; ORG_ADMIN alone where neither tenant, defaults nor operations say. */
export function levelsGranted(grants: ScopeGrants, scope: string): GrantedLevels {
  return grants.get(scope) ?? GRANTED_WHERE_NOTHING_SAYS
}

/** Is the scope granted to a level that the principal's identity holds now, built-in or custom? */
export function isGranted(grants: ScopeGrants, scope: string, principal: Principal): boolean {
  const levels = levelsGranted(grants, scope)
  return (
    levels === 'everybody' ||
    principal.userLevels.some((level) => levels.has(level)) ||
    principal.customLevelScopes.includes(scope)
  )
}

function grantedLevels(levels: readonly string[]): GrantedLevels {
  return admitsEverybody(levels) ? 'everybody' : new Set(levels.filter(isNamedLevel))
}

function levelsNamedBeside(operations: readonly Operation[]): Map<string, Set<string>> {
  const levelsByScope = new Map<string, Set<string>>()
  for (const { policy } of operations) {
    for (const scope of [...(policy.userScopes ?? []), ...(policy.applicationScopes ?? [])]) {
      const levels = levelsByScope.getOrInsertComputed(scope, () => new Set())
      for (const level of policy.userLevels) levels.add(level)
    }
  }
  return levelsByScope
}
