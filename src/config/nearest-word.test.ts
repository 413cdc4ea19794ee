import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestWord, suggestion } from './nearest-word.ts'

const words = ['userLevels', 'password', 'passwordHash', 'name', 'id']

for (const [word, nearest] of [
  ['userlevels', 'userLevels'],
  ['userLevel', 'userLevels'],
  ['pasword', 'password'],
  ['nmae', 'name'],
  ['di', 'id'],
  ['colour', undefined],
  ['x'.repeat(1000), undefined],
] as const) {
  test(`${word.slice(0, 20)} is nearest to ${nearest ?? 'none'}`, () => {
    assert.equal(nearestWord(word, words), nearest)
  })
}

test('without a near word all are listed', () => {
  assert.equal(suggestion('colour', ['name', 'id']), 'known are name, id')
  assert.equal(suggestion('nam', ['name', 'id']), 'did you mean name?')
})
