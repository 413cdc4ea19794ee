import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DomainError } from '../../errors.ts'
import { readDocument } from './read-document.ts'

const expected = { openapi: '3.1.0', paths: { '/orders': { get: { deprecated: true } } } }
const json = JSON.stringify(expected)
const yaml = 'openapi: 3.1.0\npaths:\n  /orders:\n    get:\n      deprecated: true\n'

const read = (content: string | Buffer) => readDocument(Buffer.from(content), 'orders')

for (const [form, content] of [
  ['JSON', json],
  ['JSON after blank lines and a byte order mark', `\uFEFF\n\n${json}`],
  ['YAML', yaml],
  ['gzipped JSON', gzipSync(json)],
  ['gzipped YAML', gzipSync(yaml)],
] as const) {
  test(`a document is read from ${form}`, () => {
    const document = read(content)

    assert.deepEqual(document, expected)
  })
}

test('YAML reads keys as text, words as words and aliases as what they stand for', () => {
  const document = read('openapi: 3.0.3\npaths: {}\n200: &a [on, "no"]\nagain: *a\n')

  assert.deepEqual(document['200'], ['on', 'no'])
  assert.deepEqual(document.again, ['on', 'no'])
})

test('a key named __proto__ becomes a member, in JSON and in YAML', () => {
  const documents = [
    '{"openapi":"3.1.0","paths":{"__proto__":{"x":1}}}',
    'openapi: 3.1.0\npaths: {__proto__: {x: 1}}',
  ].map(read)

  for (const { paths } of documents) {
    assert.deepEqual(Object.keys(paths), ['__proto__'])
    assert.equal(Object.getPrototypeOf(paths), Object.prototype)
  }
})

const MEBIBYTE = 1024 * 1024
const laughs = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(10)}]`)
const anchors = Array.from({ length: 6000 }, (_, number) => `&a${number} x`)

for (const [what, content, message] of [
  ['an empty file', '', /^orders: line 1: is not an OpenAPI document/],
  ['a list', '[]', /^orders: line 1: is not an OpenAPI document/],
  ['Swagger 2.0', 'swagger: "2.0"', /^orders: \/swagger: this is Swagger 2\.0; convert it/],
  ['OpenAPI 3.2', 'openapi: 3.2.0\npaths: {}', /^orders: \/openapi: is "3\.2\.0"; it must be/],
  ['a version that is a number', 'openapi: 3.1\npaths: {}', /^orders: \/openapi: is 3\.1; it must be the text/],
  ['no version', '{"paths":{}}', /^orders: \/openapi: is missing; it must be/],
  ['no paths', 'openapi: 3.1.0', /^orders: \/paths: must be an object/],
  ['a list of paths', 'openapi: 3.1.0\npaths: []', /^orders: \/paths: must be an object/],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff]), /^orders: is not UTF-8 text/],
  ['half a gzip file', gzipSync(json).subarray(0, 30), /^orders: is not a whole gzip file/],
  [
    'JSON with a slip',
    '{\n"openapi": "3.1.0",\n}',
    /^orders: line 3: is not valid JSON: Expected double-quoted property/,
  ],
  ['JSON with a stray value', '{"openapi":\n!}', /^orders: is not valid JSON: Unexpected token '!'/],
  ['YAML with a slip', 'openapi: 3.1.0\npaths: [', /^orders: line 2: is not valid YAML/],
  ['YAML with a stray bracket', 'openapi: 3.1.0\npaths: }\n', /^orders: line 2: closes a bracket/],
  [
    'a key given twice',
    'openapi: 3.1.0\npaths: {}\npaths: {}',
    /^orders: line 3: the key "paths" stands here a second time/,
  ],
  ['a merge key', 'a: &a {b: 1}\nc:\n  <<: *a\n', /^orders: line 3: merge keys/],
  ['a second YAML document', `${yaml}---\n${yaml}`, /^orders: line 6: starts a second YAML document/],
  ['an alias before its anchor', 'a: *b\nb: &b 1', /^orders: cannot be read/],
  ['more than 64 MiB', Buffer.alloc(64 * MEBIBYTE + 1, ' '), /^orders: is larger than 64 MiB/],
  ['a gzip bomb', gzipSync(Buffer.alloc(65 * MEBIBYTE)), /^orders: is larger than 64 MiB/],
  ['JSON of brackets', '['.repeat(8 * MEBIBYTE), /^orders: line 1: nests deeper than 200 levels/],
  ['JSON of countless values', `[${'0,'.repeat(4_000_001)}0]`, /^orders: holds more than 4000000 values/],
  ['YAML of brackets', `a:\n  ${'['.repeat(MEBIBYTE)}`, /^orders: line 2: nests deeper than 200 levels/],
  ['YAML of nested lists', '- '.repeat(20_000), /^orders: line 1: nests too deeply/],
  ['YAML of countless values', `a: [${'x,'.repeat(600_000)}]`, /^orders: is too large for YAML/],
  ['an alias bomb', `l0: &l0 ha\n${laughs.join('\n')}`, /^orders: nests too deeply or is too large with its aliases/],
  ['an alias within its anchor', 'a: &a [*a]', /^orders: nests too deeply or is too large with its aliases/],
  ['countless anchors', `a: [${anchors.join()}]`, /^orders: holds more than 5000 anchors or aliases/],
] as const) {
  test(`${what} is refused in words`, () => {
    const reading = () => read(content)

    assert.throws(
      reading,
      (error) => error instanceof DomainError && error.code === 'invalid' && message.test(error.message),
    )
  })
}

test('brackets and quotes within texts are no structure', () => {
  const text = '[{"\\'.repeat(300)

  const documents = [JSON.stringify({ ...expected, text }), `${yaml}text: '${text}'\n`].map(read)

  for (const document of documents) assert.equal(document.text, text)
})
