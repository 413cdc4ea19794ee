/** Something that any one of these scopes opens. */
export interface Lock {
  readonly keys: readonly string[]
}

/** Scopes that together open everything, and whether fewer are known not to. */
export interface Cover {
  readonly scopes: readonly string[]
  readonly isSmallest: boolean
}

/** More steps than any real list of operations takes; a contrived one gets a good answer, not the best. */
const STEPS_MAX = 5000

interface Best {
  scopes: readonly string[]
  weight: number
}

/**
 * The fewest scopes that open all locks; of two lists as short, the one of less weight, where a scope weighs what else
 * it opens. Exact unless that takes too long.
 */
export function smallestCover(locks: readonly Lock[], weightOf: (scope: string) => number): Cover {
  const distinct = [...new Map(locks.map((lock) => [[...lock.keys].sort(byText).join(' '), lock])).values()]
  const lightestFirst = (keys: readonly string[]) => keys.toSorted((a, b) => weightOf(a) - weightOf(b) || byText(a, b))
  let best: Best | undefined
  let steps = 0
  const search = (open: readonly Lock[], chosen: readonly string[], weight: number): void => {
    if (++steps > STEPS_MAX || (best && isBetter(best, { scopes: chosen, weight }))) return
    const hardest = hardestOf(open)
    if (!hardest) {
      best = { scopes: chosen, weight }
      return
    }
    for (const key of lightestFirst(hardest.keys))
      search(
        open.filter((lock) => !lock.keys.includes(key)),
        [...chosen, key],
        weight + weightOf(key),
      )
  }
  search(distinct, [], 0)
  return { scopes: (best?.scopes ?? []).toSorted(byText), isSmallest: steps <= STEPS_MAX }
}

/** The lock with the fewest keys: the fewer there are to try, the sooner it is known. */
const hardestOf = (locks: readonly Lock[]): Lock | undefined =>
  locks.reduce<Lock | undefined>(
    (best, lock) => (best && best.keys.length <= lock.keys.length ? best : lock),
    undefined,
  )

/** True when nothing that grows from `other` can be better than `one`: scopes and weight only add up. */
const isBetter = (one: Best, other: Best): boolean =>
  one.scopes.length < other.scopes.length || (one.scopes.length === other.scopes.length && one.weight <= other.weight)

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
