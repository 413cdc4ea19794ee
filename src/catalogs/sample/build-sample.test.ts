import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../document/json-object.ts'
import { buildSample, type SampleAnswer, type SampleRequest } from './build-sample.ts'

const EMPTY_QUERY = new URLSearchParams()
const ID = '0123456789abcdef0123456789abcdef'

/** The answer of GET /orders of a document with this media type object for 200. */
function answerWith(media: JsonObject, query = '', components: JsonObject = {}): SampleAnswer & { json: unknown } {
  const get = { responses: { 200: { content: { 'application/json': media } } } }
  const answer = ask({ '/orders': { get } }, { query: new URLSearchParams(query) }, components)
  return { ...answer, json: JSON.parse(answer.body ?? 'null') }
}

function ask(paths: JsonObject, request: Partial<SampleRequest> = {}, components: JsonObject = {}): SampleAnswer {
  const sample = buildSample({ openapi: '3.1.0', components, paths })
  const answer = sample.answer({ method: 'GET', path: '/orders', parameters: [], query: EMPTY_QUERY, ...request })
  assert.ok(answer)
  return answer
}

function answerOf(responses: JsonObject, method = 'GET'): SampleAnswer {
  return ask({ '/orders': { get: { responses } } }, { method })
}

const json = (example: unknown) => ({ content: { 'application/json': { example } } })
const schemas = { Order: { type: 'object', properties: { id: { type: 'string', example: 'o1' } } } }
const order = { $ref: '#/components/schemas/Order' }

for (const [promise, media, expected] of [
  ['an example is the answer', { example: { a: 1 }, schema: { example: { a: 2 } } }, { a: 1 }],
  ['the first of several examples is', { examples: { one: { value: { a: 1 } }, two: { value: { a: 2 } } } }, { a: 1 }],
  ['an example is found by reference', { examples: { one: { $ref: '#/components/examples/One' } } }, { a: 1 }],
  ['an example of another file is passed over', { examples: { x: { externalValue: 'x' }, y: { value: 1 } } }, 1],
  ['else the example of the schema is', { schema: { example: { a: 1 } } }, { a: 1 }],
  ['else one is made from the schema', { schema: { properties: { a: { type: 'integer', minimum: 3 } } } }, { a: 3 }],
  ['a schema is found by reference', { schema: order }, { id: 'o1' }],
  ['a schema of another file says nothing', { schema: { $ref: 'other.yaml' } }, {}],
  ['no schema says nothing', {}, {}],
] as const) {
  test(promise, () => {
    const { status, headers, json } = answerWith(media, '', { examples: { One: { value: { a: 1 } } }, schemas })

    assert.equal(status, 200)
    assert.deepEqual(headers, { 'content-type': 'application/json' })
    assert.deepEqual(json, expected)
  })
}

for (const [what, responses, status, body] of [
  ['the first success', { 404: json(1), 202: json(2), 201: json(3) }, 201, '3'],
  ['any success', { 404: json(1), '2XX': json(2) }, 200, '2'],
  ['the default', { 404: json(1), default: json(2) }, 200, '2'],
  ['nothing', { 404: json(1) }, 204, null],
  ['204, example or not', { 204: json(1) }, 204, null],
  ['a success without a body', { 202: { description: 'Later.' } }, 202, null],
  ['a success that is not JSON', { 200: { content: { 'text/csv': { example: 'a,b' } } } }, 200, null],
  ['a kind of JSON', { 200: { content: { 'application/hal+json; v=1': { example: 1 } } } }, 200, '1'],
] as const) {
  test(`an operation that documents ${what} answers ${status}`, () => {
    const answer = answerOf(responses)

    assert.deepEqual([answer.status, answer.body], [status, body])
  })
}

test('HEAD is answered as GET is, without the body', () => {
  const { status, headers, body } = answerOf({ 200: json([1]) }, 'HEAD')

  assert.deepEqual([status, headers['content-type'], body], [200, 'application/json', null])
})

test('an operation that the document does not have has no answer', () => {
  const sample = buildSample({ openapi: '3.1.0', paths: { '/orders': { get: {} } } })
  const others = [
    ['POST', '/orders'],
    ['HEAD', '/'],
    ['GET', '/__proto__'],
  ] as const

  const answers = others.map(([method, path]) => sample.answer({ method, path, parameters: [], query: EMPTY_QUERY }))

  assert.deepEqual(answers, [undefined, undefined, undefined])
})

