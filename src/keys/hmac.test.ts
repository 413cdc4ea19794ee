import assert from 'node:assert/strict'
import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { hmacSha256 } from './hmac.ts'

for (const [name, keyHex, text, expected] of [
  ['1', '0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  ['2', '4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
] as const) {
  test(`the digest of test case ${name} of RFC 4231 §4 comes out`, () => {
    const digest = hmacSha256(createSecretKey(Buffer.from(keyHex, 'hex')), text, 'latin1')

    assert.equal(Buffer.from(digest, 'latin1').toString('hex'), expected)
  })
}

test('for keys and texts of any length it is what Node computes', () => {
  for (const keyBytes of [1, 32, 63, 64])
    for (const length of [0, 1, 63, 64, 65, 5000]) {
      const key = createSecretKey(randomBytes(keyBytes))
      const text = 'ä€x'.repeat(length).slice(0, length)

      const digest = hmacSha256(key, text, 'base64url')

      assert.equal(digest, createHmac('sha256', key).update(text).digest('base64url'))
    }
})

test('a key longer than a block is refused, not cut', () => {
  assert.throws(() => hmacSha256(createSecretKey(randomBytes(65)), 'text', 'latin1'), /longer than a block/)
})
