import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { describeDifference, differenceOf } from './difference.ts'

const registered = 'https://app.example/cb'

for (const [sent, difference] of [
  ['https://app.example/cb', 'https://app.example/cb'],
  ['https://app.example/cb/', 'https://app.example/cb[-/-]'],
  ['http://app.example/cb', 'http{+s+}://app.example/cb'],
  ['https://app.example:443/cb', 'https://app.example[-:443-]/cb'],
  ['https://app.example/CB', 'https://app.example/[-CB-]{+cb+}'],
  ['https://appXexample/cb', 'https://app[-X-]{+.+}example/cb'],
  ['', '{+https://app.example/cb+}'],
] as const) {
  test(`${sent} beside what is registered reads ${difference}`, () => {
    assert.equal(describeDifference(differenceOf(sent, registered)), difference)
  })
}

test('a difference holds all of both texts, and stretches of one kind never touch', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', ':'), maxLength: 40 })
  fc.assert(
    fc.property(text, text, (sent, known) => {
      const stretches = differenceOf(sent, known)

      const of = (other: string) => stretches.filter(({ kind }) => kind !== other).map((one) => one.text)
      assert.equal(of('registered').join(''), sent)
      assert.equal(of('sent').join(''), known)
      assert.ok(stretches.every(({ kind }, at) => kind !== stretches[at + 1]?.kind))
    }),
  )
})

test('texts of the greatest length that share nothing are compared at once', () => {
  const stretches = differenceOf('a'.repeat(8000), 'b'.repeat(2048))

  assert.deepEqual(
    stretches.map(({ kind, text }) => [kind, text.length]),
    [
      ['sent', 8000],
      ['registered', 2048],
    ],
  )
})
