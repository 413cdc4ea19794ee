import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { synthesise } from './synthesise.ts'

const schemas = {
  Id: { type: 'string', examples: ['i1'] },
  Named: { type: 'object', properties: { name: { type: 'string', enum: ['A', 'B'] } } },
  Node: {
    type: 'object',
    properties: { id: { $ref: '#/Id' }, next: { $ref: '#/Node' }, all: { type: 'array', items: { $ref: '#/Node' } } },
  },
}

for (const [promise, schema, expected] of [
  ['a text has its least length', { type: 'string', minLength: 8 }, 'stringst'],
  ['a text has its format', { type: 'string', format: 'email' }, 'user@example.com'],
  ['a nullable text is a text (OpenAPI 3.1)', { type: ['null', 'string'], maxLength: 3 }, 'str'],
  ['a list has one item', { type: 'array', minItems: 1_000_000_000, items: { $ref: '#/Id' } }, ['i1']],
  ['a scalar default is an example', { type: 'boolean', default: false }, false],
  ['an empty default is none', { type: 'array', default: [], items: { $ref: '#/Id' } }, ['i1']],
  ['a map has one member', { additionalProperties: { type: 'integer' } }, { property1: 0 }],
  ['write-only members are left out', { properties: { a: { const: 1 }, b: { const: 2, writeOnly: true } } }, { a: 1 }],
  ['a reference gives way to what stands beside it', { $ref: '#/Id', example: 'mine' }, 'mine'],
  [
    'parts are merged',
    { allOf: [{ $ref: '#/Named' }, { properties: { id: { $ref: '#/Id' } } }] },
    { name: 'A', id: 'i1' },
  ],
  ['parts that are examples are merged', { allOf: [{ $ref: '#/Named' }, { example: { b: 2 } }] }, { name: 'A', b: 2 }],
  ['a part of another type is left out', { allOf: [{ $ref: '#/Named' }, { type: 'string' }] }, { name: 'A' }],
  ['the first alternative is taken', { oneOf: [{ $ref: '#/Named' }, { $ref: '#/Id' }] }, { name: 'A' }],
  ['null is no alternative', { anyOf: [{ type: 'null' }, { $ref: '#/Id' }] }, 'i1'],
  ['a circle ends where it closes', { $ref: '#/Node' }, { id: 'i1', all: [] }],
  ['a reference to itself says nothing', { $ref: '#/circle' }, {}],
  ['a type that is none says nothing', { type: 'constructor' }, {}],
  ['a format that is none is passed over', { type: 'string', format: '__proto__' }, 'string'],
  ['true says nothing', true, {}],
] as const) {
  test(promise, () => {
    const value = synthesise({ ...schemas, circle: { $ref: '#/circle' } }, schema)

    assert.deepEqual(value, expected)
  })
}

test('a member named __proto__ is left out', () => {
  const schema: unknown = JSON.parse('{"properties":{"__proto__":{"properties":{}},"a":{"const":1}}}')

  const value = synthesise({}, schema)

  assert.deepEqual(value, { a: 1 })
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
})

test('references that fan out cost no more than a large answer', () => {
  const width = Array.from({ length: 10 }, (_, number) => number)
  const levels = Array.from({ length: 12 }, (_, level) => {
    const properties = Object.fromEntries(width.map((number) => [`p${number}`, { $ref: `#/${level + 1}` }]))
    return [level, { properties }] as const
  })

  const value = synthesise({ ...Object.fromEntries(levels), 12: { type: 'string' } }, { $ref: '#/0' })

  assert.ok(JSON.stringify(value).length < 1024 * 1024)
})

test('parts that fan out cost no more either', () => {
  const levels = Array.from({ length: 12 }, (_, level) => [
    level,
    { allOf: Array(20).fill({ $ref: `#/${level + 1}` }) },
  ])

  const value = synthesise({ ...Object.fromEntries(levels), 12: { const: { a: 1 } } }, { $ref: '#/0' })

  assert.deepEqual(value, {})
})

test('an example that many refer to is repeated within bounds only', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, number) => [`p${number}`, { $ref: '#/large' }]),
  )

  const value = synthesise({ large: { type: 'string', example: 'x'.repeat(100_000) } }, { properties })

  assert.ok(JSON.stringify(value).length < 1024 * 1024)
})

const keywords = [
  'type',
  'properties',
  'items',
  'allOf',
  'oneOf',
  '$ref',
  'example',
  'enum',
  'format',
  'minLength',
  '__proto__',
]
const words = [
  'string',
  'object',
  'array',
  'null',
  'constructor',
  '__proto__',
  'date-time',
  '#/self',
  '#/self/items',
  '#',
]
const anySchema = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom(...words),
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('schema'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keywords), tie('schema'), { maxKeys: 5 }),
  ),
})).schema

test('whatever a document calls a schema, a JSON value comes of it and nothing else changes', () => {
  fc.assert(
    fc.property(anySchema, (schema) => {
      const value = synthesise({ self: schema }, schema)

      assert.equal(typeof JSON.stringify(value), 'string')
      assert.deepEqual(Reflect.ownKeys({}), [])
    }),
    { numRuns: 500 },
  )
})
