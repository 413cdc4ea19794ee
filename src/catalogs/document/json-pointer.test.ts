import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followReferences, pointerTo } from './json-pointer.ts'

const document = {
  paths: { '/a~b': { get: { parameters: [{ name: 'first' }] } } },
  chain: { $ref: '#/target' },
  target: 'found',
  circle: { $ref: '#/circle' },
  'with space': 1,
  '~1': 2,
}

for (const [reference, expected] of [
  ['#/target', 'found'],
  ['#/chain', 'found'],
  ['#/paths/~1a~0b/get/parameters/0/name', 'first'],
  ['#/with%20space', 1],
  ['#/~01', 2],
  ['#', document],
  ['#/circle', undefined],
  ['#/lost', undefined],
  ['#/target/length', undefined],
  ['#/constructor', undefined],
  ['#/__proto__', undefined],
  ['#/paths/~1a~0b/get/parameters/length', undefined],
  ['#target', undefined],
  ['other.yaml#/target', undefined],
  [`#/${'x'.repeat(2000)}`, undefined],
  [7, undefined],
] as const) {
  test(`the reference ${String(reference).slice(0, 40)} leads to ${JSON.stringify(expected)?.slice(0, 20)}`, () => {
    const found = followReferences(document, { $ref: reference })

    assert.deepEqual(found, expected)
  })
}

test('what is no reference stands for itself', () => {
  const found = [followReferences(document, 7), followReferences(document, document.paths)]

  assert.deepEqual(found, [7, document.paths])
})

test('a pointer escapes tildes and slashes (RFC 6901 §3)', () => {
  const pointer = pointerTo('/paths', '/a~b', 'get', 0)

  assert.equal(pointer, '/paths/~1a~0b/get/0')
})
