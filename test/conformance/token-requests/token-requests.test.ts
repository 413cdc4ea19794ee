import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTokenRequest } from '../../../src/token/request/parse-token-request.ts'
import { loadTokenRequests } from './load.ts'

const absent = {
  scope: undefined,
  code: undefined,
  redirectUri: undefined,
  codeVerifier: undefined,
  refreshToken: undefined,
}

for (const { name, client, query, headers, body, expect } of loadTokenRequests()) {
  test(`${name} is understood: ${client}`, async () => {
    const input = { query, contentType: headers['content-type'], authorization: headers.authorization, body }

    const request = await parseTokenRequest(input)

    const { alternatives = [], ...presented } = request.client ?? {}
    assert.deepEqual({ ...request.parameters }, { ...absent, ...expect.parameters })
    assert.deepEqual(presented, { secret: undefined, ...expect.client })
    assert.deepEqual(alternatives[0], { id: expect.client.id, secret: expect.client.secret })
    assert.equal(request.hasUrlCredentials, expect.hasUrlCredentials)
  })
}

test('every fixture carries the values it is loaded with', () => {
  const fixtures = loadTokenRequests({ client_id: 'chosen' })

  for (const { name, expect, ...sent } of fixtures) {
    const basic = Buffer.from(sent.headers.authorization?.slice('Basic '.length) ?? '', 'base64')
    const text = [sent.query, sent.body, basic].join(' ')
    assert.equal(expect.client.id, 'chosen', name)
    assert.match(text, /chosen/, name)
  }
  assert.ok(fixtures.length >= 19)
})
