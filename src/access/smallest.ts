import { SCOPE_ALL, SCOPE_DEFAULT } from '../oauth/scope.ts'
import { decide } from './decide.ts'
import { type Clause, smallestHittingSet } from './hitting-set.ts'
import type { Principal, TokenContext } from './policy.ts'
import type { Target } from './question.ts'
import { requiredLevels, scopesInContext } from './requirements.ts'
import { levelsGranted } from './scope-grants.ts'

/** A credential that is let through everywhere it was asked for, and holds no scope or level that it does not need. */
export interface Sufficient {
  readonly context: TokenContext
  readonly scopes: readonly string[]
  /** The user levels its owner must hold, all of them; empty in application context, and where none is needed. */
  readonly userLevels: readonly string[]
  /** Single levels of which each would do in place of the one in `userLevels`. */
  readonly otherUserLevels: readonly string[]
}

/** How much a user level opens; where several would do, the one that opens least is chosen. */
export type LevelWeights = ReadonlyMap<string, number>

/** The custom user levels of a tenant by id, with the scopes they grant. */
export type CustomLevels = ReadonlyMap<string, readonly string[]>

const NO_CUSTOM_LEVELS: CustomLevels = new Map()

const LEVELS_TOGETHER_MAX = 3
const LEVEL_SETS_MAX = 5000

/**
 * The least that a credential in this context needs for all these operations; undefined when none of that context is
 * let through everywhere.
 */
export function findSmallest(
  targets: readonly Target[],
  context: TokenContext,
  weights: LevelWeights,
  custom: CustomLevels = NO_CUSTOM_LEVELS,
): Sufficient | undefined {
  const asked = [...new Set(targets)].filter(({ operation }) => !operation.policy.isPublic)
  const levels = context === 'user' ? lightestFirst(levelsOf(asked, custom), { weights, custom }) : []
  const principalOf = (userLevels: readonly string[]): Principal => principalWith(context, userLevels, custom)
  const demands = asked.map((target) => demandOf(target, levels, principalOf))
  for (const userLevels of setsToTry(levels, custom)) {
    const clauses = clausesFor(demands, userLevels)
    if (!clauses) continue
    const scopes = fewestScopes(clauses)
    const others = userLevels.length === 1 ? levels.filter((level) => !userLevels.includes(level)) : []
    const otherUserLevels = others.filter((level) => clausesFor(demands, [level])?.every((each) => isHit(each, scopes)))
    return { context, scopes, userLevels, otherUserLevels }
  }
  return undefined
}

/** Reading ones rather than others, and `sp:scopes:all`, which stands for every scope, only where nothing else does. */
function fewestScopes(clauses: readonly Clause[]): readonly string[] {
  const named = clauses.map((clause) => clause.filter((scope) => scope !== SCOPE_ALL))
  if (named.some(({ length }) => length === 0)) return [SCOPE_ALL]
  return smallestHittingSet(named, (scope) => (scope.endsWith(':read') ? 0 : 1)).scopes
}

/** Does one of these scopes meet the clause? */
const isHit = (clause: Clause, scopes: readonly string[]): boolean =>
  scopes.some((scope) => scope === SCOPE_ALL || clause.includes(scope))

/** What lets somebody without a level through an operation, and what does with each level. */
interface Demand {
  readonly withoutLevel: Sufficing
  readonly withLevel: ReadonlyMap<string, Sufficing>
}

/** Any of these scopes, `nothing` where the operation asks for none, or null where no scope suffices. */
type Sufficing = Clause | 'nothing' | null

function demandOf(
  target: Target,
  levels: readonly string[],
  principalOf: (userLevels: readonly string[]) => Principal,
): Demand {
  return {
    withoutLevel: scopesThatDo(target, principalOf([])),
    withLevel: new Map(levels.map((level) => [level, scopesThatDo(target, principalOf([level]))])),
  }
}

function scopesThatDo(target: Target, principal: Principal): Sufficing {
  const required = scopesInContext(target.operation.policy, principal.context)
  if (required === null) return null
  const isEnough = (scopes: readonly string[]) => isLetThrough(target, { ...principal, scopes })
  if (required.length === 0 || required.includes(SCOPE_DEFAULT)) return isEnough([]) ? 'nothing' : null
  const sufficing = required.filter((scope) => isEnough([scope]))
  return sufficing.length === 0 ? null : sufficing
}

