import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DomainError } from '../../errors.ts'
import type { JsonObject } from './json-object.ts'
import type { OpenApiDocument } from './read-document.ts'
import { readOperations, type ReadOptions } from './read-operations.ts'

const userAuth = [{ userAuth: ['orders:read'] }]

function documentWith(paths: JsonObject, members: JsonObject = {}): OpenApiDocument {
  return { openapi: '3.1.0', security: userAuth, ...members, paths }
}

function read(document: OpenApiDocument, options: Partial<ReadOptions> = {}) {
  return readOperations(document, { catalog: 'orders', prefix: '', schemes: {}, ...options })
}

test('an operation is read with its names, version, method and whole path', () => {
  const operation = { operationId: 'getOrder', summary: ' Gets an order ', deprecated: true }

  const { operations, notes } = read(documentWith({ '/orders/{id}': { get: operation } }), { prefix: '/v3' })

  assert.deepEqual(operations, [
    {
      catalog: 'orders',
      version: 'v3',
      method: 'GET',
      path: '/v3/orders/{id}',
      operationId: 'getOrder',
      summary: 'Gets an order',
      isDeprecated: true,
      policy: {
        isPublic: false,
        isAnyToken: false,
        userScopes: ['orders:read'],
        applicationScopes: null,
        userLevels: [],
        isExperimental: false,
        assumed: null,
      },
    },
  ])
  assert.deepEqual(notes, [])
})

test('an operation without an id or a summary has none', () => {
  const { operations } = read(documentWith({ '/a': { get: {} }, '/b': { get: { operationId: 7, summary: ' ' } } }))

  assert.deepEqual(
    operations.map(({ operationId, summary }) => [operationId, summary]),
    [
      [null, null],
      [null, null],
    ],
  )
})

test('every method but TRACE is served, in upper case', () => {
  const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
  const pathItem = Object.fromEntries(methods.map((method) => [method, {}]))

  const { operations, notes } = read(documentWith({ '/a': { ...pathItem, servers: [], 'x-a': {}, summary: 'A' } }))

  assert.deepEqual(
    operations.map(({ method }) => method),
    ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'],
  )
  assert.deepEqual(notes, [{ pointer: '/paths/~1a/trace', kind: 'ignored', message: 'TRACE is never served.' }])
})

for (const [what, pathItem, pointer] of [
  ['a method in upper case', { GET: {} }, '/paths/~1a/GET'],
  ['an operation that is no object', { get: null }, '/paths/~1a/get'],
  ['a path item that is no object', 'x', '/paths/~1a'],
  ['a path item of another file', { $ref: 'other.yaml#/a' }, '/paths/~1a'],
  ['a path item that refers to itself', { $ref: '#/paths/~1a' }, '/paths/~1a'],
] as const) {
  test(`${what} is left out and noted`, () => {
    const { operations, notes } = read(documentWith({ '/a': pathItem }))

    assert.deepEqual(operations, [])
    assert.deepEqual(
      notes.map(({ kind, pointer }) => [kind, pointer]),
      [['ignored', pointer]],
    )
  })
}

test('a path item is found by its reference, and what stands beside that is left out', () => {
  const pathItems = { Orders: { get: { operationId: 'list' } } }
  const paths = { '/a': { $ref: '#/components/pathItems/Orders', post: {} } }

  const { operations, notes } = read(documentWith(paths, { components: { pathItems } }))

  assert.deepEqual(
    operations.map(({ method, operationId }) => [method, operationId]),
    [['GET', 'list']],
  )
  assert.deepEqual(
    notes.map(({ kind, pointer }) => [kind, pointer]),
    [['ignored', '/paths/~1a/post']],
  )
})

for (const [template, prefix, path] of [
  ['/orders', '', '/orders'],
  ['/orders/', '/v3', '/v3/orders'],
  ['//orders///{id}', '', '/orders/{id}'],
  ['/', '', '/'],
  ['/', '/v3', '/v3'],
] as const) {
  test(`the path ${template} behind the prefix "${prefix}" is served as ${path}`, () => {
    const { operations } = read(documentWith({ [template]: { get: {} } }), { prefix })

    assert.equal(operations[0]?.path, path)
  })
}

for (const template of [
  'orders',
  '/a?b',
  '/a#b',
  '/{}',
  '/{a',
  '/a}',
  '/{a/b}',
  '/a/../b',
  '/a%2fb',
  '/a;b',
  '/a b',
  '__proto__',
]) {
  test(`the path ${template} is left out and noted`, () => {
    const { operations, notes } = read(documentWith(JSON.parse(`{${JSON.stringify(template)}: {"get": {}}}`)))

    assert.deepEqual(operations, [])
    assert.deepEqual(
      notes.map(({ kind }) => kind),
      ['ignored'],
    )
  })
}

for (const prefix of ['v3', '/', '/v3/', '//v3', '/{v}', '/v3?a', '/../v3']) {
  test(`the prefix ${prefix} is refused`, () => {
    const reading = () => read(documentWith({}), { prefix })

    assert.throws(reading, /^DomainError: orders: prefix: must be empty, or start with a slash/)
  })
}

test('two operations that are the same to a request are refused', () => {
  const reading = () => read(documentWith({ '/a/{id}': { get: {} }, '/a/{name}/': { get: {} } }))

  assert.throws(
    reading,
    (error) => error instanceof DomainError && /GET \/a\/\{id\} and \/a\/\{name\} are/.test(error.message),
  )
})

test('more operations than any API has are refused', () => {
  const paths = Object.fromEntries(Array.from({ length: 20_001 }, (_, number) => [`/${number}`, { get: {} }]))

  const reading = () => read(documentWith(paths))

  assert.throws(reading, /holds more than 20000 operations/)
})

test('notes beyond the first thousand are counted', () => {
  const paths = Object.fromEntries(Array.from({ length: 1005 }, (_, number) => [`${number}`, {}]))

  const { notes } = read(documentWith(paths))

  assert.equal(notes.length, 1001)
  assert.match(notes[1000]?.message ?? '', /^5 more notes/)
})

test('an operation in the place of our own routes is left out and noted, unless a prefix moves it away', () => {
  const document = documentWith({ '/oauth/things': { get: {} }, '/oauthors': { get: {} } })

  const { operations, notes } = read(document)

  assert.deepEqual(
    operations.map(({ path }) => path),
    ['/oauthors'],
  )
  assert.deepEqual(notes, [
    {
      kind: 'ignored',
      pointer: '/paths/~1oauth~1things/get',
      message: 'GET /oauth/things can never be called: /oauth belongs to Sallyport itself. Give the catalog a prefix.',
    },
  ])
  assert.equal(read(document, { prefix: '/v3' }).operations.length, 2)
})
