import { suggestion } from '../config/nearest-word.ts'
import { DomainError } from '../errors.ts'
import { builtInRightSets, findRightSet } from './right-sets.ts'

/** @throws DomainError `invalid` for a right set that levels cannot have; it says which they can. */
export function requireKnownRightSets(rightSets: readonly string[]): void {
  const unknown = rightSets.find((id) => findRightSet(id) === undefined)
  if (unknown === undefined) return
  if (unknown.startsWith('scope:'))
    throw new DomainError(
      'invalid',
      `The right set ${unknown} cannot be given to a level: that scope is not for levels.`,
    )
  const ids = builtInRightSets.map(({ id }) => id)
  throw new DomainError('invalid', `There is no right set ${unknown}: ${suggestion(unknown, ids)}.`)
}
