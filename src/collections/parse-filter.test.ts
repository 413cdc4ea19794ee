import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DomainError } from '../errors.ts'
import { operators } from './filter.ts'
import { anyFilterOf, bare, comparing, printFilter, quoted } from '../../test/support/any-filter.ts'
import { parseFilter } from './parse-filter.ts'

const anyText = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
const anyLiteral = fc.oneof(
  anyText.map(quoted),
  fc.constantFrom('true', '17', '2026-05-21T10:00:00Z', '-4', 'eq', 'and').map(bare),
)
const anyField = fc.constantFrom('name', 'owner.id', 'created', 'last_used', 'a-b', 'isnullable', 'order')
const anyComparison = anyField.chain((field) => comparing(field, operators, anyLiteral))

test('a filter that is printed is read as the tree that it was', () => {
  fc.assert(
    fc.property(anyFilterOf(anyComparison), (filter) => {
      assert.deepEqual(parseFilter(printFilter(filter)), filter)
    }),
    { numRuns: 500 },
  )
})

test('not binds more than and, and and more than or', () => {
  const tree = parseFilter('not a eq "1" and b eq "2" or c eq "3"')

  assert.equal(printFilter(tree), 'not a eq "1" and b eq "2" or c eq "3"')
  assert.partialDeepStrictEqual(tree, { kind: 'or', operands: [{ kind: 'and', operands: [{ kind: 'not' }] }] })
})

test('a quote and a backslash stand in a string behind a backslash', () => {
  assert.partialDeepStrictEqual(parseFilter(String.raw`name eq "a \"b\" c:\\d % # &"`), {
    values: [quoted('a "b" c:\\d % # &')],
  })
})

const mistakes: Record<string, RegExp> = {
  name: /The filter ends where an operator such as eq should stand/,
  'name is "a"': /is \(at character 6 of the filter\) is no operator: did you mean in\?|known are/,
  'name EQ "a"': /did you mean eq\?/,
  'name eq': /The filter ends where a value/,
  'name eq "a': /string that begins at character 9 of the filter does not end/,
  [String.raw`name eq "a\b"`]: /holds a backslash alone/,
  'name eq "a" name eq "b"': /has name at character 13 where "and", "or" or the end/,
  'name in "a"': /where "\(" should stand/,
  'name in ()': /where a value/,
  'name in ("a" "b")': /a string at character 14 where "\)" should stand/,
  '(name eq "a"': /The filter ends where "\)" should stand/,
  'name eq "a")': /has \) at character 12/,
  '"name" eq "a"': /a string at character 1 where the name of a field/,
  'name;drop eq "a"': /name;drop at character 1 where the name of a field/,
  'and name eq "a"': /is no operator/,
  'name eq "a" and': /The filter ends where the name of a field/,
  'name eq "\0"': /characters that are not text/,
  'name eq "\uD800"': /characters that are not text/,
  [`${'('.repeat(31)}name eq "a"${')'.repeat(31)}`]: /nested more than 30 deep/,
  [`${'not '.repeat(31)}name eq "a"`]: /nested more than 30 deep/,
  [`name in (${Array(251).fill('"a"').join(',')})`]: /at most 250 values/,
  [`name eq "${'a'.repeat(8000)}"`]: /longer than 8000 characters/,
  [Array(300).fill('a eq "1"').join(' or ')]: /more than 1000 words and signs/,
}

for (const [filter, message] of Object.entries(mistakes))
  test(`this filter is refused with what is wrong with it: ${JSON.stringify(filter.slice(0, 40))}`, () => {
    assert.throws(() => parseFilter(filter), { code: 'invalid', message })
  })

test('whatever is written as a filter is read or refused as invalid, soon', () => {
  const anyNoise = fc.array(
    fc.constantFrom('(', ')', '"', '\\', 'not ', ' and ', ' or ', ',', 'a', ' eq ', ' in ', 'pr '),
    {
      maxLength: 400,
    },
  )

  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        anyNoise.map((parts) => parts.join('')),
      ),
      (filter) => {
        try {
          parseFilter(filter)
        } catch (error) {
          assert.ok(error instanceof DomainError && error.code === 'invalid')
        }
      },
    ),
    { numRuns: 500 },
  )
})
