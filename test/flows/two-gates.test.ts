import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/test-app.ts'

const IDENTITIES = '/v2025/identities'

test('a person with the level passes both gates; an API client and a plain user are told why not', async (t) => {
  const { call, tokenFor } = await startTestApp(t)

  const admin = await call('GET', IDENTITIES, { token: await tokenFor('ada') })
  const client = await call('GET', IDENTITIES, { token: await tokenFor('app-nightly') })
  const plain = await call('GET', IDENTITIES, { token: await tokenFor('paul') })

  assert.equal(admin.status, 200)
  assert.ok(Array.isArray(admin.json()))
  assert.deepEqual([client.status, client.headers['sallyport-reason']], [403, 'context.user_required'])
  assert.deepEqual([plain.status, plain.headers['sallyport-reason']], [403, 'scope.beyond_level'])
})

test('without a token the answer is 401 in the words of ISC, without an error code (RFC 6750 §3.1)', async (t) => {
  const { call } = await startTestApp(t)

  const answer = await call('GET', IDENTITIES)

  assert.equal(answer.status, 401)
  assert.deepEqual(answer.json(), { error: 'JWT is required' })
  assert.equal(answer.headers['www-authenticate'], 'Bearer')
})
