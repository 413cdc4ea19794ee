import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Lock, smallestCover } from './smallest-cover.ts'

const SCOPES = ['a', 'b', 'c', 'd', 'e', 'f']
const weights: Record<string, number> = { a: 1, b: 2, c: 3, d: 1, e: 5, f: 2 }
const weightOf = (scope: string): number => weights[scope] ?? 0
const opens = (scopes: readonly string[], { keys }: Lock): boolean => keys.some((key) => scopes.includes(key))
const weigh = (scopes: readonly string[]): number => scopes.reduce((sum, scope) => sum + weightOf(scope), 0)

const subsets = SCOPES.reduce<string[][]>((sets, scope) => [...sets, ...sets.map((set) => [...set, scope])], [[]])
const locks = fc.array(
  fc.record({ keys: fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 4 }) }),
  { maxLength: 12 },
)

test('what is found opens every lock, and nothing shorter, or as short and lighter, does', () => {
  fc.assert(
    fc.property(locks, (all) => {
      const { scopes, isSmallest } = smallestCover(all, weightOf)

      const covers = subsets.filter((subset) => all.every((lock) => opens(subset, lock)))
      const shortest = Math.min(...covers.map(({ length }) => length))
      const lightest = Math.min(...covers.filter(({ length }) => length === shortest).map(weigh))
      assert.ok(isSmallest)
      assert.ok(all.every((lock) => opens(scopes, lock)))
      assert.deepEqual([scopes.length, weigh(scopes)], [shortest, lightest])
    }),
    { numRuns: 500 },
  )
})

test('locks that nobody could try all keys of still get a cover in no time, and it says that it may not be the smallest', () => {
  const contrived = Array.from({ length: 400 }, (_, lock) => ({
    keys: Array.from({ length: 9 }, (_key, key) => `scope-${(lock * 7919 + key * 104_729 + lock * key * 31) % 120}`),
  }))

  const started = performance.now()
  const { scopes, isSmallest } = smallestCover(contrived, () => 1)

  assert.ok(performance.now() - started < 2000)
  assert.equal(isSmallest, false)
  assert.ok(contrived.every((lock) => opens(scopes, lock)))
})
