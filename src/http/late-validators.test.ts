import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import { Type } from 'typebox'
import { lateValidators, validation } from './late-validators.ts'

const Body = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    count: Type.Optional(Type.Integer({ default: 7 })),
    at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
)
const Query = Type.Object(
  { limit: Type.Optional(Type.String({ pattern: '^[0-9]+$' })) },
  { additionalProperties: false },
)
const Params = Type.Object({ id: Type.String({ minLength: 3 }) })

const requests: readonly (InjectOptions & { url: string })[] = [
  { url: '/abc', payload: { name: 'Ann' } },
  { url: '/abc?limit=5', payload: { name: 'Ann', count: 1, at: '2026-06-01T12:00:00Z' } },
  { url: '/abc', payload: { name: 'Ann', count: '1' } },
  { url: '/abc', payload: { name: 'Ann', at: 'today' } },
  { url: '/abc', payload: { name: 'Ann', hash: 'x' } },
  { url: '/abc', payload: { name: 'A' } },
  { url: '/abc', payload: {} },
  { url: '/abc', payload: [] },
  { url: '/abc', payload: 'null', headers: { 'content-type': 'application/json' } },
  { url: '/abc' },
  { url: '/abc?limit=many', payload: { name: 'Ann' } },
  { url: '/abc?limit=1&limit=2', payload: { name: 'Ann' } },
  { url: '/abc?other=1', payload: { name: 'Ann' } },
  { url: '/ab', payload: { name: 'A' } },
]

const late = () =>
  Fastify({ ajv: validation, schemaController: { compilersFactory: { buildValidator: lateValidators() } } })

/** Answers with what its handler got. */
function echo(app: FastifyInstance): FastifyInstance {
  const schema = { body: Body, querystring: Query, params: Params }
  for (const prefix of ['', '/second'])
    app.post(`${prefix}/:id`, { schema }, ({ body, query, params }) => ({ body, query, params }))
  return app
}

test('a request is taken and refused in the very words of Fastify, the first time and every other', async () => {
  const ours = echo(late())
  const theirs = echo(Fastify({ ajv: validation }))

  for (const request of [
    ...requests,
    ...requests,
    ...requests.map((each) => ({ ...each, url: `/second${each.url}` })),
  ]) {
    const answers = await Promise.all([ours, theirs].map((app) => app.inject({ method: 'POST', ...request })))
    const [our, their] = answers.map(({ statusCode, body }) => ({ statusCode, body }))
    assert.deepEqual(our, their, JSON.stringify(request))
  }
})

test('a number in quotes stays a text, and a member that nobody declared is refused rather than dropped', async () => {
  const app = echo(late())
  const refusalOf = async (payload: object) => (await app.inject({ method: 'POST', url: '/abc', payload })).json()

  assert.equal((await refusalOf({ name: 'Ann', count: '1' })).message, 'body/count must be integer')
  assert.equal((await refusalOf({ name: 'Ann', hash: 'x' })).message, 'body must NOT have additional properties')
})

test('a refusal does not stick to the next request', async () => {
  const app = echo(late())
  const send = async (name: string) => (await app.inject({ method: 'POST', url: '/abc', payload: { name } })).statusCode

  assert.deepEqual(await Promise.all(['A', 'Ann', 'A', 'Ann'].map(send)), [400, 200, 400, 200])
})

test('nothing is compiled before the first request', async () => {
  const app = late()
  app.post('/', { schema: { body: { type: 'no type at all' } } }, () => 'done')

  await app.ready()

  const { statusCode } = await app.inject({ method: 'POST', url: '/', payload: {} })
  assert.equal(statusCode, 500)
})

test('a route that declares headers is refused at the start', async () => {
  const app = late()
  app.get('/', { schema: { headers: Type.Object({ 'X-Name': Type.String() }) } }, () => 'done')

  await assert.rejects(async () => app.ready(), /GET \/ declares headers/)
})
