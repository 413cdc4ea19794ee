import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { DOMAIN } from '../../test/support/test-app.ts'

const app = shareTestApp()

test('a catalog without an upstream answers from its own document', async () => {
  const token = await app().tokenFor('ada')

  const list = await app().call('GET', '/v3/sources?limit=2&count=true', { token })
  const one = await app().call('GET', '/v2025/sources/09b1f3c5d7e94a2b8c6d4e2f0a1b3c5d', { token })

  assert.equal(list.status, 200)
  assert.equal(list.json().length, 2)
  assert.equal(list.headers['x-total-count'], '3')
  assert.equal(list.headers['cache-control'], 'private, no-store')
  assert.match(String(list.headers['content-type']), /^application\/json/)
  assert.equal(one.json().id, '09b1f3c5d7e94a2b8c6d4e2f0a1b3c5d')
})

test('HEAD of a sample has no body', async () => {
  const head = await app().call('HEAD', '/v3/ping')

  assert.deepEqual([head.status, head.text], [200, ''])
})

test('a sample takes a body that it has no use for, and the connection goes on', async () => {
  const token = await app().tokenFor('ada')
  const body = Buffer.alloc(2_000_000)

  const first = await app().call('POST', '/v3/access-profiles', { token, body })
  const second = await app().call('GET', '/v3/access-profiles', { token })

  assert.deepEqual([first.status, second.status], [201, 200])
})

test('a sample is sandboxed where people sign in on the same origin, and only there', async () => {
  const here = await app().call('GET', '/v3/ping')
  const there = await app().call('GET', '/v3/ping', { host: `globex.api.${DOMAIN}` })

  assert.equal(here.headers['content-security-policy'], 'sandbox')
  assert.equal(here.headers['x-content-type-options'], 'nosniff')
  assert.equal(there.headers['content-security-policy'], undefined)
})
