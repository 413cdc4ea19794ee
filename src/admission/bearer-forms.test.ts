import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forge, privateKeyOf, signEs256, twinSignature } from '../../test/support/forge.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { credentialOf } from '../../test/support/tenant-fixtures.ts'
import { START_MS, type TestAnswer } from '../../test/support/test-app.ts'
import { appendChange } from '../change-log/change.ts'

const app = shareTestApp()
const callWith = (authorization: string | undefined, path = '/v3/sources'): Promise<TestAnswer> =>
  app().call('GET', path, authorization === undefined ? {} : { headers: { authorization } })

const { clientId, clientSecret } = credentialOf('acme', 'ada')

const served: [title: string, of: (token: string) => string][] = [
  ['Bearer', (token) => `Bearer ${token}`],
  ['bearer', (token) => `bearer ${token}`],
  ['BEARER', (token) => `BEARER ${token}`],
  ['space around the whole', (token) => `  Bearer ${token}  `],
]

for (const [title, of] of served) {
  test(`a token is accepted with ${title} (RFC 9110 §11.1)`, async () => {
    assert.equal((await callWith(of(await app().tokenFor('ada')))).status, 200)
  })
}

for (const authorization of [undefined, '', 'Bearer', 'bearer', 'Bearer ', 'Bearer  ']) {
  test(`${JSON.stringify(authorization)} is no token: 401 in ISC's words, without an error code (RFC 6750 §3.1)`, async () => {
    const answer = await callWith(authorization)

    assert.equal(answer.status, 401)
    assert.deepEqual(answer.json(), { error: 'JWT is required' })
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
    assert.equal(answer.headers['sallyport-reason'], 'auth.missing')
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    assert.match(String(answer.headers['link']), /^<\/sallyport\/v1\/explain\/[0-9a-f]{32}>; rel="help"$/)
  })
}

const malformed: [title: string, of: (token: string) => string][] = [
  ['two spaces', (token) => `Bearer  ${token}`],
  ['a tab', (token) => `Bearer\t${token}`],
  ['no scheme', (token) => token],
  ['a scheme glued to it', (token) => `Bearer${token}`],
  ['Basic with the token as user', (token) => `Basic ${Buffer.from(`${token}:x`).toString('base64')}`],
  ['Basic with the token as password', (token) => `Basic ${Buffer.from(`x:${token}`).toString('base64')}`],
  ['Token', (token) => `Token ${token}`],
  ['quotes', (token) => `Bearer "${token}"`],
  ['padding', (token) => `Bearer ${token}=`],
  ['a fourth part', (token) => `Bearer ${token}.e30`],
  ['a part missing', (token) => `Bearer ${token.split('.').slice(0, 2).join('.')}`],
  ['another token behind a comma', (token) => `Bearer ${token}, Bearer ${token}`],
  ['another token behind a space', (token) => `Bearer ${token} ${token}`],
  ['base64 in place of base64url', (token) => `Bearer ${token.slice(0, -2)}+/`],
  ['trailing bits set', (token) => `Bearer ${token.slice(0, -1)}${nextCharacter(token)}`],
  ['9000 characters', () => `Bearer ${'a'.repeat(9000)}`],
  ['the secret in its place', () => `Bearer ${clientSecret}`],
  ['the client id in its place', () => `Bearer ${clientId}`],
  ['the dashed id of a client in its place', () => `Bearer ${credentialOf('acme', 'app-nightly').clientId}`],
  ['id and secret in its place', () => `Bearer ${clientId}:${clientSecret}`],
]

/** A last character that differs only in its two lowest bits, which stand for nothing: the bytes stay the same. */
function nextCharacter(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet.charAt(alphabet.indexOf(token.at(-1) ?? '') + 1)
}

for (const [title, of] of malformed) {
  test(`a token with ${title} is 401, and the answer repeats nothing of it`, async () => {
    const token = await app().tokenFor('ada')

    const answer = await callWith(of(token))

    assert.equal(answer.status, 401, answer.text)
    assert.match(String(answer.headers['sallyport-reason']), /^auth\.(?:malformed|invalid)$/)
    assert.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"')
    for (const part of [clientSecret, clientId, ...token.split('.')]) assert.ok(!answer.text.includes(part))
  })
}

test('a secret and an id pasted as a bearer are told apart from a broken token', async () => {
  const secret = await callWith(`Bearer ${clientSecret}`)
  const id = await callWith(`Bearer ${clientId}`)

  assert.match(secret.json().error, /client secret/)
  assert.match(id.json().error, /client id/)
})

test('a token in the query, in a cookie or in a form is never looked at', async () => {
  const token = await app().tokenFor('ada')

  const inQuery = await callWith(undefined, `/v3/sources?access_token=${token}`)
  const inCookie = await app().call('GET', '/v3/sources', { headers: { cookie: `access_token=${token}` } })
  const inForm = await app().call('POST', '/v3/access-profiles', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `access_token=${token}`,
  })

  assert.deepEqual([inQuery.status, inCookie.status, inForm.status], [401, 401, 401])
})

for (const name of ['private-token', 'x-auth-token', 'x-access-token', 'x-api-key', 'proxy-authorization', 'token'])
  test(`a token in the header ${name} is never looked at`, async () => {
    const token = await app().tokenFor('ada')

    const answers = await Promise.all(
      [token, `Bearer ${token}`].map((value) => app().call('GET', '/v3/sources', { headers: { [name]: value } })),
    )

    for (const { status, headers } of answers)
      assert.deepEqual([status, headers['sallyport-reason']], [401, 'auth.missing'])
  })

test('a token is good until its end and for five seconds of skew, and not longer', async () => {
  const token = await forge(app(), { claims: { exp: START_MS / 1000 + 60 } })
  const statuses: number[] = []

  for (const seconds of [59, 61, 64.9, 65, 120]) {
    app().clock.nowMs = START_MS + seconds * 1000
    statuses.push((await callWith(`Bearer ${token}`)).status)
  }
  const { text } = await callWith(`Bearer ${token}`)
  app().clock.nowMs = START_MS

  assert.deepEqual(statuses, [200, 200, 200, 401, 401])
  assert.equal(text, '{"error":"JWT validation failed: JWT is expired"}')
})

test('a signature has a twin, which is the same token: both die with its id', async () => {
  const key = await privateKeyOf(app())
  const jti = '00000000-0001-8abc-8abc-0123456789ab' // issued when the change log was at 1
  const genuine = await forge(app(), { claims: { jti } })
  const [head, payload] = genuine.split('.')
  const input = Buffer.from(`${head}.${payload}`)
  const twin = [input, twinSignature(signEs256(key, input)).toString('base64url')].join('.')
  const before = [await callWith(`Bearer ${genuine}`), await callWith(`Bearer ${twin}`)]

  await cutOffToken(jti)

  const after = [await callWith(`Bearer ${genuine}`), await callWith(`Bearer ${twin}`)]
  assert.deepEqual(
    [...before, ...after].map(({ status }) => status),
    [200, 200, 401, 401],
  )
  assert.deepEqual(
    after.map(({ headers }) => headers['sallyport-reason']),
    ['auth.revoked', 'auth.revoked'],
  )
})

async function cutOffToken(jti: string): Promise<void> {
  const ctx = await app().contextOf()
  await ctx.db.transaction().execute((tx) => appendChange(tx, ctx, { kind: 'token', subject: jti, isCutOff: true }))
  await app().installation.changes.catchUp()
}
