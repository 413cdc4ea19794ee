import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { lateSerializers } from './late-serializers.ts'

const schemaController = { compilersFactory: { buildSerializer: lateSerializers() } }

test('an answer holds what its schema declares and nothing else, the first time and every other', async () => {
  const app = Fastify({ schemaController })
  const schema = { response: { 200: Type.Object({ name: Type.String() }), 404: Type.Object({ text: Type.String() }) } }
  app.get('/:status', { schema }, (request, reply) =>
    reply.code(request.url === '/200' ? 200 : 404).send({ name: 'Ann', text: 'none', hash: 'x' }),
  )
  for (let time = 0; time < 2; time++) {
    assert.equal((await app.inject('/200')).body, '{"name":"Ann"}')
    assert.equal((await app.inject('/404')).body, '{"text":"none"}')
  }
})

test('nothing is compiled before there is something to write', () => {
  const compile = lateSerializers()({}, {})
  const route = { method: 'GET', url: '/', httpStatus: '200', schema: { type: 'no type at all' } }
  const serialize = compile(route)
  assert.throws(() => serialize({}), /no type at all|schema is invalid|unsupported/i)
})

test('a schema that stands for two routes is compiled once', () => {
  const build = lateSerializers()
  const schema = Type.Object({ name: Type.String() })
  const route = (url: string) => ({ method: 'GET', url, httpStatus: '200', schema })
  const [first, second] = [build({}, {})(route('/first')), build({}, {})(route('/second'))]

  assert.equal(first({ name: 'Ann', age: 7 }), '{"name":"Ann"}')

  // What is compiled no longer looks at the schema.
  Object.assign(schema.properties, { age: Type.Number() })
  assert.equal(second({ name: 'Ann', age: 7 }), '{"name":"Ann"}')
})

test('schemas with names are refused: what a name stands for depends on the scope', () => {
  assert.throws(() => lateSerializers()({ person: Type.Object({}) }, {}), /no schema by name/)
})
