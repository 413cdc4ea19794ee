import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { clientFor, credentialOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS, type TestAnswer, type TestCall } from '../../test/support/test-app.ts'
import { basic, basicOf, FORM, postToken, proofOf } from '../../test/support/token-requests.ts'

const acme = tenantFileFor('acme', {
  isDefault: true,
  identities: [
    personFor('acme', 'gone', { enabled: false }),
    personFor('acme', 'late', {}, { expirationDate: new Date(START_MS - 1000).toISOString() }),
  ],
  oauthClients: [
    // A public client has no secret: what somebody sends as one is never looked at.
    {
      ...clientFor('acme', 'app-public', { type: 'PUBLIC', grantTypes: ['AUTHORIZATION_CODE'] }),
      secret: undefined,
      redirectUris: ['http://127.0.0.1/callback'],
    },
  ],
})
const app = shareTestApp({ tenants: [acme, tenantFileFor('globex')] })

const { clientId, clientSecret } = credentialOf('acme', 'ada')
const proof = proofOf('ada')
const { client_secret: _secret, ...withoutSecret } = proof
const other = credentialOf('acme', 'app-nightly')

interface Refused {
  status: number
  error: string
  description?: RegExp
}

function assertRefused(
  answer: TestAnswer,
  { status, error, description = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/ }: Refused,
): void {
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(answer.headers['cache-control'], 'no-store')
  assert.match(String(answer.headers['slpt-request-id']), /^[0-9a-f]{32}$/)
  assert.deepEqual(Object.keys(answer.json()), ['error', 'error_description'])
  assert.equal(answer.json().error, error)
  assert.match(answer.json().error_description, description)
  assert.ok(!answer.text.includes(clientSecret))
}

const form = (body: string): TestCall => ({ headers: { 'content-type': FORM }, body })
const encoded = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString()
const json = (body: string): TestCall => ({ headers: { 'content-type': 'application/json' }, body })
const multipart = (...parts: string[]): TestCall => ({
  headers: { 'content-type': 'multipart/form-data; boundary=edge' },
  body: `${parts.map((part) => `--edge\r\nContent-Disposition: form-data; ${part}\r\n`).join('')}--edge--\r\n`,
})

const malformed: [title: string, call: TestCall][] = [
  ['an empty request', {}],
  ['an empty form', form('')],
  ['a form without grant_type', form(encoded({ client_id: clientId, client_secret: clientSecret }))],
  ['an empty grant_type', form(encoded({ ...proof, grant_type: '' }))],
  ['a client_id sent twice with different values', form(`${encoded(proof)}&client_id=${other.clientId}`)],
  ['a secret without an id', form(encoded({ grant_type: 'client_credentials', client_secret: clientSecret }))],
  ['PHP arrays in place of parameters', form(`grant_type[]=client_credentials&client_id[a]=${clientId}`)],
  ['an id in bytes that are no UTF-8', form(`grant_type=client_credentials&client_id=%ff%fe&client_secret=x`)],
  ['an id with NUL', form(`grant_type=client_credentials&client_id=%00&client_secret=x`)],
  ['a line break after the secret', form(encoded({ ...proof, client_secret: `${clientSecret}\n` }))],
  ['a secret of 9 KB', form(encoded({ ...proof, client_secret: 'a'.repeat(9000) }))],
  ['33 parameters', form(`${encoded(proof)}&${Array.from({ length: 33 }, (_, at) => `p${at}=x`).join('&')}`)],
  ['text/plain', { headers: { 'content-type': 'text/plain' }, body: encoded(proof) }],
  ['a body without content type', { body: encoded(proof) }],
  ['a content type that is none', { headers: { 'content-type': ';;' }, body: encoded(proof) }],
  ['JSON with __proto__', json('{"__proto__":{"grant_type":"client_credentials"}}')],
  ['JSON that is no object', json('[]')],
  ['JSON cut off', json('{"grant_type":')],
  ['JSON with a member twice', json(JSON.stringify(proof).replace('}', ',"client_id":"x"}'))],
  ['a multipart secret sent as a file', multipart('name=client_secret; filename=x\r\n\r\nsecret')],
  ['multipart without its last boundary', { ...multipart(), body: '--edge\r\nContent-Disposition: form-data; name=a' }],
  ['multipart without a boundary', { headers: { 'content-type': 'multipart/form-data' }, body: 'x' }],
  ['Basic and another secret in the body', { ...form(encoded({ ...proof, client_secret: other.clientSecret })) }],
]

for (const [title, call] of malformed) {
  test(`${title} is 400 invalid_request, with nothing minted (RFC 6749 §5.2)`, async () => {
    const isBasic = title.startsWith('Basic')
    const headers = { ...call.headers, ...(isBasic && { authorization: basicOf('ada') }) }

    const answer = await app().call('POST', '/oauth/token', { ...call, headers })

    assertRefused(answer, { status: 400, error: 'invalid_request' })
    assert.equal(Object.getPrototypeOf({}).grant_type, undefined)
  })
}

for (const grantType of ['password', 'implicit', 'foo', 'urn:ietf:params:oauth:grant-type:saml2-bearer', '__proto__']) {
  test(`the grant ${grantType} is 400 unsupported_grant_type`, async () => {
    const answer = await postToken(app(), { ...proof, grant_type: grantType, username: 'ada', password: 'hunter2' })

    assertRefused(answer, { status: 400, error: 'unsupported_grant_type' })
    assert.doesNotMatch(answer.text, /hunter2/)
  })
}

