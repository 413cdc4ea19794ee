/** Of these scopes, one is needed. */
export type Clause = readonly string[]

/** Scopes of which every clause holds one, and whether nothing better is known to exist. */
export interface HittingSet {
  readonly scopes: readonly string[]
  readonly isSmallest: boolean
}

type Weigh = (scope: string) => number

/** Beyond this many steps the best that was found is the answer: the problem is NP-hard, and people ask about real APIs. */
const STEPS_MAX = 5000

/** The fewest scopes of which every clause holds one; of two lists as short, the one that weighs less. */
export function smallestHittingSet(clauses: readonly Clause[], weightOf: Weigh): HittingSet {
  const needed = withoutImplied(clauses)
  const search: Search = { weightOf, best: greedy(needed, weightOf), steps: 0 }
  branch(search, needed, [])
  return { scopes: search.best.toSorted(), isSmallest: search.steps <= STEPS_MAX }
}

/** A clause that holds all of another one is met whenever that one is. */
function withoutImplied(clauses: readonly Clause[]): Clause[] {
  const kept: Clause[] = []
  for (const clause of clauses.toSorted((one, other) => one.length - other.length))
    if (!kept.some((other) => other.every((scope) => clause.includes(scope)))) kept.push(clause)
  return kept
}

interface Search {
  readonly weightOf: Weigh
  best: readonly string[]
  steps: number
}

function branch(search: Search, clauses: readonly Clause[], chosen: readonly string[]): void {
  // Scopes and weight only add up: nothing that grows from what is no better can be better.
  if (++search.steps > STEPS_MAX || !isBetter(chosen, search.best, search.weightOf)) return
  if (clauses.length === 0) {
    search.best = chosen
    return
  }
  for (const scope of mostUsefulFirst(shortestOf(clauses), clauses, search.weightOf))
    branch(search, unmet(clauses, scope), [...chosen, scope])
}

/** Takes what meets most clauses, again and again: never far from the best, and found at once. */
function greedy(clauses: readonly Clause[], weightOf: Weigh): string[] {
  const chosen: string[] = []
  for (let left = clauses; left.length > 0; ) {
    const forced = left.find(({ length }) => length === 1)
    const [scope = ''] = mostUsefulFirst(forced ?? left.flat(), left, weightOf)
    chosen.push(scope)
    left = unmet(left, scope)
  }
  return chosen
}

/** The fewer scopes there are to try, the sooner it is known. */
const shortestOf = (clauses: readonly Clause[]): Clause =>
  clauses.reduce((one, other) => (other.length < one.length ? other : one))

/** By how many clauses they meet; then the lighter ones, then by name, so that the answer is always the same. */
function mostUsefulFirst(scopes: readonly string[], clauses: readonly Clause[], weightOf: Weigh): string[] {
  const met = new Map(scopes.map((scope) => [scope, 0]))
  for (const scope of clauses.flat()) {
    const count = met.get(scope)
    if (count !== undefined) met.set(scope, count + 1)
  }
  return [...met.keys()].toSorted(
    (one, other) =>
      (met.get(other) ?? 0) - (met.get(one) ?? 0) || weightOf(one) - weightOf(other) || (one < other ? -1 : 1),
  )
}

const unmet = (clauses: readonly Clause[], scope: string): Clause[] =>
  clauses.filter((clause) => !clause.includes(scope))

const isBetter = (one: readonly string[], other: readonly string[], weightOf: Weigh): boolean =>
  one.length < other.length || (one.length === other.length && weigh(one, weightOf) < weigh(other, weightOf))

const weigh = (scopes: readonly string[], weightOf: Weigh): number =>
  scopes.reduce((sum, scope) => sum + weightOf(scope), 0)
