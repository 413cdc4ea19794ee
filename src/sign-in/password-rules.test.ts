import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTimeMs } from '../../test/support/cpu-time.ts'
import { isTooLong, objectionTo } from './password-rules.ts'

const names = ['ada', 'acme', 'Acme Corporation']

for (const password of [
  'seven green lanterns',
  'correct-horse-of-mine-staple',
  'xkq7vz2mwp9t',
  'Bücher über Gärten',
  '私の好きな本は古い図書館にあります',
  '🦔🐙🦑🦐🦞🦀🐡🐠🐟🐬🐳🐋',
  'pass the salt and butter please',
  'pq'.repeat(3) + 'zmtvkw',
])
  test(`${password} may be chosen`, () => {
    assert.equal(objectionTo(password, names), undefined)
  })

for (const [password, objection] of [
  ['', 'too_short'],
  ['eleven-char', 'too_short'],
  ['🦔🐙🦑🦐🦞🦀', 'too_short'],
  ['x'.repeat(1025), 'too_long'],
  ['ü'.repeat(513), 'too_long'],
  ['passwordpassword', 'too_common'],
  ['P@ssw0rd2026!', 'too_common'],
  ['Summer2026!!!', 'too_common'],
  ['123456789012', 'too_common'],
  ['qwertyuiop123', 'too_common'],
  ['1q2w3e4r5t6y', 'too_common'],
  ['abcdefghijkl', 'too_common'],
  ['aaaaaaaaaaaaaaaa', 'too_common'],
  ['abcabcabcabc', 'too_common'],
  ['zkqzkqzkqzkq', 'too_common'],
  ['correct horse battery staple', 'too_common'],
  ['Welcome-to-2026', 'too_common'],
  ['letmein-letmein', 'too_common'],
  ['administrator1', 'too_common'],
  ['I am ADA and nobody else', 'names_you'],
  ['xkq7vz-acme-2mwp9t', 'names_you'],
] as const)
  test(`${password.slice(0, 30) || 'an empty one'} may not be chosen: ${objection}`, () => {
    assert.equal(objectionTo(password, names), objection)
  })

test('length is that of the form which is hashed', () => {
  const decomposed = 'e\u0301'.repeat(512)

  assert.ok(Buffer.byteLength(decomposed) > 1024)
  assert.equal(isTooLong(decomposed), false)
})

test('a long password is judged quickly', () => {
  const takenMs = cpuTimeMs(() => {
    objectionTo('abcde'.repeat(204), names)
    objectionTo('1q2w'.repeat(256), names)
  })

  assert.ok(takenMs < 500, `${takenMs} ms`)
})
