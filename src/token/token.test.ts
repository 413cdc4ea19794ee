import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { clientFor, credentialOf, identityIdOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS } from '../../test/support/test-app.ts'
import { decodeToken, postToken, proofOf } from '../../test/support/token-requests.ts'

const ALIAS = 'jürgen~groß>größer'
const START_SECONDS = START_MS / 1000
const API = `http://${DOMAIN}`
const twentyScopes = Array.from({ length: 20 }, (_, index) => `idn:some-resource-${index}:manage`)

const acme = tenantFileFor('acme', {
  isDefault: true,
  identities: [
    personFor('acme', ALIAS, { displayName: 'Jürgen 🏕 <b>' }, { scope: ['orders:read', 'orders:~>write'] }),
    personFor('acme', 'soon', {}, { expirationDate: new Date(START_MS + 90_500).toISOString() }),
    personFor('acme', 'short', {}, { accessTokenValiditySeconds: 15 }),
  ],
  oauthClients: [
    clientFor('acme', 'app-twenty', { grantTypes: ['CLIENT_CREDENTIALS'], scope: twentyScopes, accessType: 'ONLINE' }),
  ],
})
const app = shareTestApp({ tenants: [acme, tenantFileFor('globex')] })

const tenantIdOf = async (name = 'acme') => (await app().contextOf(name)).tenantId

test('a personal access token is exchanged for exactly the members that ISC answers in user context', async () => {
  const answer = await postToken(app(), proofOf('ada'))

  const { access_token, ...members } = answer.json()
  const { claims } = decodeToken(access_token)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(answer.headers['cache-control'], 'no-store')
  assert.equal(answer.headers['pragma'], 'no-cache')
  assert.match(String(answer.headers['slpt-request-id']), /^[0-9a-f]{32}$/)
  assert.deepEqual(members, {
    token_type: 'bearer',
    expires_in: 43_200,
    scope: 'sp:scopes:all',
    accessType: 'OFFLINE',
    tenant_id: await tenantIdOf(),
    internal: false,
    pod: 'test',
    org: 'acme',
    identity_id: identityIdOf('acme', 'ada'),
    user_name: 'ada',
    user_id: String(claims['user_id']),
    strong_auth: false,
    strong_auth_supported: false,
    claims_supported: false,
    enabled: true,
    jti: claims['jti'],
  })
  assert.match(String(claims['user_id']), /^\d+$/)
})

test('an API client gets a token without a trace of a user, and no refresh token', async () => {
  const answer = await postToken(app(), proofOf('app-twenty'))

  const { access_token, jti, ...members } = answer.json()
  const { claims } = decodeToken(access_token)
  assert.deepEqual(members, {
    token_type: 'bearer',
    expires_in: 750,
    scope: twentyScopes.join(' '),
    accessType: 'ONLINE',
    tenant_id: await tenantIdOf(),
    internal: false,
    pod: 'test',
    org: 'acme',
    strong_auth: false,
    strong_auth_supported: false,
    claims_supported: false,
    enabled: true,
  })
  assert.equal(claims['jti'], jti)
  for (const absent of ['identity_id', 'user_name', 'user_id']) assert.ok(!(absent in claims), absent)
  assert.equal(claims['sub'], credentialOf('acme', 'app-twenty').clientId)
})

