import assert from 'node:assert/strict'
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import { forge, type Forgery, privateKeyOf, signEs256 } from '../../test/support/forge.ts'
import { selfSignedCertificate } from '../../test/support/self-signed-certificate.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS } from '../../test/support/test-app.ts'
import { startUpstream } from '../../test/support/upstream.ts'

const settings = { rateLimit: { requests: 100_000, windowSeconds: 1 } }
const app = shareTestApp({
  tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } }), tenantFileFor('globex')],
})
const NOW = START_MS / 1000
const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = attacker.publicKey.export({ format: 'jwk' })
const certificateOfAttacker = selfSignedCertificate('evil.example').cert.replaceAll(/-----.*-----|\n/g, '')
const byAttacker = (input: Buffer): Buffer => signEs256(attacker.privateKey, input)
const nothing = (): Buffer => Buffer.alloc(0)

async function assertRefused(token: string, reason: string): Promise<void> {
  const answer = await app().call('GET', '/v3/sources', { token })

  assert.equal(answer.status, 401, answer.text)
  assert.equal(answer.headers['sallyport-reason'], reason)
  assert.deepEqual(Object.keys(answer.json()), ['error'])
  assert.match(answer.json().error, /^JWT /)
  assert.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"')
}

test('a genuine token taken apart and put together again is let in', async () => {
  const answer = await app().call('GET', '/v3/sources', { token: await forge(app(), {}) })

  assert.equal(answer.status, 200)
})

const refused: [title: string, reason: string, forgery: Forgery][] = [
  ['a key of somebody else', 'auth.invalid', { sign: byAttacker }],
  ['no signature', 'auth.malformed', { sign: nothing }],
  ['a signature of zeros', 'auth.invalid', { sign: () => Buffer.alloc(64) }],
  ['a signature one byte short', 'auth.invalid', { sign: () => Buffer.alloc(63, 1) }],
  ['a DER signature', 'auth.invalid', { sign: (input) => sign('sha256', input, attacker.privateKey) }],
  ['alg none without signature', 'auth.malformed', { header: { alg: 'none' }, sign: nothing }],
  ...['none', 'None', 'nOnE', '', 'HS256', 'RS256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'es256', ['ES256'], null].map(
    (alg): [string, string, Forgery] => [`alg ${JSON.stringify(alg)}`, 'auth.invalid', { header: { alg } }],
  ),
  ['no alg', 'auth.invalid', { header: { alg: undefined } }],
  ['a jwk of the attacker', 'auth.invalid', { header: { jwk }, sign: byAttacker }],
  ['a jwk of the attacker and no kid', 'auth.invalid', { header: { jwk, kid: undefined }, sign: byAttacker }],
  ['a jku of the attacker', 'auth.invalid', { header: { jku: 'https://evil.example/jwks' }, sign: byAttacker }],
  ['an x5u of the attacker', 'auth.invalid', { header: { x5u: 'https://evil.example/x' }, sign: byAttacker }],
  ['an x5c of the attacker', 'auth.invalid', { header: { x5c: [certificateOfAttacker] }, sign: byAttacker }],
  ...['nosuch', '../../dev/null', "' OR 1=1--", '__proto__', 'constructor', '', 1, null, ['x'], 'k'.repeat(3000)].map(
    (kid): [string, string, Forgery] => [`kid ${String(kid).slice(0, 20)}`, 'auth.invalid', { header: { kid } }],
  ),
  ['no kid', 'auth.invalid', { header: { kid: undefined } }],
  ['crit', 'auth.invalid', { header: { crit: ['exp'] } }],
  ['an unknown crit', 'auth.invalid', { header: { crit: ['x'], x: 1 } }],
  ['an empty crit', 'auth.invalid', { header: { crit: [] } }],
  ...['at+jwt', 'jwt', 'JOSE', 'sallyport-context+jwt', 'secevent+jwt', '', null].map(
    (typ): [string, string, Forgery] => [`typ ${JSON.stringify(typ)}`, 'auth.wrong_type', { header: { typ } }],
  ),
  ['no typ', 'auth.wrong_type', { header: { typ: undefined } }],
  ['the type of a refresh token', 'auth.wrong_type', { header: { typ: 'rt+jwt' }, claims: { token_use: 'refresh' } }],
  ...['refresh', 'id', 'context', 'Access', '', null, ['access']].map((token_use): [string, string, Forgery] => [
    `token_use ${JSON.stringify(token_use)}`,
    'auth.wrong_type',
    { claims: { token_use } },
  ]),
  ['no token_use', 'auth.wrong_type', { claims: { token_use: undefined } }],
  [
    'the tenant of somebody else',
    'auth.wrong_tenant',
    { claims: { tenant_id: '00000000-0000-4000-8000-000000000000' } },
  ],
  ['no tenant', 'auth.invalid', { claims: { tenant_id: undefined } }],
  ['a list of tenants', 'auth.invalid', { claims: { tenant_id: ['x'] } }],
  ['another issuer', 'auth.invalid', { claims: { iss: 'https://evil.example' } }],
  ['an issuer that begins like ours', 'auth.invalid', { claims: { iss: `http://${DOMAIN}.evil.example` } }],
  ['a list of issuers', 'auth.invalid', { claims: { iss: [`http://${DOMAIN}`] } }],
  ['no issuer', 'auth.invalid', { claims: { iss: undefined } }],
  ['another audience', 'auth.invalid', { claims: { aud: 'https://evil.example' } }],
  ['our audience and another', 'auth.invalid', { claims: { aud: [`http://${DOMAIN}`, 'https://evil.example'] } }],
  ['no audience', 'auth.invalid', { claims: { aud: undefined } }],
  ...[undefined, null, String(NOW + 60), [NOW + 60], (NOW + 60) * 1000, 1e300, NOW + 0.5, Number.MAX_SAFE_INTEGER].map(
    (exp): [string, string, Forgery] => [`exp ${JSON.stringify(exp)}`, 'auth.invalid', { claims: { exp } }],
  ),
  ['thirteen hours of life', 'auth.invalid', { claims: { exp: NOW + 46_800 } }],
  ['an iat in an hour', 'auth.invalid', { claims: { iat: NOW + 3600, exp: NOW + 7200 } }],
  ['no iat', 'auth.invalid', { claims: { iat: undefined } }],
  ['an iat that is text', 'auth.invalid', { claims: { iat: String(NOW) } }],
  ['an nbf in half a minute', 'auth.invalid', { claims: { nbf: NOW + 30 } }],
  ['an nbf that is text', 'auth.invalid', { claims: { nbf: 'x' } }],
  ['scope as one string', 'auth.invalid', { claims: { scope: 'sp:scopes:all' } }],
  ['scope with a number', 'auth.invalid', { claims: { scope: ['sp:scopes:all', 1] } }],
  ['scope as an object', 'auth.invalid', { claims: { scope: { length: 1, 0: 'sp:scopes:all' } } }],
  ['no scope', 'auth.invalid', { claims: { scope: undefined } }],
  ['no client', 'auth.invalid', { claims: { client_id: undefined } }],
  ['a list of clients', 'auth.invalid', { claims: { client_id: ['x'] } }],
  ['an identity that is a number', 'auth.invalid', { claims: { identity_id: 7 } }],
  ['an identity that is null', 'auth.invalid', { claims: { identity_id: null } }],
  ['no jti', 'auth.invalid', { claims: { jti: undefined } }],
  ['a jti that is a random UUID', 'auth.invalid', { claims: { jti: '7f0c1f5e-9c9b-4d55-9c31-0d1f5a3f1b7a' } }],
  ['a jti in upper case', 'auth.invalid', { claims: { jti: '00000000-0009-8ABC-8ABC-0123456789AB' } }],
  ['an unknown client', 'auth.revoked', { claims: { client_id: '0'.repeat(32) } }],
  ['an unknown identity', 'auth.revoked', { claims: { identity_id: '0'.repeat(32) } }],
  ['a client of the wrong kind of id', 'auth.revoked', { claims: { client_id: '__proto__' } }],
  ['a payload that is a list', 'auth.malformed', { payload: '[]' }],
  ['a payload that is null', 'auth.malformed', { payload: 'null' }],
  ['a payload that is no JSON', 'auth.malformed', { payload: '{"exp":' }],
  ['claims in __proto__ alone', 'auth.wrong_type', { payload: '{"__proto__":{"token_use":"access"}}' }],
]

