import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { DomainError } from '../errors.ts'
import { acceptJsonBodies, applyJsonPatch, type JsonPatch } from './json-patch.ts'

const token = { name: 'ci', scope: ['a', 'b'], id: '1', nested: { depth: 1 } }
const patched = (patch: JsonPatch) => applyJsonPatch(token, patch, ['name', 'scope', 'nested', 'note'])
const codeOf = (patch: JsonPatch): string | undefined => {
  try {
    patched(patch)
    return undefined
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error)
  }
}

test('a patch applies its operations in order and leaves the document alone (RFC 6902 §5)', () => {
  const result = patched([
    { op: 'test', path: '/id', value: '1' },
    { op: 'replace', path: '/name', value: 'nightly' },
    { op: 'add', path: '/scope/-', value: 'c' },
    { op: 'remove', path: '/scope/0' },
    { op: 'copy', from: '/id', path: '/note' },
  ])

  assert.deepEqual(result, { ...token, name: 'nightly', scope: ['b', 'c'], note: '1' })
  assert.deepEqual(token.scope, ['a', 'b'])
})

test('an operation on anything but a patchable member is an illegal update', () => {
  for (const patch of [
    [{ op: 'replace', path: '/id', value: '2' }],
    [{ op: 'remove', path: '/id' }],
    [{ op: 'move', from: '/id', path: '/name' }],
    [{ op: 'replace', path: '', value: {} }],
    [{ op: 'add', path: '/names', value: 1 }],
  ] satisfies JsonPatch[])
    assert.equal(codeOf(patch), 'illegal_update', JSON.stringify(patch))
})

test('a patch that cannot be applied is refused whole', () => {
  for (const patch of [
    [{ op: 'test', path: '/name', value: 'other' }],
    [{ op: 'remove', path: '/note' }],
    [{ op: 'replace', path: '/nested/absent/deep', value: 1 }],
    [{ op: 'copy', path: '/name' }],
    [{ op: 'add', path: '/scope/9', value: 'x' }],
    [{ op: 'add', path: '/nested/__proto__/admin', value: true }],
    [{ op: 'add', path: '/nested/constructor', value: {} }],
    [{ op: 'copy', from: '/__proto__', path: '/name' }],
    Array.from({ length: 11 }, () => ({ op: 'copy' as const, from: '/nested', path: '/nested/again' })),
  ] satisfies JsonPatch[])
    assert.equal(codeOf(patch), 'invalid', JSON.stringify(patch))
  assert.equal(Object.hasOwn(Object.prototype, 'admin'), false)
})

test('a value that is nested deeper than any document is refused, however deep', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
  const codesAt = (levels: number) =>
    (['add', 'replace', 'test'] as const).map((op) => codeOf([{ op, path: '/name', value: nested(levels) }]))

  assert.deepEqual(codesAt(33), ['invalid', 'invalid', 'invalid'])
  assert.deepEqual(codesAt(100_000), ['invalid', 'invalid', 'invalid'])
  assert.notEqual(codesAt(32)[0], 'invalid')
})

test('JSON Patch has a content type of its own, and any content type without a body is no body', async () => {
  const app = Fastify()
  acceptJsonBodies(app)
  app.route({ method: ['PATCH', 'DELETE'], url: '/', handler: async ({ body }) => ({ body: body ?? null }) })
  const send = async (method: 'PATCH' | 'DELETE', type: string, payload: string) =>
    (await app.inject({ method, url: '/', headers: { 'content-type': type }, payload })).json()

  assert.deepEqual(await send('PATCH', 'application/json-patch+json', '[]'), { body: [] })
  assert.deepEqual(await send('PATCH', 'application/json; charset=utf-8', '[1]'), { body: [1] })
  assert.deepEqual(await send('DELETE', 'application/json', ''), { body: null })
  assert.equal((await send('PATCH', 'application/json', '{"__proto__":{}}')).statusCode, 400)
  assert.equal((await send('PATCH', 'application/xml', 'x')).statusCode, 415)
  for (const type of ['application/x-www-form-urlencoded', 'application/xml'])
    assert.deepEqual(await send('PATCH', type, ''), { body: null }, type)
})
