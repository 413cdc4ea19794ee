import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildOperationIndex, findConflicts, matchOperation } from './operation-index.ts'

const entry = (line: string) => {
  const [method = '', path = ''] = line.split(' ')
  return { method, path }
}

/** What the index of these entries answers to a request, each written `METHOD /path`. */
const ask = (entries: readonly string[], request: string) => {
  const { method, path } = entry(request)
  return matchOperation(buildOperationIndex(entries.map(entry)), method, path)
}

for (const [promise, entries, request, path, parameters] of [
  ['a literal path matches itself', ['GET /v3/a'], 'GET /v3/a', '/v3/a', []],
  ['the root matches', ['GET /'], 'GET /', '/', []],
  ['a parameter takes one segment', ['GET /a/{x}/c/{y}'], 'GET /a/1/c/2', '/a/{x}/c/{y}', ['1', '2']],
  ['its value stays escaped', ['GET /a/{x}'], 'GET /a/b%20c', '/a/{x}', ['b%20c']],
  ['a literal beats a parameter', ['GET /a/{x}', 'GET /a/b'], 'GET /a/b', '/a/b', []],
  ['the leftmost literal beats later ones', ['GET /{x}/b/c', 'GET /a/{y}/{z}'], 'GET /a/b/c', '/a/{y}/{z}', ['b', 'c']],
  ['a literal that leads nowhere is left again', ['GET /a/b', 'GET /a/{x}/c'], 'GET /a/b/c', '/a/{x}/c', ['b']],
  ['a literal under other methods is left again', ['POST /a/b', 'GET /a/{x}'], 'GET /a/b', '/a/{x}', ['b']],
  ['a suffix is part of the segment', ['GET /f/{name}.json'], 'GET /f/a.b.json', '/f/{name}.json', ['a.b']],
  ['a verb is part of the segment', ['POST /{id}:activate'], 'POST /7:activate', '/{id}:activate', ['7']],
  ['several parameters share a segment', ['GET /{a}-{b}.{c}'], 'GET /1-2-3.4.5', '/{a}-{b}.{c}', ['1', '2-3', '4.5']],
  ['adjacent parameters share it too', ['GET /{a}{b}'], 'GET /xyz', '/{a}{b}', ['x', 'yz']],
  [
    'more literal text beats less',
    ['GET /{x}', 'GET /{x}.json', 'GET /{x}.min.json'],
    'GET /a.min.json',
    '/{x}.min.json',
    ['a'],
  ],
  ['a literal beats a mixed segment', ['GET /{x}.json', 'GET /a.json'], 'GET /a.json', '/a.json', []],
  ['names of parameters do not part paths', ['GET /a/{x}/b', 'GET /a/{y}/c'], 'GET /a/1/c', '/a/{y}/c', ['1']],
  ['a trailing slash of a template counts for nothing', ['GET /a/'], 'GET /a', '/a/', []],
  ['HEAD follows GET', ['GET /a', 'POST /a'], 'HEAD /a', '/a', []],
  ['of entries in conflict the first is served', ['GET /a/{x}', 'GET /a/{y}'], 'GET /a/1', '/a/{x}', ['1']],
  [
    'a property name is a segment like any other',
    ['GET /__proto__/{x}'],
    'GET /__proto__/toString',
    '/__proto__/{x}',
    ['toString'],
  ],
] as const) {
  test(promise, () => {
    const match = ask(entries, request)

    assert.ok(match && 'entry' in match)
    assert.deepEqual([match.entry.path, match.parameters], [path, parameters])
  })
}

test('a declared HEAD is served itself', () => {
  const match = ask(['GET /a', 'HEAD /a'], 'HEAD /a')

  assert.ok(match && 'entry' in match)
  assert.equal(match.entry.method, 'HEAD')
})

for (const [promise, entries, request] of [
  ['another path', ['GET /a'], 'GET /b'],
  ['a shorter path', ['GET /a/{x}'], 'GET /a'],
  ['a longer path', ['GET /a/{x}'], 'GET /a/1/2'],
  ['another case', ['GET /a'], 'GET /A'],
  ['an empty segment for a parameter', ['GET /a/{x}'], 'GET /a/'],
  ['a doubled slash', ['GET /a/{x}'], 'GET /a//1'],
  ['no value before a suffix', ['GET /{x}.json'], 'GET /.json'],
  ['a value that overlaps prefix and suffix', ['GET /ab{x}ba'], 'GET /aba'],
  ['only one character for two parameters', ['GET /{a}{b}'], 'GET /x'],
  ['a target without a leading slash', ['GET /a', 'GET /'], 'GET a'],
  ['an asterisk', ['OPTIONS /'], 'OPTIONS *'],
  ['an inherited property', ['GET /a'], 'GET /constructor'],
  ['anything, with no entries', [], 'GET /'],
] as const) {
  test(`${promise} is unknown`, () => {
    assert.equal(ask(entries, request), undefined)
  })
}

