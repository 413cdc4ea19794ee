import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, isHashDated } from './password.ts'

test('a hash of today is not dated', async () => {
  assert.equal(isHashDated(await hashPassword('sun over the quiet harbour')), false)
})

for (const [what, hash, isDated] of [
  ['that took less memory', '$argon2id$v=19$m=9216,t=4,p=1$c2FsdHNhbHQ$aGFzaA', true],
  ['that took fewer passes', '$argon2id$v=19$m=19456,t=1,p=1$c2FsdHNhbHQ$aGFzaA', true],
  ['of another kind', '$argon2i$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA', true],
  ['of an older argon2', '$argon2id$v=16$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA', true],
  ['that cost more', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA', false],
] as const)
  test(`a hash ${what} is ${isDated ? 'dated' : 'kept'}`, () => {
    assert.equal(isHashDated(hash), isDated)
  })
