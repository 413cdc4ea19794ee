import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { share } from '../../test/support/shared-app.ts'
import { credentialOf, identityIdOf } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS, startTestApp } from '../../test/support/test-app.ts'
import { decodeToken } from '../../test/support/token-requests.ts'
import { startUpstream, tenantsWithApi, valuesOf } from '../../test/support/upstream.ts'
import { updateIdentity } from '../identities/manage.ts'

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, { tenants: tenantsWithApi(`${upstream.url}/base`) })
  return { app, upstream, token: await app.tokenFor('sam') }
})

async function contextFor(token: string, host = DOMAIN): Promise<string> {
  const { app, upstream } = shared()
  const { status } = await app.call('GET', '/v3/things', { token, host })
  assert.equal(status, 200)
  return valuesOf(
    upstream.received.at(-1) ?? { method: '', url: '', headers: [], body: Buffer.alloc(0) },
    'sallyport-context',
  ).join()
}

test('the context says who calls, with which levels and scopes, to which upstream', async () => {
  const { app, upstream, token } = shared()

  const { header, claims } = decodeToken(await contextFor(token))

  const { jti, ...rest } = claims
  assert.deepEqual([header['alg'], header['typ']], ['ES256', 'sallyport-context+jwt'])
  assert.match(String(jti), /^[0-9a-f-]{36}$/)
  assert.deepEqual(rest, {
    token_use: 'context',
    iss: `http://${DOMAIN}`,
    aud: upstream.url,
    sub: identityIdOf('acme', 'sam'),
    tenant_id: (await app.contextOf()).tenantId,
    org: 'acme',
    client_id: credentialOf('acme', 'sam').clientId,
    identity_id: identityIdOf('acme', 'sam'),
    context: 'user',
    authorities: ['SOURCE_ADMIN'],
    scope: ['sp:scopes:all'],
    iat: START_MS / 1000,
    exp: START_MS / 1000 + 60,
  })
})

test('in application context nobody stands behind the client', async () => {
  const { claims } = decodeToken(await contextFor(await shared().app.tokenFor('app-nightly')))

  assert.deepEqual([claims['context'], claims['authorities']], ['application', []])
  assert.equal(claims['sub'], credentialOf('acme', 'app-nightly').clientId)
  assert.ok(!('identity_id' in claims))
})

test('its signature is that of a key of its own, which the tenant publishes apart', async () => {
  const { app, token } = shared()
  const context = await contextFor(token)

  const { keys } = (await app.call('GET', '/oauth/context-jwks')).json()
  const access = (await app.call('GET', '/oauth/jwks')).json()
  const { kid } = decodeToken(context).header
  const jwk = keys.find((key: { kid: string }) => key.kid === kid)
  const [signed, signature] = [context.slice(0, context.lastIndexOf('.')), context.split('.')[2] ?? '']
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const }
  assert.ok(verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url')))
  assert.ok(access.keys.every((each: { kid: string }) => each.kid !== kid))
})

test('it is worthless as a bearer', async () => {
  const { app, token } = shared()

  const answer = await app.call('GET', '/v3/things', { token: await contextFor(token) })

  assert.deepEqual([answer.status, answer.headers['sallyport-reason']], [401, 'auth.wrong_type'])
})

test('it is made once for a token and upstream, and made anew after thirty seconds', async () => {
  const { app } = shared()
  const token = await app.tokenFor('sam')
  const first = await contextFor(token)

  app.clock.nowMs = START_MS + 29_999
  const again = await contextFor(token)
  app.clock.nowMs = START_MS + 30_000
  const anew = await contextFor(token)
  app.clock.nowMs = START_MS

  assert.equal(again, first)
  assert.notEqual(anew, first)
  assert.equal(decodeToken(anew).claims['iat'], START_MS / 1000 + 30)
})

test('two callers never share one, nor do two tenants', async () => {
  const { app } = shared()
  const tokens = await Promise.all([app.tokenFor('ada'), app.tokenFor('sam'), app.tokenFor('sam', 'globex')])

  const [ada, sam] = [await contextFor(tokens[0]), await contextFor(tokens[1])]
  const other = await contextFor(tokens[2], `globex.api.${DOMAIN}`)

  assert.equal(decodeToken(ada).claims['sub'], identityIdOf('acme', 'ada'))
  assert.equal(decodeToken(sam).claims['sub'], identityIdOf('acme', 'sam'))
  const { org, iss, sub } = decodeToken(other).claims
  assert.deepEqual([org, iss, sub], ['globex', `http://globex.api.${DOMAIN}`, identityIdOf('globex', 'sam')])
})

test('a level that is given shows in the next one, with the same token', async () => {
  const { app } = shared()
  const token = await app.tokenFor('hana')
  const before = await contextFor(token)
  const ctx = await app.contextOf()
  const userLevels = ['HELPDESK', 'SOURCE_ADMIN']

  await ctx.db
    .transaction()
    .execute((tx) => updateIdentity(tx, ctx, { id: identityIdOf('acme', 'hana'), changes: { userLevels } }))
  await app.installation.changes.catchUp()

  assert.deepEqual(decodeToken(before).claims['authorities'], ['HELPDESK'])
  assert.deepEqual(decodeToken(await contextFor(token)).claims['authorities'], userLevels)
})
