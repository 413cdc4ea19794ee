import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cpuTimeMs } from '../../test/support/cpu-time.ts'
import { type Clause, smallestHittingSet } from './hitting-set.ts'

const SCOPES = ['a', 'b', 'c', 'd', 'e', 'f']
const weights: Record<string, number> = { a: 1, b: 2, c: 3, d: 1, e: 5, f: 2 }
const weightOf = (scope: string): number => weights[scope] ?? 0
const meets = (scopes: readonly string[], clause: Clause): boolean => clause.some((scope) => scopes.includes(scope))
const weigh = (scopes: readonly string[]): number => scopes.reduce((sum, scope) => sum + weightOf(scope), 0)

const subsets = SCOPES.reduce<string[][]>((sets, scope) => [...sets, ...sets.map((set) => [...set, scope])], [[]])
const clauses = fc.array(fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 4 }), { maxLength: 12 })

test('what is found meets every clause, and nothing shorter, or as short and lighter, does', () => {
  fc.assert(
    fc.property(clauses, (all) => {
      const { scopes, isSmallest } = smallestHittingSet(all, weightOf)

      const sufficient = subsets.filter((subset) => all.every((clause) => meets(subset, clause)))
      const shortest = Math.min(...sufficient.map(({ length }) => length))
      const lightest = Math.min(...sufficient.filter(({ length }) => length === shortest).map(weigh))
      assert.ok(isSmallest)
      assert.ok(all.every((clause) => meets(scopes, clause)))
      assert.deepEqual([scopes.length, weigh(scopes)], [shortest, lightest])
    }),
    { numRuns: 500 },
  )
})

test('clauses that nobody could try all scopes of still get an answer in no time, which says that there may be a smaller one', () => {
  let state = 1
  const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below
  const contrived = Array.from({ length: 400 }, () => Array.from({ length: 9 }, () => `scope-${next(120)}`))

  const takenMs = cpuTimeMs(() => {
    const { scopes, isSmallest } = smallestHittingSet(contrived, () => 1)

    assert.equal(isSmallest, false)
    assert.ok(contrived.every((clause) => meets(scopes, clause)))
  })

  assert.ok(takenMs < 2000, `${takenMs} ms`)
})