test('of two templates with equally much literal text the same one is served in either order', () => {
  assert.deepEqual(ask(['GET /a{x}', 'GET /{x}b'], 'GET /ab'), ask(['GET /{x}b', 'GET /a{x}'], 'GET /ab'))
})

test('a path known under other methods tells them all, HEAD with GET', () => {
  const match = ask(['PUT /a/b', 'GET /a/{x}', 'DELETE /{y}/b'], 'PATCH /a/b')

  assert.deepEqual(match, { allowedMethods: ['DELETE', 'GET', 'HEAD', 'PUT'] })
})

test('entries that differ in the names of parameters alone are in conflict, each told with the first', () => {
  const entries = ['GET /a/{x}', 'POST /a/{y}', 'GET /a/{z}', 'GET /a/b', 'GET /a/{w}/'].map(entry)

  const conflicts = findConflicts(entries)

  assert.deepEqual(conflicts, [
    [entry('GET /a/{x}'), entry('GET /a/{z}')],
    [entry('GET /a/{x}'), entry('GET /a/{w}/')],
  ])
})

const anySegment = fc.constantFrom('a', 'b', 'ab', '{x}', '{y}', 'a{x}', '{x}b', '{x}a{y}')
const anyEntries = fc.array(
  fc.record({
    method: fc.constantFrom<string>('GET', 'POST'),
    path: fc.array(anySegment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  }),
  { minLength: 1, maxLength: 30 },
)
const anyPath = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'aab', 'xab', 'aa'), { minLength: 1, maxLength: 4 })
  .map((segments) => `/${segments.join('/')}`)

/** Says without an index whether a template fits a path. */
function fits(template: string, path: string): boolean {
  const pattern = template.replaceAll(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${pattern}$`).test(path)
}

test('a request is matched exactly if some entry fits, and then to one that fits it segment by segment', () => {
  fc.assert(
    fc.property(anyEntries, anyPath, (entries, path) => {
      const match = matchOperation(buildOperationIndex(entries), 'GET', path)

      const fitting = entries.filter((each) => fits(each.path, path))
      if (match === undefined) return assert.deepEqual(fitting, [])
      if ('allowedMethods' in match) return assert.deepEqual([...new Set(fitting.map((each) => each.method))], ['POST'])
      assert.ok('entry' in match)
      assert.ok(match.entry.method === 'GET' && fits(match.entry.path, path))
    }),
  )
})

test('the values of the parameters, put into the template, give the path again', () => {
  fc.assert(
    fc.property(anyEntries, anyPath, (entries, path) => {
      const match = matchOperation(buildOperationIndex(entries), 'GET', path)
      fc.pre(match !== undefined && 'entry' in match)

      const values = match.parameters.values()
      assert.equal(
        match.entry.path.replaceAll(/\{\w+\}/g, () => values.next().value ?? ''),
        path,
      )
    }),
  )
})

test('an entry without parameters is served whatever templates stand beside it', () => {
  fc.assert(
    fc.property(anyEntries, anyPath, fc.nat(30), (entries, path, position) => {
      const literal = { method: 'GET', path }

      const match = matchOperation(buildOperationIndex(entries.toSpliced(position, 0, literal)), 'GET', path)

      assert.ok(match && 'entry' in match)
      assert.equal(match.entry.path, path)
    }),
  )
})

test('the order of the entries does not decide, conflicts aside', () => {
  fc.assert(
    fc.property(anyEntries, anyPath, (all, path) => {
      const later = new Set(findConflicts(all).map(([, second]) => second))
      const entries = all.filter((each) => !later.has(each))

      const match = matchOperation(buildOperationIndex(entries), 'GET', path)

      assert.deepEqual(matchOperation(buildOperationIndex(entries.toReversed()), 'GET', path), match)
    }),
  )
})
