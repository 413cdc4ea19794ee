import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cpuTimeMs } from '../../test/support/cpu-time.ts'
import { canonicalPath } from './path.ts'

const accepted: [sent: string, canonical: string][] = [
  ['/', '/'],
  ['//', '/'],
  ['///', '/'],
  ['/v3', '/v3'],
  ['/v3/', '/v3'],
  ['/v3//', '/v3'],
  ['//v3/sources', '/v3/sources'],
  ['/v3///sources//', '/v3/sources'],
  ['/V3/Sources', '/V3/Sources'],
  ['/v3/sources/2c91', '/v3/sources/2c91'],
  ['/a/..b/c..', '/a/..b/c..'],
  ['/a/.../b', '/a/.../b'],
  ['/.well-known/x', '/.well-known/x'],
  ["/a/-._~!$&'()*+,=:@b", "/a/-._~!$&'()*+,=:@b"],
  ['/a%20b', '/a%20b'],
  ['/a%2Bb%3Ac%40d', '/a%2Bb%3Ac%40d'],
  ['/a/%c3%bc%F0%9F%8F%95', '/a/%c3%bc%F0%9F%8F%95'],
]

for (const [sent, canonical] of accepted) {
  test(`${sent} is ${canonical}`, () => {
    assert.equal(canonicalPath(sent), canonical)
  })
}

const refused = [
  ['', 'v3', '*', 'http://acme.test/v3', '@evil.test/'],
  ['/.', '/..', '/./a', '/a/.', '/a/../b', '/a/..', '/..//a'],
  ['/%2e', '/a/%2e%2e/b', '/a/.%2E/b', '/a/%2e./b', '/a%2eb', '/a/%252e%252e/b'],
  ['/a%2fb', '/a%2Fb', '/a%5cb', '/a%5Cb', '/a\\b', '/a/..\\b', '/a%252fb', '/a%25b'],
  ['/a;b', '/a;/b', '/..;/a', '/a%3bb', '/a%3Bb'],
  ['/a%00', '/a%0a', '/a%0D', '/a%1f', '/a%7f', '/a\tb', '/a b', '/a\u0000', '/a\u007f'],
  ['/a%', '/a%2', '/a%zz', '/a%2g', '/%%20', '/a%-1'],
  ['/%76%33/admin', '/a%41', '/a%7e', '/a%5f', '/a%2d', '/a%30'],
  ['/a%c0%ae', '/a%c0%af', '/a%ff', '/a%c3', '/a%bc', '/a%ed%a0%80', '/a%f4%90%80%80', '/a%c3/%bc'],
  ['/ü', '/a\u0080', '/a#b', '/a?b', '/a"b', '/a<b', '/a|b', '/a^b', '/a`b', '/a{b}', '/a[b]'],
].flat()

for (const path of refused) {
  test(`${JSON.stringify(path)} is refused, not repaired`, () => {
    assert.equal(canonicalPath(path), undefined)
  })
}

/** Paths in which everything that matters to a reader of paths is likely. */
const paths = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/',
        '/',
        '//',
        '.',
        '..',
        '%2e',
        '%2F',
        '%5c',
        '%25',
        ';',
        '\\',
        '%c3%bc',
        '%ff',
        '%20',
        '%',
        ' ',
      ),
      fc.constantFrom('a', 'v3', 'sources', '-', '~', ':', '@', 'ü', '\n', '#', '?', '%41', '%3A'),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => `/${parts.join('')}`)

test('what is accepted is a fixed point: reading it again changes nothing', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const canonical = canonicalPath(path)
      if (canonical !== undefined) assert.equal(canonicalPath(canonical), canonical)
    }),
    { numRuns: 5000 },
  )
})

test('what is accepted holds no empty or dot segment, and decoding it brings none to light', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const canonical = canonicalPath(path)
      if (canonical === undefined) return
      const decoded = decodeURIComponent(canonical)
      for (const read of [canonical, decoded]) {
        const segments = read === '/' ? [] : read.slice(1).split('/')
        assert.ok(segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..'))
        assert.doesNotMatch(read, /[\\;\u0000-\u001f\u007f]/)
      }
      assert.equal(decoded.split('/').length, canonical.split('/').length)
      assert.doesNotMatch(decoded, /%/)
    }),
    { numRuns: 5000 },
  )
})

test('no accepted path escapes what needs no escape (RFC 3986 §2.3), so two that mean the same look the same', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const canonical = canonicalPath(path)
      if (canonical === undefined) return
      const unreserved = canonical.replaceAll(/%[0-9a-f]{2}/gi, (escape) => {
        const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
        return /[A-Za-z0-9._~-]/.test(character) ? character : escape
      })
      assert.equal(unreserved, canonical)
    }),
    { numRuns: 5000 },
  )
})

test('a path of thousands of escapes is read in no time', () => {
  const path = `/${'%c3%bc'.repeat(1300)}`

  assert.ok(cpuTimeMs(() => assert.equal(canonicalPath(path), path)) < 100)
})