/** By the function that decides at the gates, so that this cannot differ from what happens there. */
const isLetThrough = (target: Target, principal: Principal): boolean =>
  decide({ authentication: { principal }, rate: { allowed: true }, target, experimentalHeader: 'unknown' }).allowed

const principalWith = (context: TokenContext, userLevels: readonly string[], custom: CustomLevels): Principal => ({
  context,
  clientId: '',
  scopes: [],
  identityId: context === 'user' ? '' : null,
  userLevels,
  customLevelScopes: userLevels.flatMap((level) => custom.get(level) ?? []),
})

/** The scopes that are to be chosen from, operation by operation; undefined when one of them stays shut. */
function clausesFor(demands: readonly Demand[], userLevels: readonly string[]): Clause[] | undefined {
  const clauses: Clause[] = []
  for (const { withoutLevel, withLevel } of demands) {
    const sufficing = [withoutLevel, ...userLevels.map((level) => withLevel.get(level) ?? null)]
    if (sufficing.includes('nothing')) continue
    // Whoever holds several levels may do what each of them may.
    const scopes = sufficing.flatMap((each) => each ?? [])
    if (scopes.length === 0) return undefined
    clauses.push([...new Set(scopes)])
  }
  return clauses
}

/** Sets of all levels; many custom ones must not use up the tries that built-in levels alone have. */
function* setsToTry(levels: readonly string[], custom: CustomLevels): Generator<readonly string[]> {
  yield* levelSets(levels)
  if (levels.some((level) => custom.has(level))) yield* levelSets(levels.filter((level) => !custom.has(level)))
}

/** No level, then single ones, the one that opens least first, then several together. */
function* levelSets(levels: readonly string[]): Generator<readonly string[]> {
  let count = 0
  for (let size = 0; size <= LEVELS_TOGETHER_MAX; size++)
    for (const set of combinations(levels, size)) {
      if (++count > LEVEL_SETS_MAX) return
      yield set
    }
}

function* combinations(levels: readonly string[], size: number, from = 0): Generator<readonly string[]> {
  if (size === 0) {
    yield []
    return
  }
  for (const [at, level] of levels.entries()) {
    if (at < from) continue
    for (const rest of combinations(levels, size - 1, at + 1)) yield [level, ...rest]
  }
}

/** Of two that open as much the built-in one goes first. */
function lightestFirst(
  levels: readonly string[],
  { weights, custom }: { weights: LevelWeights; custom: CustomLevels },
): string[] {
  const weightOf = (level: string): number => weights.get(level) ?? 0
  const rankOf = (level: string): number => (custom.has(level) ? 1 : 0)
  return levels.toSorted(
    (one, other) => weightOf(one) - weightOf(other) || rankOf(one) - rankOf(other) || (one < other ? -1 : 1),
  )
}

/** Every level that could matter: those that operations name, that scopes are granted to, and custom ones. */
const levelsOf = (targets: readonly Target[], custom: CustomLevels): string[] => [
  ...new Set(targets.flatMap((target) => levelsThatMatter(target, custom))),
]

const levelsThatMatter = (target: Target, custom: CustomLevels): readonly string[] => [
  ...builtInLevels(target),
  ...[...custom].filter(([, scopes]) => grantsAny(scopes, target)).map(([level]) => level),
]

function builtInLevels({ operation, grants }: Target): readonly string[] {
  const { policy } = operation
  const named = requiredLevels(policy)
  if (named.length > 0) return named
  return (policy.userScopes ?? []).flatMap((scope) => {
    const granted = levelsGranted(grants, scope)
    return granted === 'everybody' ? [] : [...granted]
  })
}

const grantsAny = (scopes: readonly string[], { operation }: Target): boolean =>
  (operation.policy.userScopes ?? []).some((scope) => scopes.includes(scope))

/** How many of these operations each level opens. */
export function weighLevels(targets: readonly Target[], custom: CustomLevels = NO_CUSTOM_LEVELS): LevelWeights {
  const weights = new Map<string, number>()
  for (const target of targets)
    for (const level of new Set(levelsThatMatter(target, custom))) weights.set(level, (weights.get(level) ?? 0) + 1)
  return weights
}
