import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cpuTimeMs } from '../../test/support/cpu-time.ts'
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
  [['/a/{x}', '/a/admin'], '/a/admin+', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/%2Badmin', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/%20admin', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/admin%C2%85', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/ad%C2%ADmin', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/adm%C4%B1n', '/a/admin'],
  [['/a/{x}', '/a/access'], '/a/acce%C3%9F', '/a/access'],
  [['/a/{x}', '/a/admin'], '/a/admin%3Fx', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/admin%23x', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/admin%20%EF%BC%9Fx', '/a/admin'],
  [['/a/{x}/b', '/a/{x}'], '/a/7%3Fx/b', '/a/{x}'],
  [['/a/{x}', '/a'], '/a/%3Fx', '/a'],
  [['/{x}', '/'], '/%3Fx', '/'],
  [['/a/{x}', '/a/admin'], '/a/admin.json', '/a/admin'],
  [['/a/{x}', '/a/admin'], '/a/admin.tar.gz', '/a/admin'],
  [['/a/{x}', '/a/x.y'], '/a/x.y.json', '/a/x.y'],
  [['/a/{x}', '/a/{x}:go'], '/a/7:go.json', '/a/{x}:go'],
  [['/a/{x}', '/a/{x}/b'], '/a/7%EF%BC%8Fb', '/a/{x}/b'],
  [['/a/{x}', '/b'], '/a/%EF%BC%8E%EF%BC%8E', 'something else'],
  [['/a/{x}', '/b'], '/a/7%EF%BC%9Bb', 'something else'],
  [['/a/{x}', '/b'], '/a/7%EF%BC%BCb', 'something else'],
  [['/a/{x}', '/b'], '/a/7%EF%BC%85b', 'something else'],
  [['/a/{x}/b', '/b'], '/a/7%23/b', 'something else'],
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
  [['/a/{x}', '/a/admin'], '/a/What%3F', '/a/{x}'],
  [['/a/{x}', '/a/admin'], '/a/no.%231', '/a/{x}'],
  [['/a/{x}', '/a/admin'], '/a/ada@acme.test', '/a/{x}'],
  [['/a/{x}', '/a/admin'], '/a/.profile', '/a/{x}'],
  [['/a/{x}', '/a/{x}.json'], '/a/7.tar.json', '/a/{x}.json'],
  [['/a/{x}', '/a/admin.json'], '/a/admin.xml', '/a/{x}'],
  [['/a/{x}', '/a/{y}.{z}'], '/a/7.8', '/a/{y}.{z}'],
  [['/a/{x}?y', '/a/admin'], '/a/7%3Fy', '/a/{x}?y'],
  [['/a/{x}', '/a/admin'], '/a/1+1', '/a/{x}'],
  [['/a/{x}', '/a/admin'], '/a/%E6%9D%B1%E4%BA%AC', '/a/{x}'],
] as const) {
  test(`${request} is ${path}, as every reader agrees`, () => {
    const match = ask(paths, request)

    assert.ok(match && 'entry' in match, JSON.stringify(match))
    assert.equal(match.entry.path, path)
  })
}

/**
 * Ways in which upstreams read the path that they get, before they compare it with the templates of their routes. An
 * extension that the route of the whole path spells out is left on.
 */
const readers: Record<string, (path: string, whole: string | undefined) => string> = {
  'as it is': (path) => path,
  decoded: decodeURIComponent,
  'in any case': (path) => path.toLowerCase(),
  'decoded, in any case': (path) => decodeURIComponent(path).toLowerCase(),
  'without dots and spaces at the end': (path) => decodeURIComponent(path).replaceAll(/[. ]+(?=\/|$)/g, ''),
  'as a form': (path) => decodeURIComponent(path).replaceAll('+', ' '),
  'as a form, trimmed': (path) => path.split('/').map(readAsForm).join('/'),
  'decoded, then cut': (path) => (decodeURIComponent(path).split(/[?#]/)[0] ?? '').replace(/(?<=.)\/$/, ''),
  'without extension': (path, whole) => (whole?.endsWith('}') ? path.replace(/(?<=[^/])\.[^./]+$/, '') : path),
  'without all that follows a dot': (path, whole) =>
    whole?.endsWith('}') ? path.replace(/(?<=\/[^/.]+)\.[^/]+$/, '') : path,
  'normalised, in any case': (path) => decodeURIComponent(path).normalize('NFKC').toLowerCase(),
}

const readAsForm = (segment: string): string => decodeURIComponent(segment).replaceAll('+', ' ').trim()

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
  'admin ADMIN Admin adm%69n admin. admin%20 7:go 7%3Ago 7%3aGO @me %40me %40ME a,b a%2Cb A%2cb x.y x.Y 7 %7Bx%7D / .. %2e ; %2F %C3%BC ' +
  'admin+ %20admin admin%3Fx admin%23 %3F 7%3Fx admin.json admin.tar.gz 7.json x.y.json 7:go.json ' +
  'a%EF%BC%8Fb %EF%BD%81dmin %EF%BC%8Fadmin'
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
        const chosen: string = route([...byFolded.keys()], read(path, route(known, path))) ?? 'nothing'
        assert.equal(chosen, chosen === 'nothing' ? chosen : fold(match.entry.path), `${path} read ${name}`)
      }
    }),
    { numRuns: 5000 },
  )
})

for (const piece of ['.', '%20', '%20.', 'x.', '%3F', '%C2%AD', '%EF%B7%BA', '+', '-', '%23.']) {
  test(`a path of thousands of ${piece} is read in no time, whatever stands at its end`, () => {
    const index = buildOperationIndex(
      ['/a/{x}', '/a/{x}-{y}-{z}:go', '/a/admin'].map((path) => ({ method: 'GET', path })),
    )
    const row = piece.repeat(Math.floor(8000 / piece.length))

    const takenMs = cpuTimeMs(() => {
      for (const end of ['', 'x', 'x%20', '.', ':go'])
        for (let time = 0; time < 10; time++) matchOperation(index, 'GET', `/a/${row}${end}`)
    })

    assert.ok(takenMs / 50 < 10, `${takenMs / 50} ms for each`)
  })
}
