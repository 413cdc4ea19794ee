import { SCOPE_ALL } from '../oauth/scope.ts'

/** Of these scopes, one is needed. */
export type Clause = readonly string[]

/** Beyond this many steps the best that was found is the answer: the problem is NP-hard, and people ask about real APIs. */
const STEPS_MAX = 5000

/**
 * The fewest scopes of which every clause holds one, reading ones rather than others, and `sp:scopes:all`, which stands
 * for every scope, only where a clause accepts nothing else.
 */
export function smallestHittingSet(clauses: readonly Clause[]): string[] {
  const needed = withoutImplied(clauses)
  const search: Search = { best: greedy(needed), steps: 0 }
  branch(search, needed, [])
  return search.best.includes(SCOPE_ALL) ? [SCOPE_ALL] : search.best.toSorted()
}

/** Does one of these scopes meet the clause? */
export const isHit = (clause: Clause, scopes: readonly string[]): boolean =>
  scopes.some((scope) => scope === SCOPE_ALL || clause.includes(scope))

/** A clause that holds all of another one is met whenever that one is. */
function withoutImplied(clauses: readonly Clause[]): Clause[] {
  const kept: Clause[] = []
  for (const clause of clauses.toSorted((one, other) => one.length - other.length))
    if (!kept.some((other) => other.every((scope) => clause.includes(scope)))) kept.push(clause)
  return kept
}

interface Search {
  best: readonly string[]
  steps: number
}

function branch(search: Search, clauses: readonly Clause[], chosen: readonly string[]): void {
  if (++search.steps > STEPS_MAX) return
  if (clauses.length === 0) {
    if (costOf(chosen) < costOf(search.best)) search.best = chosen
    return
  }
  if (costOf(chosen) >= costOf(search.best)) return
  const shortest = clauses.reduce((one, other) => (other.length < one.length ? other : one))
  for (const scope of mostUsefulFirst(shortest, clauses)) branch(search, unmet(clauses, scope), [...chosen, scope])
}

/** Takes what meets most clauses, again and again: never far from the best, and found at once. */
function greedy(clauses: readonly Clause[]): string[] {
  const chosen: string[] = []
  for (let left = clauses; left.length > 0; ) {
    const forced = left.find(({ length }) => length === 1)
    const [scope = ''] = mostUsefulFirst(forced ?? left.flat(), left)
    chosen.push(scope)
    left = unmet(left, scope)
  }
  return chosen
}

function mostUsefulFirst(scopes: readonly string[], clauses: readonly Clause[]): string[] {
  const met = new Map<string, number>()
  for (const clause of clauses) for (const scope of new Set(clause)) met.set(scope, (met.get(scope) ?? 0) + 1)
  const worth = (scope: string): number => (met.get(scope) ?? 0) * ONE_SCOPE - weightOf(scope)
  return [...new Set(scopes)].toSorted((one, other) => worth(other) - worth(one) || (one < other ? -1 : 1))
}

/** A token with every scope meets every clause. */
const unmet = (clauses: readonly Clause[], scope: string): Clause[] =>
  scope === SCOPE_ALL ? [] : clauses.filter((clause) => !clause.includes(scope))

const ONE_SCOPE = 1000

const costOf = (scopes: readonly string[]): number => scopes.reduce((cost, scope) => cost + weightOf(scope), 0)

function weightOf(scope: string): number {
  if (scope === SCOPE_ALL) return ONE_SCOPE * ONE_SCOPE
  return scope.endsWith(':read') ? ONE_SCOPE : ONE_SCOPE + 1
}