for (const [title, reason, forgery] of refused) {
  test(`a token with ${title} is 401 ${reason}`, async () => {
    await assertRefused(await forge(app(), forgery), reason)
  })
}

test('a token is not let in because its public key serves as an HMAC secret', async () => {
  const key = await privateKeyOf(app())
  const [published] = (await app().call('GET', '/oauth/jwks')).json().keys
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const secrets = [JSON.stringify(published), der, ...pemsOf(key)]

  for (const secret of secrets) {
    const signHmac = (input: Buffer): Buffer => createHmac('sha256', secret).update(input).digest()
    await assertRefused(await forge(app(), { header: { alg: 'HS256' }, sign: signHmac }), 'auth.invalid')
  }
})

function pemsOf(privateKey: KeyObject): string[] {
  const pem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString()
  return [pem, pem.trim(), `\n${pem}`]
}

test('whatever address a token names for its key, nobody goes there', async (t) => {
  const canary = await startUpstream(t)
  const url = `${canary.url}/jwks`

  for (const header of [{ jku: url }, { x5u: url }, { jku: url, x5u: url, kid: url }, { jwk: { jku: url }, kid: url }])
    await assertRefused(await forge(app(), { header, sign: byAttacker }), 'auth.invalid')

  assert.deepEqual(canary.received, [])
})

test('a token signed by the key of another tenant is refused under either key id', async () => {
  const key = await privateKeyOf(app(), 'globex')
  const { kid } = await app().app.services.token.signingKeys.ringOf(await app().contextOf('globex'))
  const byGlobex = (input: Buffer): Buffer => signEs256(key, input)

  await assertRefused(await forge(app(), { sign: byGlobex }), 'auth.invalid')
  await assertRefused(await forge(app(), { header: { kid }, sign: byGlobex }), 'auth.invalid')
})

test('what a token claims of levels, names and being enabled opens nothing', async () => {
  const claims = { authorities: ['ORG_ADMIN'], userLevels: ['ORG_ADMIN'], internal: true, enabled: true }
  const answer = await app().call('GET', '/v3/transforms', { token: await forge(app(), { claims }, 'paul') })

  assert.deepEqual([answer.status, answer.headers['sallyport-reason']], [403, 'level.missing'])
})
