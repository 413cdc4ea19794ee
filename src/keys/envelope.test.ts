import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { unwrap, wrap } from './envelope.ts'

const key = createSecretKey(Buffer.alloc(32, 1))
const secret = Buffer.from('a private key')

test('what was wrapped opens with the same key at the same place', () => {
  assert.deepEqual(unwrap(key, wrap(key, secret, 'here'), 'here'), secret)
})

test('the same secret never looks the same twice, and does not show', () => {
  const [one, other] = [wrap(key, secret, 'here'), wrap(key, secret, 'here')]

  assert.notDeepEqual(one, other)
  assert.ok(!one.includes(secret))
})

test('it opens neither at another place, nor with another key, nor changed in a single bit', () => {
  const wrapped = wrap(key, secret, 'here')

  assert.throws(() => unwrap(key, wrapped, 'there'))
  assert.throws(() => unwrap(createSecretKey(Buffer.alloc(32, 2)), wrapped, 'here'))
  for (let at = 0; at < wrapped.length; at++) {
    const changed = Buffer.from(wrapped)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.throws(() => unwrap(key, changed, 'here'), `byte ${at}`)
  }
  assert.throws(() => unwrap(key, wrapped.subarray(0, 20), 'here'))
})
