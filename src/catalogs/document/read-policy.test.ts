import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from './json-object.ts'
import type { SchemeContexts } from './read-alternative.ts'
import { readOperations } from './read-operations.ts'

/** The policy of one operation, and the notes as `kind pointer`, the operation's own pointer left out. */
function readPolicy(operation: JsonObject, members: JsonObject = {}, schemes: SchemeContexts = {}) {
  const { pathParameters, ...rest } = members
  const paths = { '/a': { parameters: pathParameters, get: operation } }
  const document = { openapi: '3.1.0', ...rest, paths }
  const { operations, notes } = readOperations(document, { catalog: 'orders', prefix: '', schemes })
  const [read] = operations
  assert.ok(read)
  return { ...read.policy, notes: notes.map(({ kind, pointer }) => `${kind} ${pointer.replace('/paths/~1a/get', '')}`) }
}

type Scopes = readonly string[] | null
type Row = [promise: string, security: unknown, userScopes: Scopes, applicationScopes: Scopes, notes?: string[]]

const unusable = ['unusable /security/0', 'unusable ']
const many = Array.from({ length: 201 }, (_, number) => `s${number}`)

const rows: Row[] = [
  ['userAuth takes user tokens', [{ userAuth: ['a'] }], ['a'], null],
  ['UserContextAuth does too', [{ UserContextAuth: ['a'] }], ['a'], null],
  ['applicationAuth takes application tokens', [{ applicationAuth: ['a'] }], null, ['a']],
  ['entries are alternatives', [{ userAuth: ['a'] }, { applicationAuth: ['b'] }], ['a'], ['b']],
  ['alternatives of one context merge', [{ userAuth: ['a', 'b'] }, { userAuth: ['b', 'c'] }], ['a', 'b', 'c'], null],
  ['one that asks for no scope asks for none at all', [{ userAuth: ['a'] }, { userAuth: [] }], [], null],
  ['scopes are trimmed', [{ userAuth: ['a ', ' b'] }], ['a', 'b'], null],
  ['a scheme may be mapped', [{ bearer: ['a'] }], ['a'], null],
  ['a scheme may stand for both contexts', [{ both: ['a'] }, { userAuth: ['b'] }], ['a', 'b'], ['a']],
  ['a mapped name goes before a known one', [{ applicationAuth: ['a'] }], null, ['a']],
  ['an unmapped scheme is unusable', [{ apiKey: [] }], null, null, unusable],
  ['a scheme named after a prototype is unusable', [{ constructor: [] }], null, null, unusable],
  ['a scheme named __proto__ is unusable', [JSON.parse('{"__proto__": []}')], null, null, unusable],
  ['several schemes at once are unusable', [{ userAuth: [], bearer: [] }], null, null, unusable],
  ['a usable alternative remains', [{ apiKey: [] }, { userAuth: ['a'] }], ['a'], null, ['unusable /security/0']],
  ['scopes that are no list are unusable', [{ userAuth: null }], null, null, unusable],
  ['a scope that is no text is unusable', [{ userAuth: ['a', 7] }], null, null, unusable],
  ['a blank scope is unusable', [{ userAuth: [' '] }], null, null, unusable],
  ['a scope with a quote is unusable', [{ userAuth: ['a"b'] }], null, null, unusable],
  ['too many scopes are unusable', [{ userAuth: many }], null, null, unusable],
  [
    'too many scopes in all are unusable',
    [{ userAuth: many.slice(0, 150) }, { userAuth: many.slice(150) }],
    null,
    null,
    ['unusable /security', 'unusable '],
  ],
  ['an alternative that is no object is unusable', ['userAuth'], null, null, unusable],
  ['security that is no list lets nobody in', { userAuth: [] }, null, null, ['unusable /security', 'unusable ']],
  ['blank security lets nobody in', null, null, null, ['unusable /security', 'unusable ']],
  ['too many alternatives let nobody in', Array(21).fill({}), null, null, ['unusable /security', 'unusable ']],
]

for (const [promise, security, userScopes, applicationScopes, notes = []] of rows) {
  test(promise, () => {
    const policy = readPolicy({ security }, {}, { bearer: 'user', both: 'any' })

    assert.deepEqual(
      [policy.isPublic, policy.isAnyToken, policy.assumed, policy.userScopes, policy.applicationScopes],
      [false, false, null, userScopes, applicationScopes],
    )
    assert.deepEqual(policy.notes, notes)
  })
}

test('a mapping replaces what a known name stands for', () => {
  const policy = readPolicy({ security: [{ userAuth: ['a'] }] }, {}, { userAuth: 'application' })

  assert.deepEqual([policy.userScopes, policy.applicationScopes], [null, ['a']])
})

test('an empty alternative makes the operation public', () => {
  const policy = readPolicy({ security: [{}] })

  assert.equal(policy.isPublic, true)
  assert.equal(policy.isAnyToken, false)
  assert.deepEqual(policy.notes, [])
})

