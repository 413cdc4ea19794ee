import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { validation } from '../../src/http/late-validators.ts'
import { startTestApp } from '../support/test-app.ts'

const strictly = { customOptions: { ...validation.customOptions, validateSchema: true } }

test('every schema that a route declares compiles, though a server waits with it until it is needed', async (t) => {
  const { app } = await startTestApp(t)
  const early = Fastify({ ajv: strictly, exposeHeadRoutes: false })
  t.after(() => early.close())

  for (const { method, url, schema } of app.routes)
    early.route({ method, url, schema, handler: () => assert.fail('nobody calls') })

  await early.ready()
})

test('a schema that does not compile is found in this way', async (t) => {
  for (const schema of [{ body: { type: 'text' } }, { response: { 200: { type: 'text' } } }]) {
    const early = Fastify({ ajv: strictly })
    t.after(() => early.close())

    early.post('/', { schema }, () => {})

    await assert.rejects(async () => early.ready(), /text|schema/i)
  }
})
