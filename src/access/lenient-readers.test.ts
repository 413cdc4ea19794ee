import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalPath } from '../http/path.ts'
import { buildOperationIndex, matchOperation } from './operation-index.ts'

const ask = (paths: readonly string[], request: string) =>
  matchOperation(buildOperationIndex(paths.map((path) => ({ method: 'GET', path }))), 'GET', request)

for (const [paths, request, other] of [
  [['/a/{x}', '/a/{x}:activate'], '/a/7%3Aactivate', '/a/{x}:activate'],
  [['/a/{x}', '/a/{x}:activate'], '/a/7:ACTIVATE', '/a/{x}:activate'],
  [['/a/{x}', '/a/admin'], '/a/ADMIN', '/a/admin'],
  [['/a/{x}', '/a/Admin'], '/a/admin', '/a/Admin'],
  [['/a/{x}', '/a/admin'], '/a/admin%20', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/admin.', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/%EF%BD%81dmin', '/a/admin'],
  [['/a/{x}', '/a/@me'], '/a/%40me', '/a/@me'],
  [['/a/{x}', '/a/b%2Cc'], '/a/b,c', '/a/b%2Cc'],
  [['/a/{x}', '/a/über'], '/a/%C3%9Cber', '/a/über'],
  [['/{v}/b', '/A/b'], '/a/b', '/A/b'],
] as const) {
  test(`${request} is not taken for ${paths[0]}, since a lenient reader takes it for ${other}`, () => {
    assert.deepEqual(ask(paths, request), { alsoReadAs: other })
  })
}

for (const [paths, request, path] of [
  [['/a/{x}', '/a/{x}:activate'], '/a/urn%3Aisc%3A7', '/a/{x}'],
  [['/a/{x}', '/a/{x}:activate'], '/a/7:activate', '/a/{x}:activate'],
  [['/a/{x}', '/a/{x}:activate'], '/a/urn%3A7:activate', '/a/{x}:activate'],
  [['/a/{x}', '/a/admin'], '/a/2C9180.B', '/a/{x}'],
  [['/a/{x}', '/A/{y}'], '/A/1', '/A/{y}'],
  [['/a/{x}', '/a/über'], '/a/%c3%bcber', '/a/über'],
  [['/a/{x}', '/a/b c'], '/a/b%20c', '/a/b c'],
  [['/a/{x}'], '/a/%7Bx%7D', '/a/{x}'],
] as const) {
  test(`${request} is ${path}, as every reader agrees`, () => {
    const match = ask(paths, request)

    assert.ok(match && 'entry' in match, JSON.stringify(match))
    assert.equal(match.entry.path, path)
  })
}

/** Ways in which upstreams read the path that they get, before they compare it with the templates of their routes. */
const readers: Record<string, (path: string) => string> = {
  'as it is': (path) => path,
  decoded: decodeURIComponent,
  'in any case': (path) => path.toLowerCase(),
  'decoded, in any case': (path) => decodeURIComponent(path).toLowerCase(),
  'without dots and spaces at the end': (path) => decodeURIComponent(path).replaceAll(/[. ]+(?=\/|$)/g, ''),
}

/** The template that a reader's router chooses: segment by segment, from the left, the one with the most literal text. */
function route(templates: readonly string[], path: string): string | undefined {
  const pattern = (template: string) => new RegExp(`^${quoted(template).replaceAll(/\\\{\w+\\\}/g, '[^/]+')}$`)
  const literalness = (template: string): string =>
    template
      .split('/')
      .map((segment) => (segment.includes('{') ? segment.replaceAll(/\{\w+\}/g, '').length : 99))
      .map((count) => String(count).padStart(2, '0'))
      .join(' ')
  const fitting = templates.filter((template) => pattern(template).test(path))
  return fitting.toSorted((one, two) => (literalness(one) < literalness(two) ? 1 : -1))[0]
}

const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const templateSegment = fc.constantFrom('{x}', 'admin', 'Admin', '{x}:go', '@me', 'a,b', 'x.y')
const templates = fc.uniqueArray(
  fc.array(templateSegment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`),
  { minLength: 1, maxLength: 12 },
)
const words =
  'admin ADMIN Admin adm%69n admin. admin%20 7:go 7%3Ago 7%3aGO @me %40me %40ME a,b a%2Cb A%2cb x.y x.Y 7 %7Bx%7D / .. %2e ; %2F %C3%BC'
const pieces = fc.constantFrom(...words.split(' '))
const sentPaths = fc.array(pieces, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`)

test('what is let through as one operation is that operation to every reader', () => {
  fc.assert(
    fc.property(templates, sentPaths, (known, sent) => {
      const path = canonicalPath(sent)
      if (path === undefined) return
      const match = ask(known, path)
      if (!match || !('entry' in match)) return
      for (const [name, read] of Object.entries(readers)) {
        const fold = (text: string): string => (name.includes('any case') ? text.toLowerCase() : text)
        const byFolded = new Map(known.toReversed().map((template) => [fold(template), template]))
        const chosen: string = route([...byFolded.keys()], read(path)) ?? 'nothing'
        assert.equal(chosen, chosen === 'nothing' ? chosen : fold(match.entry.path), `${path} read ${name}`)
      }
    }),
    { numRuns: 5000 },
  )
})