test('an empty alternative beside others makes it public too, and is noted', () => {
  const policy = readPolicy({ security: [{ userAuth: ['a'] }, {}] })

  assert.equal(policy.isPublic, true)
  assert.deepEqual(policy.notes, ['assumed /security'])
})

test('an empty security list is taken for a slip: any valid token will do', () => {
  const policy = readPolicy({ security: [] }, { security: [{ userAuth: ['a'] }] })

  assert.deepEqual([policy.isPublic, policy.isAnyToken], [false, true])
  assert.match(policy.assumed ?? '', /empty/)
  assert.deepEqual(policy.notes, ['assumed /security'])
})

test('an operation without security takes that of the document', () => {
  const policy = readPolicy({}, { security: [{ userAuth: ['a'] }] })

  assert.deepEqual([policy.userScopes, policy.applicationScopes, policy.assumed], [['a'], null, null])
})

test('where there is no security at all any valid token will do, noted once', () => {
  const paths = { '/a': { get: {}, post: {} } }

  const { operations, notes } = readOperations(
    { openapi: '3.1.0', paths },
    { catalog: 'orders', prefix: '', schemes: {} },
  )

  assert.deepEqual(
    operations.map(({ policy }) => [policy.isPublic, policy.isAnyToken]),
    [
      [false, true],
      [false, true],
    ],
  )
  assert.ok(operations.every(({ policy }) => policy.assumed))
  assert.deepEqual(
    notes.map(({ kind, pointer }) => [kind, pointer]),
    [['assumed', '/security']],
  )
})

const LEVELS = 'x-sailpoint-userLevels'

for (const [promise, operation, userLevels, notes] of [
  ['user levels are read', { [LEVELS]: ['ORG_ADMIN', 'Any'] }, ['ORG_ADMIN', 'Any'], []],
  [
    'a misspelt key is read',
    { 'x-sailpont-userLevels': ['HELPDESK'] },
    ['HELPDESK'],
    ['assumed /x-sailpont-userLevels'],
  ],
  [
    'a level that is no text is left out',
    { [LEVELS]: ['HELPDESK', 7, ' '] },
    ['HELPDESK'],
    [`ignored /${LEVELS}/1`, `ignored /${LEVELS}/2`],
  ],
  ['an empty list names no level', { [LEVELS]: [] }, [], []],
] as const) {
  test(promise, () => {
    const policy = readPolicy({ security: [{ userAuth: [] }], ...operation })

    assert.deepEqual(policy.userLevels, userLevels)
    assert.deepEqual(policy.userScopes, [])
    assert.deepEqual(policy.notes, notes)
  })
}

for (const levels of ['ORG_ADMIN', null, [7], Array(101).fill('A')]) {
  test(`user levels that cannot be read (${JSON.stringify(levels).slice(0, 20)}) let no user in`, () => {
    const security = [{ userAuth: [] }, { applicationAuth: ['a'] }]

    const policies = [readPolicy({ security, [LEVELS]: levels }), readPolicy({ security: [], [LEVELS]: levels })]

    assert.deepEqual(
      policies.map(({ isAnyToken, userScopes }) => [isAnyToken, userScopes]),
      [
        [false, null],
        [false, null],
      ],
    )
    assert.deepEqual(
      policies.map(({ applicationScopes }) => applicationScopes),
      [['a'], []],
    )
    assert.ok(policies.every(({ notes }) => notes.includes(`unusable /${LEVELS}`)))
  })
}

const header = { name: 'x-sailpoint-EXPERIMENTAL', in: 'header', required: true }
const components = { parameters: { Experimental: header, Alias: { $ref: '#/components/parameters/Experimental' } } }
const reference = { $ref: '#/components/parameters/Alias' }

for (const [what, parameters, pathParameters, isExperimental] of [
  ['of the operation', [header], [], true],
  ['of the path item', [], [header], true],
  ['by reference', [reference], [], true],
  ['by reference of the path item', undefined, [reference], true],
  ['that is optional', [{ ...header, required: false }], [], false],
  ['that the operation makes optional', [{ ...header, required: false }], [header], false],
  ['in the query', [{ ...header, in: 'query' }], [], false],
  ['of another name', [{ ...header, name: 'X-Other' }], [], false],
] as const) {
  test(`a header ${what} makes the operation experimental: ${isExperimental}`, () => {
    const policy = readPolicy({ security: [{}], parameters }, { components, pathParameters })

    assert.equal(policy.isExperimental, isExperimental)
    assert.deepEqual(policy.notes, [])
  })
}

test('a parameter that leads to nothing is left out and noted', () => {
  const parameters = [{ $ref: '#/components/parameters/Lost' }, header]

  const policy = readPolicy({ security: [{}], parameters })

  assert.equal(policy.isExperimental, true)
  assert.deepEqual(policy.notes, ['ignored /parameters'])
})