test('a list of one becomes a list of three, each with an id and a name of its own, always the same', () => {
  const media = { example: [{ id: ID, name: 'Tent', size: 2 }] }

  const [{ json: first }, { json: second }] = [answerWith(media), answerWith(media)]

  assert.ok(Array.isArray(first))
  assert.deepEqual(first, second)
  assert.deepEqual(
    first.map(({ name, size }) => [name, size]),
    [
      ['Tent', 2],
      ['Tent 2', 2],
      ['Tent 3', 2],
    ],
  )
  assert.ok(first.every(({ id }) => /^[0-9a-f]{32}$/.test(id)))
  assert.equal(new Set(first.map(({ id }) => id)).size, 3)
})

for (const [what, example, ids] of [
  ['numbers', [{ id: 7 }], [7, 8, 9]],
  ['words', [{ id: 'a' }], ['a', 'a-2', 'a-3']],
  ['a list of several', [{ id: 7 }, { id: 3 }], [7, 3]],
  ['an empty list', [], []],
  ['items without id or name', [{ size: 2 }], [undefined]],
] as const) {
  test(`${what}: the ids of a list are ${JSON.stringify(ids)}`, () => {
    const { json } = answerWith({ example })

    assert.ok(Array.isArray(json))
    assert.deepEqual(
      json.map(({ id }) => id),
      ids,
    )
  })
}

const five = { example: [1, 2, 3, 4, 5] }

for (const [query, items, total] of [
  ['', [1, 2, 3, 4, 5], undefined],
  ['limit=2', [1, 2], undefined],
  ['offset=3', [4, 5], undefined],
  ['limit=2&offset=1&count=true', [2, 3], '5'],
  ['limit=0&count=true', [], '5'],
  ['offset=9', [], undefined],
  ['limit=x&offset=-1&count=false', [1, 2, 3, 4, 5], undefined],
] as const) {
  test(`a list asked for with "${query}" holds ${items.length} items`, () => {
    const { json, headers } = answerWith(five, query)

    assert.deepEqual(json, items)
    assert.equal(headers['x-total-count'], total)
  })
}

test('no page holds more than 250 items', () => {
  const { json } = answerWith({ example: Array(300).fill(1) }, 'limit=1000')

  assert.deepEqual(json, Array(250).fill(1))
})

for (const [path, parameters, example, id] of [
  ['/orders/{id}', ['a%20b'], { id: 'x' }, 'a b'],
  ['/orders/{id}', ['%zz'], { id: 'x' }, '%zz'],
  ['/orders/{orderId}', ['7'], { id: 1 }, 7],
  ['/orders/{orderId}', ['abc'], { id: 1 }, 1],
  ['/shops/{shopId}/orders/{orderId}', ['s', 'o'], { id: 'x' }, 'o'],
  ['/orders/{id}/items/{itemId}', ['o', 'i'], { id: 'x' }, 'o'],
  ['/orders/{orderId}/summary', ['o'], { id: 'x' }, 'x'],
  ['/orders/{id}', [], { id: 'x' }, 'x'],
  ['/orders/{id}', ['o'], { name: 'x' }, undefined],
] as const) {
  test(`${path} with ${parameters.join()} answers ${JSON.stringify(example)} with the id ${id}`, () => {
    const paths = { [path]: { get: { responses: { 200: json(example) } } } }

    const { body } = ask(paths, { path, parameters })

    assert.deepEqual(JSON.parse(body ?? ''), id === undefined ? example : { ...example, id })
  })
}

test('a path is found as requests spell it', () => {
  const paths = { '/orders//': { get: { responses: { 200: json(1) } } }, '/': { get: { responses: { 200: json(2) } } } }

  const bodies = ['/orders', '/', ''].map((path) => ask(paths, { path }).body)

  assert.deepEqual(bodies, ['1', '2', '2'])
})

test('an example too large to answer with gives way to the schema', () => {
  const { json } = answerWith({ example: 'x'.repeat(2 * 1024 * 1024), schema: order }, '', { schemas })

  assert.deepEqual(json, { id: 'o1' })
})
