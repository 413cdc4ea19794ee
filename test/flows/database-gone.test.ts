import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DOMAIN, startTestApp, type TestAnswer } from '../support/test-app.ts'
import { postToken, proofOf } from '../support/token-requests.ts'

test('while the database is gone nothing that is unknown is let through, and everything is answered', async (t) => {
  const app = await startTestApp(t)
  const [token, unused] = [await app.tokenFor('ada'), await app.tokenFor('sam')]
  const { database } = app.installation
  await database.close()
  database.close = async () => {} // The end of the test would close it again.

  const answers: [what: string, answer: TestAnswer][] = [
    ['an operation whose catalogs were never read', await app.call('GET', '/v3/sources', { token })],
    ['a token never used before', await app.call('GET', '/v3/sources', { token: unused })],
    ['a public operation', await app.call('GET', '/v3/ping')],
    ['a route of ours', await app.call('POST', '/sallyport/v1/explain', { token, body: {} })],
    ['a page of another origin', await app.call('GET', '/v3/ping', { headers: { origin: 'https://x.example' } })],
    ['an unknown host', await app.call('GET', '/v3/ping', { host: `nosuch.api.${DOMAIN}` })],
    ['a token request', await postToken(app, proofOf('paul'))],
  ]

  for (const [what, { status, headers, text }] of answers) {
    assert.ok(status === 500 || status === 503, `${what}: ${status} ${text}`)
    assert.match(String(headers['slpt-request-id']), /^[0-9a-f]{32}$/)
    assert.match(String(headers['content-type']), /^application\/json/)
    assert.doesNotMatch(text, /sqlite|select|driver|postgres/i)
    if (status === 503) assert.equal(headers['retry-after'], '1')
  }
})
