import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../support/shared-app.ts'
import { credentialOf } from '../support/tenant-fixtures.ts'
import { decodeToken } from '../support/token-requests.ts'
import { loadTokenRequests } from './token-requests/load.ts'

const app = shareTestApp()

for (const name of ['app-nightly', 'ada']) {
  const { clientId, clientSecret } = credentialOf('acme', name)
  const fixtures = loadTokenRequests({ client_id: clientId, client_secret: clientSecret })

  for (const { name: fixture, client, query, headers, body, expect } of fixtures) {
    const isServed = expect.parameters['grantType'] === 'client_credentials'

    test(`${fixture} gets ${isServed ? `a token for ${name}` : `a reason, not a fault, for ${name}`}: ${client}`, async () => {
      const answer = await app().call('POST', `/oauth/token${query && `?${query}`}`, { headers, body })

      const { error, access_token } = answer.json()
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
      assert.equal(answer.headers['cache-control'], 'no-store')
      if (isServed) {
        assert.equal(answer.status, 200, answer.text)
        assert.equal(decodeToken(access_token).claims['client_id'], clientId)
      } else {
        assert.ok(answer.status === 400 || answer.status === 401, answer.text)
        assert.match(error, /^(?:invalid_client|invalid_grant|unauthorized_client|unsupported_grant_type)$/)
      }
    })
  }
}