test('a token says who, in which tenant, with which scopes and until when, and nothing else', async () => {
  const { access_token } = (await postToken(app(), proofOf('ada'))).json()

  const { header, claims } = decodeToken(access_token)
  const { jti, user_id, ...rest } = claims
  assert.deepEqual(Object.keys(header).sort(), ['alg', 'kid', 'typ'])
  assert.deepEqual([header['alg'], header['typ']], ['ES256', 'JWT'])
  assert.deepEqual(rest, {
    tenant_id: await tenantIdOf(),
    internal: false,
    pod: 'test',
    org: 'acme',
    identity_id: identityIdOf('acme', 'ada'),
    user_name: 'ada',
    strong_auth: false,
    authorities: ['ORG_ADMIN'],
    enabled: true,
    client_id: credentialOf('acme', 'ada').clientId,
    accessType: 'OFFLINE',
    strong_auth_supported: false,
    claims_supported: false,
    scope: ['sp:scopes:all'],
    exp: START_SECONDS + 43_200,
    iss: API,
    aud: API,
    sub: identityIdOf('acme', 'ada'),
    iat: START_SECONDS,
    token_use: 'access',
  })
  assert.match(String(jti), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(typeof user_id, 'string')
})

test('the issuer is the API origin of the tenant: the bare domain for the default one, its own host for others', async () => {
  const { access_token } = (await postToken(app(), proofOf('ada', 'globex'), { host: `globex.api.${DOMAIN}` })).json()

  const { claims } = decodeToken(access_token)
  assert.deepEqual(
    [claims['iss'], claims['aud'], claims['org']],
    [`http://globex.api.${DOMAIN}`, `http://globex.api.${DOMAIN}`, 'globex'],
  )
})

test('header and payload hold no hyphen, whatever names and scopes hold, and read back the same', async () => {
  const { access_token, scope, user_name } = (await postToken(app(), proofOf(ALIAS))).json()

  const [header, payload] = access_token.split('.')
  assert.doesNotMatch(header + payload, /-/)
  assert.equal(user_name, ALIAS)
  assert.equal(scope, 'orders:read orders:~>write')
  assert.equal(decodeToken(access_token).claims['user_name'], ALIAS)
})

test('a token with twenty scopes stays under 2.4 KB', async () => {
  const { access_token } = (await postToken(app(), proofOf('app-twenty'))).json()

  assert.ok(access_token.length < 2400, String(access_token.length))
})

test('the signature is that of the key which the tenant publishes under the kid', async () => {
  const { access_token } = (await postToken(app(), proofOf('ada'))).json()

  const { keys } = (await app().call('GET', '/oauth/jwks')).json()
  const other = (await app().call('GET', '/oauth/jwks', { host: `globex.api.${DOMAIN}` })).json()
  const { kid } = decodeToken(access_token).header
  const jwk = keys.find((each: { kid: string }) => each.kid === kid)
  const [signed, signature] = [access_token.slice(0, access_token.lastIndexOf('.')), access_token.split('.')[2]]
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const }
  assert.ok(verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url')))
  assert.ok(!('d' in jwk))
  assert.ok(other.keys.every((each: { kid: string }) => each.kid !== kid))
})

test('the scope parameter narrows a token, and sp:scopes:all contains every scope', async () => {
  const narrowed = await postToken(app(), { ...proofOf(ALIAS), scope: 'orders:read' })
  const fromAll = await postToken(app(), {
    ...proofOf('ada'),
    scope: 'idn:sources:read  idn:roles:read idn:sources:read',
  })

  assert.equal(narrowed.json().scope, 'orders:read')
  assert.deepEqual(decodeToken(narrowed.json().access_token).claims['scope'], ['orders:read'])
  assert.equal(fromAll.json().scope, 'idn:sources:read idn:roles:read')
})

test('a scope beyond the credential is 400 invalid_scope (RFC 6749 §5.2)', async () => {
  const answer = await postToken(app(), { ...proofOf(ALIAS), scope: 'orders:read orders:manage' })

  assert.equal(answer.status, 400)
  assert.equal(answer.json().error, 'invalid_scope')
})

test('the misspelling sp:scope:all of old examples is named, also where everything is held', async () => {
  for (const name of ['ada', ALIAS]) {
    const answer = await postToken(app(), { ...proofOf(name), scope: 'sp:scope:all' })

    assert.equal(answer.json().error, 'invalid_scope')
    assert.match(answer.json().error_description, /sp:scopes:all/)
  }
})

test('a token lives as long as its credential says, and never longer than the credential', async () => {
  const short = (await postToken(app(), proofOf('short'))).json()
  const soon = (await postToken(app(), proofOf('soon'))).json()

  assert.equal(short.expires_in, 15)
  assert.equal(soon.expires_in, 90)
  assert.equal(decodeToken(soon.access_token).claims['exp'], START_SECONDS + 90)
})

test('extra parameters and headers change no claim', async () => {
  const extra = { authorities: 'ORG_ADMIN', tenant_id: 'globex', user_id: '1', resource: 'https://x', audience: 'x' }
  const answer = await postToken(app(), { ...proofOf('paul'), ...extra }, { headers: { scope: 'sp:scope:all' } })

  const { claims } = decodeToken(answer.json().access_token)
  assert.equal(answer.status, 200)
  assert.deepEqual([claims['authorities'], claims['org'], claims['aud']], [[], 'acme', API])
})

test('of many tokens minted at once no two share an id', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => postToken(app(), proofOf('ada'))))

  assert.equal(new Set(answers.map((answer) => answer.json().jti)).size, 200)
})

test('no token costs a row, the counts of activity and the last use of its credential aside', async () => {
  const before = await countRows()
  await Promise.all(Array.from({ length: 500 }, () => postToken(app(), proofOf('app-nightly'))))

  await app().app.services.activity.flush()
  const after = await countRows()

  assert.ok((before['audit_event'] ?? 0) > 0)
  assert.deepEqual(after, before)
})

async function countRows(): Promise<Record<string, number>> {
  const { db, tenantId } = await app().contextOf()
  const tables = (await db.introspection.getTables()).filter(
    ({ name }) => !['activity', 'credential_use'].includes(name),
  )
  const counts = tables.map(async ({ name, columns }) => {
    const isOfTenant = columns.some((column) => column.name === 'tenant_id')
    const where = isOfTenant ? sql`where "tenant_id" = ${tenantId}` : sql``
    const { rows } = await sql<{ total: number }>`select count(*) as total from ${sql.table(name)} ${where}`.execute(db)
    return [name, Number(rows[0]?.total)] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}
