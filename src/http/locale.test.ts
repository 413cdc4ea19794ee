import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTimeMs } from '../../test/support/cpu-time.ts'
import { localeOf } from './locale.ts'

for (const [header, locale] of [
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['DE-at', 'de'],
  ['fr;q=0.5, es;q=0.9', 'es'],
  ['fr, es', 'fr'],
  ['pt-BR, *;q=0.1', 'en'],
  ['de;q=0, fr;q=0.1', 'fr'],
  ['de;q=2, fr', 'fr'],
  ['zh-Hant-TW, es;q=0.3', 'es'],
  [`${'x,'.repeat(50)}de`, 'en'],
  ['de;q=0.5;q=1', 'en'],
  [' fr ; q=0.5 , es ', 'es'],
] as const)
  test(`${header?.slice(0, 30) ?? 'no header'} is answered in ${locale}`, () => {
    assert.equal(localeOf(header), locale)
  })

test('a header is read in a time that grows with its length alone', () => {
  const spaces = ' '.repeat(100_000)
  const headers = [`en${spaces}x`, `${spaces}en${spaces};${spaces}q=2`, `${spaces}de${spaces};${spaces}q=1`]

  const takenMs = cpuTimeMs(() => assert.deepEqual(headers.map(localeOf), ['en', 'en', 'de']))

  assert.ok(takenMs < 1000, `${takenMs} ms`)
})