test('a client without the grant is 400 unauthorized_client', async () => {
  assertRefused(await postToken(app(), proofOf('app-portal')), { status: 400, error: 'unauthorized_client' })
})

const unproven: [title: string, parameters: Record<string, string>][] = [
  ['an unknown id', { ...proof, client_id: '0'.repeat(32) }],
  ['an unknown client', { ...proof, client_id: '00000000-0000-4000-8000-000000000000' }],
  ['a wrong secret', { ...proof, client_secret: other.clientSecret }],
  ['a secret that is right but for its last character', { ...proof, client_secret: `${clientSecret.slice(0, -1)}g` }],
  ['a secret that goes on', { ...proof, client_secret: `${clientSecret}0` }],
  ['an empty secret', { ...proof, client_secret: '' }],
  ['no secret', withoutSecret],
  ['an id that is none', { ...proof, client_id: "' or 1=1--" }],
  ['a credential of another tenant', proofOf('ada', 'globex')],
  ['the secret of another tenant', { ...proof, client_secret: credentialOf('globex', 'ada').clientSecret }],
  ['a disabled client', proofOf('app-disabled')],
  ['a disabled owner', proofOf('gone')],
  ['an expired personal access token', proofOf('late')],
  ['a public client with a secret', proofOf('app-public')],
  ['a public client without one', { ...proofOf('app-public'), client_secret: '' }],
  ['no client at all', { grant_type: 'client_credentials' }],
]

for (const [title, parameters] of unproven) {
  test(`${title} is 400 invalid_client, byte for byte as every other failed proof`, async () => {
    const expected = await postToken(app(), { ...proof, client_id: randomBytes(16).toString('hex') })

    const answer = await postToken(app(), parameters)

    assertRefused(answer, { status: 400, error: 'invalid_client', description: /^Bad client credentials\. Full auth/ })
    assert.equal(answer.text, expected.text)
    assert.deepEqual(comparable(answer), comparable(expected))
  })

  test(`${title} by Basic is 401 with a challenge (RFC 6749 §5.2)`, async () => {
    const { client_id: id, client_secret: secret = '', ...rest } = parameters
    const authorization = id === undefined ? 'Basic' : basic(id, secret)

    const answer = await postToken(app(), rest, { headers: { authorization } })

    assertRefused(answer, { status: 401, error: 'invalid_client' })
    assert.match(String(answer.headers['www-authenticate']), /^Basic realm="/)
  })
}

for (const [title, client_id, hint] of [
  ['an id in upper case', clientId.toUpperCase(), /lower case/],
  ['a legacy id', 'G6xLlBBOKIcOAQuK', /legacy/],
] as const) {
  test(`${title} is 400 invalid_client with a hint that its shape alone gives, whatever the secret`, async () => {
    const right = await postToken(app(), { ...proof, client_id })
    const wrong = await postToken(app(), { ...proof, client_id, client_secret: 'x' })

    assertRefused(right, { status: 400, error: 'invalid_client', description: hint })
    assert.equal(wrong.text, right.text)
  })
}

const comparable = ({ headers: { date: _date, 'slpt-request-id': _id, ...rest } }: TestAnswer) => rest

for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
  test(`${method} on the token endpoint is 405 and names POST`, async () => {
    const answer = await app().call(method, `/oauth/token?${encoded(proof)}`)

    assert.equal(answer.status, 405)
    assert.equal(answer.headers['allow'], 'POST')
    if (method !== 'HEAD') assertRefused(answer, { status: 405, error: 'invalid_request', description: /POST only/ })
  })
}

test('an unknown path under /oauth is 404 in OAuth JSON', async () => {
  assertRefused(await app().call('POST', '/oauth/tokens'), { status: 404, error: 'invalid_request' })
})

test('a compressed body is 415 and is not inflated', async () => {
  const headers = { 'content-encoding': 'gzip' }
  const answer = await postToken(app(), {}, { headers, body: gzipSync(encoded(proof)) })

  assertRefused(answer, { status: 415, error: 'invalid_request', description: /Content-Encoding/ })
})

test('a body beyond 64 KiB is 413, of many tiny multipart parts too', async () => {
  const part = 'name=x\r\n\r\ny'
  const huge = await postToken(app(), { ...proof, scope: 'a'.repeat(70_000) })
  const parts = await app().call('POST', '/oauth/token', multipart(...Array.from({ length: 2000 }, () => part)))

  assertRefused(huge, { status: 413, error: 'invalid_request' })
  assertRefused(parts, { status: 413, error: 'invalid_request' })
})

test('more scopes than a credential can hold are 400 invalid_scope', async () => {
  const scope = Array.from({ length: 101 }, (_, at) => `s:${at}`).join(' ')

  assertRefused(await postToken(app(), { ...proof, scope }), { status: 400, error: 'invalid_scope' })
})

for (const [host, path] of [
  [`acme.login.${DOMAIN}`, `http://${DOMAIN}`],
  [`globex.login.${DOMAIN}`, `http://globex.api.${DOMAIN}`],
  [`globex.${DOMAIN}`, `http://globex.api.${DOMAIN}`],
] as const) {
  test(`on ${host} the answer is 404 and names the right URL`, async () => {
    const answer = await postToken(app(), proof, { host })

    assertRefused(answer, { status: 404, error: 'invalid_request' })
    assert.ok(answer.json().error_description.endsWith(` ${path}/oauth/token`), answer.text)
  })
}
