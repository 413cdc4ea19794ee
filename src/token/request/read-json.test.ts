import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJson } from './read-json.ts'

function read(text: string): readonly (readonly [string, string | undefined])[] {
  const pairs: [string, string | undefined][] = []
  readJson(text, (name, value) => pairs.push([name, value]))
  return pairs
}

test('the members of an object are visited in order, escapes decoded', () => {
  const text = ' {"grant_type" : "client_credentials",\n"a\\"b":"\\u0041\\\\", "empty":""} '

  assert.deepEqual(read(text), [
    ['grant_type', 'client_credentials'],
    ['a"b', 'A\\'],
    ['empty', ''],
  ])
})

test('a member given twice is visited twice, so that a differing repeat is seen', () => {
  assert.deepEqual(read('{"client_id":"a","client_\\u0069d":"b"}'), [
    ['client_id', 'a'],
    ['client_id', 'b'],
  ])
})

test('text that looks like structure inside a string is text', () => {
  assert.deepEqual(read('{"a":"{\\"b\\":1,[","c":"\\\\"}'), [
    ['a', '{"b":1,['],
    ['c', '\\'],
  ])
})

test('__proto__ is a name like any other', () => {
  assert.deepEqual(read('{"__proto__":"x","constructor":"y"}'), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

test('an empty object holds nothing', () => {
  assert.deepEqual(read('{}'), [])
})

const malformed = [
  '1',
  'null',
  '"grant_type"',
  '[]',
  '["a","b"]',
  '[{"a":"b"}]',
  '{"a":1}',
  '{"a":true}',
  '{"a":null}',
  '{"a":["b"]}',
  '{"a":{"b":"c"}}',
  '{"a":{}}',
  '{"a":1,"a":"b","c":2,"c":"d"}',
  '{"__proto__":{"grantTypes":["CLIENT_CREDENTIALS"]}}',
  '{"a":"b"',
  '{"a":"b",}',
  "{'a':'b'}",
  '{"a":"b"}{"c":"d"}',
  '{"a":"line\nbreak"}',
  '\ufeff{"a":"b"}',
  ' ',
  '['.repeat(65_536),
  `${'{"a":'.repeat(10_000)}"b"${'}'.repeat(10_000)}`,
  `"${'\\"'.repeat(32_000)}`,
]

for (const text of malformed) {
  test(`a JSON body is refused: ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.throws(() => read(text), {
      name: 'OAuthError',
      code: 'invalid_request',
      reason: 'body.malformed',
      message: /JSON/,
    })
  })
}

test('more than thirty-two members are refused', () => {
  const members = Array.from({ length: 33 }, (_, index) => `"p${index}":""`)

  assert.equal(read(`{${members.slice(1).join()}}`).length, 32)
  assert.throws(() => read(`{${members.join()}}`), { code: 'invalid_request', reason: 'parameter.too_many' })
})
