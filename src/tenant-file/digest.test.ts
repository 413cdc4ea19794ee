import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entryDigest } from './digest.ts'

const key = 'k'.repeat(32)

test('the order of keys does not change the digest, at any depth', () => {
  const one = entryDigest({ name: 'ci', settings: { a: 1, b: [{ c: 2, d: 3 }] } }, key)
  const other = entryDigest({ settings: { b: [{ d: 3, c: 2 }], a: 1 }, name: 'ci' }, key)

  assert.equal(one, other)
  assert.match(one, /^[0-9a-f]{64}$/)
})

for (const [what, entry] of [
  ['another value', { name: 'cd', scope: ['a', 'b'] }],
  ['another order of a list', { name: 'ci', scope: ['b', 'a'] }],
  ['one key more', { name: 'ci', scope: ['a', 'b'], secretFile: 'x' }],
  ['another type', { name: 'ci', scope: 'a,b' }],
] as const) {
  test(`${what} changes the digest`, () => {
    assert.notEqual(entryDigest(entry, key), entryDigest({ name: 'ci', scope: ['a', 'b'] }, key))
  })
}

test('without the key a digest cannot be made, so it is no oracle for passwords', () => {
  assert.notEqual(entryDigest({ password: 'a' }, key), entryDigest({ password: 'a' }, 'other'))
})
