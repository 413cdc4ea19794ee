import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { iscRoute, pathIn } from './isc-routes.ts'

test('an operation lies behind the version, and for v1 the version behind its first segment', () => {
  assert.equal(pathIn('v3', '/auth-org/session-config'), '/v3/auth-org/session-config')
  assert.equal(pathIn('beta', '/tenant'), '/beta/tenant')
  assert.equal(pathIn('v1', '/auth-org/session-config'), '/auth-org/v1/session-config')
  assert.equal(pathIn('v1', '/personal-access-tokens/:id'), '/personal-access-tokens/v1/:id')
  assert.equal(pathIn('v1', '/tenant'), '/tenant/v1')
})

test('an operation is declared once and served in every layout that has it', async () => {
  const app = Fastify()
  const declared: (string | undefined)[] = []
  app.addHook('onRoute', ({ url, schema, method }) => {
    if (method === 'GET') declared.push(`${url} ${schema?.operationId}`)
  })
  iscRoute(app, {
    method: 'GET',
    path: '/tenant',
    versions: ['beta', 'v2025', 'v1'],
    operationId: 'getTenant',
    summary: 'The tenant',
    access: (version) => ({ user: ['sp:tenant:read'], deprecated: version === 'beta' }),
    schema: {},
    handler: async (_request, _reply, version) => ({ version }),
  })

  const old = await app.inject({ url: '/beta/tenant' })
  const recent = await app.inject({ url: '/tenant/v1' })
  const absent = await app.inject({ url: '/v3/tenant' })

  assert.deepEqual(declared, ['/beta/tenant getTenant', '/v2025/tenant getTenant', '/tenant/v1 getTenantV1'])
  assert.deepEqual([old.json(), old.headers['x-deprecated']], [{ version: 'beta' }, 'true'])
  assert.deepEqual([recent.json(), recent.headers['x-deprecated']], [{ version: 'v1' }, undefined])
  assert.equal(absent.statusCode, 404)
})
