import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange } from '../../test/support/raw-http.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { identityIdOf } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN } from '../../test/support/test-app.ts'

const app = shareTestApp()
const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'
const NO_TOKEN = '0'.repeat(32)

for (const [line, type, status] of [
  ['POST /login', FORM, 400],
  ['POST /oauth/token', FORM, 400],
  ['POST /oauth/token', 'multipart/form-data; boundary=x', 400],
  ['POST /oauth/revoke', FORM, 400],
  ['POST /v3/personal-access-tokens', JSON_TYPE, 400],
  ['PATCH /v3/oauth-clients/x', 'application/json-patch+json', 400],
  [`DELETE /v3/personal-access-tokens/${NO_TOKEN}`, JSON_TYPE, 404],
  [`DELETE /v3/personal-access-tokens/${NO_TOKEN}`, FORM, 404],
  [`POST /sallyport/v1/identities/${identityIdOf('acme', 'paul')}/unlock`, JSON_TYPE, 200],
  ['POST /sallyport/v1/catalogs?name=x', 'application/yaml', 400],
] as const)
  test(`${line} that says ${type}, sends nothing and tells no length is answered`, { timeout: 10_000 }, async () => {
    const token = `Authorization: Bearer ${await app().tokenFor('ada')}`
    const lines = [`${line} HTTP/1.1`, `Host: ${DOMAIN}`, token, `Content-Type: ${type}`, 'Connection: close']

    const answer = await exchange(app().origin, ...lines)

    assert.equal(answer.status, status, answer.body)
  })
