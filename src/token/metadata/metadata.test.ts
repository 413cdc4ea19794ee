import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DOMAIN, startTestApp } from '../../../test/support/test-app.ts'

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

test('metadata names the issuer of the tokens, on whatever host it is asked (RFC 8414 §3.3)', async (t) => {
  const app = await startTestApp(t)
  const { iss } = claimsOf(await app.tokenFor('ada'))

  for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']) {
    const answer = await app.call('GET', path, { host: `acme.login.${DOMAIN}` })

    assert.equal(answer.json().issuer, iss)
    assert.deepEqual(answer.json().code_challenge_methods_supported, ['S256'])
  }
})

test('a resource names the authorization server whose tokens it takes, each tenant its own (RFC 9728 §3.3)', async (t) => {
  const app = await startTestApp(t)
  const metadataOf = async (host: string) =>
    (await app.call('GET', '/.well-known/oauth-protected-resource', { host })).json()

  const acme = await metadataOf(DOMAIN)
  const globex = await metadataOf(`globex.api.${DOMAIN}`)

  assert.deepEqual([acme.resource, acme.authorization_servers], [`http://${DOMAIN}`, [`http://${DOMAIN}`]])
  assert.deepEqual(globex.authorization_servers, [`http://globex.api.${DOMAIN}`])
  assert.equal(globex.resource, globex.authorization_servers[0])
})
