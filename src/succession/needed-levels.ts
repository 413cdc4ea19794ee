import { decide } from '../access/decide.ts'
import type { Principal } from '../access/policy.ts'
import type { Question } from '../access/question.ts'
import type { CatalogEntry } from '../catalogs/catalog.ts'
import type { Identity } from '../identities/identity.ts'
import { customScopesOf, type GrantingLevels } from '../user-levels/find.ts'

/** Whoever holds more levels is told that all are needed: the number of choices doubles with each. */
const LEVELS_MAX = 10

/**
 * The fewest of an owner's user levels that let a token do what it did: what a successor has to hold. Decided by the
 * same function as requests are.
 */
export function neededLevels(
  owner: Identity,
  scopes: readonly string[],
  called: readonly CatalogEntry[],
  granting: GrantingLevels,
): readonly string[] {
  if (owner.userLevels.length > LEVELS_MAX) return owner.userLevels
  const holding = (userLevels: readonly string[]): Principal => ({
    context: 'user',
    clientId: '',
    scopes,
    identityId: owner.id,
    userLevels,
    customLevelScopes: customScopesOf(userLevels, granting),
  })
  const allows = (userLevels: readonly string[], entry: CatalogEntry): boolean =>
    decide(questionFor(holding(userLevels), entry)).allowed
  const allowed = called.filter((entry) => allows(owner.userLevels, entry))
  const fewestFirst = subsetsOf(owner.userLevels).sort((one, other) => one.length - other.length)
  return fewestFirst.find((levels) => allowed.every((entry) => allows(levels, entry))) ?? owner.userLevels
}

const questionFor = (principal: Principal, entry: CatalogEntry): Question => ({
  authentication: { principal },
  rate: { allowed: true },
  target: entry,
  experimentalHeader: 'unknown',
})

const subsetsOf = (levels: readonly string[]): string[][] =>
  levels.reduce<string[][]>((subsets, level) => [...subsets, ...subsets.map((subset) => [...subset, level])], [[]])
