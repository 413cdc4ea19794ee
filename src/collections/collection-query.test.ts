import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTimeMs } from '../../test/support/cpu-time.ts'
import { parseSorters } from './sorters.ts'
import { readCollectionQuery } from './collection-query.ts'
import type { Fields } from './fields.ts'

const fields: Fields = {
  name: { column: 'name', kind: 'text', operators: ['eq', 'sw'], isSortable: true },
  created: { column: 'created_at', kind: 'time', operators: ['gt', 'le'], isSortable: true },
  enabled: { column: 'enabled', kind: 'flag', operators: ['eq'] },
  calls: { column: 'calls', kind: 'number', operators: ['ge'] },
  modified: { column: 'modified_at', kind: 'time', operators: [], isSortable: true },
}

test('what is left out takes the defaults: 250 from the first, not counted, neither filtered nor sorted', () => {
  const asked = { fields, limit: 250, offset: 0, isCounted: false, filter: undefined, sorters: [] }

  assert.deepEqual(readCollectionQuery({}, fields), asked)
  assert.deepEqual(readCollectionQuery({ limit: '', filters: ' ', sorters: '' }, fields), asked)
  assert.equal(readCollectionQuery({}, fields, 50).limit, 50)
})

test('what is asked is read as its field has it', () => {
  const asked = readCollectionQuery(
    {
      limit: '0',
      offset: '2147483647',
      count: 'true',
      filters: 'created gt 2026-05-21T12:00:00+02:00 and enabled eq true and calls ge "-5"',
      sorters: '-created, name,+modified',
    },
    fields,
  )

  assert.partialDeepStrictEqual(asked, { limit: 0, offset: 2147483647, isCounted: true })
  assert.partialDeepStrictEqual(asked.filter, {
    operands: [{ values: [Date.UTC(2026, 4, 21, 10)] }, { values: [1] }, { values: [-5] }],
  })
  assert.deepEqual(asked.sorters, [
    { field: 'created', isDescending: true },
    { field: 'name', isDescending: false },
    { field: 'modified', isDescending: false },
  ])
})

const mistakes: [query: object, message: RegExp][] = [
  [{ limit: '251' }, /^limit must be a whole number from 0 to 250\.$/],
  [{ limit: '-1' }, /^limit must be/],
  [{ limit: '1e2' }, /^limit must be/],
  [{ offset: '2147483648' }, /^offset must be/],
  [{ offset: '1.5' }, /^offset must be/],
  [{ count: '1' }, /^count must be true or false\.$/],
  [{ filters: 'nam eq "a"' }, /^These cannot be filtered by nam: did you mean name\?/],
  [{ filters: 'constructor eq "a"' }, /filtered by constructor: known are name, created, enabled, calls\.$/],
  [{ filters: 'modified gt 2026-05-21' }, /filtered by modified: known are/],
  [{ filters: 'name co "a"' }, /^name cannot be filtered with co, only with eq, sw\.$/],
  [{ filters: 'name eq a' }, /compares name with a: put the text in double quotes\.$/],
  [{ filters: 'created gt yesterday' }, /compares created with yesterday: write a date as 2026-05-21 or/],
  [{ filters: 'created gt 2026-02-31' }, /write a date as/],
  [{ filters: 'created gt 2026-13-01T00:00:00Z' }, /write a date as/],
  [{ filters: 'enabled eq 1' }, /write true or false/],
  [{ filters: 'enabled eq constructor' }, /write true or false/],
  [{ filters: 'calls ge 1.5' }, /write a whole number/],
  [{ filters: 'calls ge 9007199254740993' }, /write a whole number/],
  [{ sorters: 'enabled' }, /^These cannot be sorted by enabled: known are name, created, modified\.$/],
  [{ sorters: 'name,' }, /sorted by nothing/],
  [{ sorters: '--name' }, /sorted by -name/],
  [{ sorters: Array(11).fill('name').join(',') }, /at most 10 fields/],
]

for (const [query, message] of mistakes)
  test(`this is refused with what may be written instead: ${JSON.stringify(query)}`, () => {
    assert.throws(() => readCollectionQuery(query, fields), { code: 'invalid', message })
  })

test('sorters are read in a time that grows with their length alone', () => {
  const takenMs = cpuTimeMs(() =>
    assert.throws(() => parseSorters(`name${' '.repeat(100_000)}x`, fields), { code: 'invalid' }),
  )

  assert.ok(takenMs < 1000, `${takenMs} ms`)
})
