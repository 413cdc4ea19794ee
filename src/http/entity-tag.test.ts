import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entityTag, namesTag } from './entity-tag.ts'

const tag = entityTag('a document')

for (const [header, isNamed] of [
  [tag, true],
  [`W/${tag}`, true],
  [`"other", ${tag}`, true],
  ['*', true],
  ['"other"', false],
  [tag.slice(1, -1), false],
  ['', false],
  [undefined, false],
] as const)
  test(`${header} in If-None-Match ${isNamed ? 'names' : 'does not name'} a document (RFC 9110 §13.1.2)`, () => {
    assert.equal(namesTag(header, tag), isNamed)
  })

test('other contents have another tag, however they are cut', () => {
  assert.equal(new Set([tag, entityTag('ab', 'c'), entityTag('a', 'bc'), entityTag('abc')]).size, 4)
})
