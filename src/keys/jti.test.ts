import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { issuedAtOf, makeJti } from './jti.ts'

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const issuedAt = fc.record({
  epoch: fc.integer({ min: 0, max: 255 }),
  position: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
})

test('a token id is a UUIDv8 (RFC 9562 §5.8) that tells where its issuer stood', () => {
  fc.assert(
    fc.property(issuedAt, (where) => {
      const jti = makeJti(where)

      assert.match(jti, UUID_V8)
      assert.deepEqual(issuedAtOf(jti), { ...where })
    }),
    { numRuns: 1000 },
  )
})

test('no two ids are alike', () => {
  const made = Array.from({ length: 5000 }, () => makeJti({ epoch: 0, position: 1 }))

  assert.equal(new Set(made).size, 5000)
})

for (const jti of [
  '',
  'x',
  '7f0c1f5e-9c9b-4d55-9c31-0d1f5a3f1b7a',
  '00000000-0001-8abc-cabc-0123456789ab',
  `00000000-0001-8abc-8abc-0123456789ab\n`,
]) {
  test(`${JSON.stringify(jti)} is no id of ours`, () => {
    assert.equal(issuedAtOf(jti), undefined)
  })
}
