import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenOf } from '../../../test/support/made-credentials.ts'
import { shareTestApp } from '../../../test/support/shared-app.ts'
import { identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'

const admin = { userLevels: ['ORG_ADMIN'] }
const machine = { kind: 'MACHINE', userLevels: ['SOURCE_ADMIN'] }
const identities = [
  ...['robot', 'crowded', 'endless'].map((alias) => personFor('acme', alias, machine)),
  personFor('acme', 'idle', { ...machine, enabled: false }),
  personFor('acme', 'narrow', admin, { scope: ['sallyport:credentials:manage', 'idn:sources:read'] }),
  personFor('acme', 'reader', admin, { scope: ['sallyport:credentials:read'] }),
]
const app = shareTestApp({
  tenants: [
    tenantFileFor('acme', { isDefault: true, identities }),
    tenantFileFor('globex', { identities: [personFor('globex', 'droid', machine)] }),
  ],
})

const EXPIRES = { expirationDate: '2027-05-21T00:00:00Z' }
const pathFor = (alias: string, tenant = 'acme') =>
  `/sallyport/v1/identities/${identityIdOf(tenant, alias)}/personal-access-tokens`
const make = async (by: string, alias: string, body: object) =>
  app().call('POST', pathFor(alias), { token: await app().tokenFor(by), body: { ...EXPIRES, ...body } })
const ownedBy = async (alias: string): Promise<number> => {
  const token = await app().tokenFor('ada')
  return (
    await app().call('GET', `/v2025/personal-access-tokens?owner-id=${identityIdOf('acme', alias)}`, { token })
  ).json().length
}

test('a machine gets a token, mints with it as itself, and calls through the gateway by its own user levels', async () => {
  const made = await make('ada', 'robot', { name: 'nightly', accessTokenValiditySeconds: 60 })
  const { id, secret, ...told } = made.json()
  const minted = await tokenOf(app(), made.json())
  const token = minted.json().access_token as string
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

  assert.equal(made.status, 201, made.text)
  assert.equal(made.headers['cache-control'], 'no-store')
  assert.match(id, /^[0-9a-f]{32}$/)
  assert.match(secret, /^[0-9a-f]{64}$/)
  assert.partialDeepStrictEqual(told, {
    name: 'nightly',
    owner: { type: 'IDENTITY', id: identityIdOf('acme', 'robot'), name: 'robot' },
    scope: ['sp:scopes:all'],
    accessTokenValiditySeconds: 60,
    expirationDate: '2027-05-21T00:00:00.000Z',
  })
  assert.equal(claims.identity_id, identityIdOf('acme', 'robot'))
  assert.equal((await app().call('GET', '/v3/sources', { token })).status, 200)
})

test('the audit trail names the owner and the maker', async () => {
  const { id } = (await make('ada', 'robot', { name: 'audited' })).json()
  const { db, tenantId } = await app().contextOf()
  const event = await db
    .selectFrom('audit_event')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('target_id', '=', id)
    .executeTakeFirstOrThrow()

  assert.equal(event.action, 'personal_access_token.created')
  assert.equal(event.actor_id, identityIdOf('acme', 'ada'))
  assert.deepEqual(JSON.parse(event.details), { name: 'audited', ownerId: identityIdOf('acme', 'robot') })
})

for (const person of ['paul', 'ada'])
  test(`nobody makes a token for ${person}, a person, by this way, and the refusal says why`, async () => {
    const before = await ownedBy(person)
    const refused = await make('ada', person, { name: 'on behalf' })

    assert.deepEqual([refused.status, refused.headers['sallyport-reason']], [403, 'resource.denied'])
    assert.match(refused.text, /only the person makes personal access tokens of its own/)
    assert.equal(await ownedBy(person), before)
  })

test("another tenant's machine answers like one that does not exist", async () => {
  const token = await app().tokenFor('ada')
  const post = (path: string) => app().call('POST', path, { token, body: { ...EXPIRES, name: 'far' } })
  const foreign = await post(pathFor('droid', 'globex'))
  const unknown = await post(pathFor('nobody'))

  assert.deepEqual([foreign.status, unknown.status], [404, 404])
  const textOf = (answer: typeof foreign, id: string) => answer.json().messages[0].text.replaceAll(id, '')
  assert.equal(textOf(foreign, identityIdOf('globex', 'droid')), textOf(unknown, identityIdOf('acme', 'nobody')))
})

for (const [who, reason] of [
  ['paul', 'level.missing'],
  ['sam', 'level.missing'],
  ['robot', 'level.missing'],
  ['reader', 'scope.missing'],
] as const)
  test(`${who} makes no token for a machine: ${reason}`, async () => {
    const refused = await make(who, 'robot', { name: `by ${who}` })

    assert.deepEqual([refused.status, refused.headers['sallyport-reason']], [403, reason])
  })

test('an application makes none either', async () => {
  assert.equal((await make('app-nightly', 'robot', { name: 'by an application' })).status, 403)
})

test('a narrow token gives no more than it has, and all of that where nothing is said', async () => {
  const beyond = await make('narrow', 'robot', { name: 'beyond', scope: ['idn:identity:read'] })
  const silent = await make('narrow', 'robot', { name: 'silent' })
  const within = await make('narrow', 'robot', { name: 'within', scope: ['idn:sources:read'] })

  assert.deepEqual([beyond.status, beyond.headers['sallyport-reason']], [403, 'scope.beyond_token'])
  assert.deepEqual(silent.json().scope, ['sallyport:credentials:manage', 'idn:sources:read'])
  assert.deepEqual(within.json().scope, ['idn:sources:read'])
})

test('a disabled machine gets none', async () => {
  const before = await ownedBy('idle')
  const refused = await make('ada', 'idle', { name: 'asleep' })

  assert.deepEqual([refused.status, refused.json().detailCode], [400, '400.1.3 Illegal value'])
  assert.match(refused.text, /idle is disabled/)
  assert.equal(await ownedBy('idle'), before)
})

test('of 12 tokens wanted at once for a machine that has one nine are made: an eleventh there is not', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, turn) => make('ada', 'crowded', { name: `turn ${turn}` })),
  )
  const refused = answers.filter(({ status }) => status !== 201)

  assert.equal(refused.length, 3)
  for (const { status, json } of refused)
    assert.deepEqual([status, json().detailCode], [400, '400.1.4 Limit violation'])
  assert.equal(await ownedBy('crowded'), 10)
})

test('a token has an end to come, or is meant to have none', async () => {
  const silent = await make('ada', 'endless', { name: 'silent', expirationDate: null })
  const past = await make('ada', 'endless', { name: 'past', expirationDate: '2020-01-01T00:00:00Z' })
  const meant = await make('ada', 'endless', { name: 'meant', expirationDate: null, userAwareTokenNeverExpires: true })

  assert.deepEqual([silent.status, past.status, meant.status], [400, 400, 201])
  assert.equal(meant.json().expirationDate, null)
})

for (const [what, body] of Object.entries({
  'no name': {},
  'a malformed scope': { name: 'bad', scope: ['a b'] },
  'an owner in the body': { name: 'bad', machineId: identityIdOf('acme', 'paul') },
}))
  test(`${what} is refused, and nothing is made`, async () => {
    const before = await ownedBy('robot')

    assert.equal((await make('ada', 'robot', body)).status, 400)
    assert.equal(await ownedBy('robot'), before)
  })

test('without a token there is no answer', async () => {
  assert.equal((await app().call('POST', pathFor('robot'), { body: { ...EXPIRES, name: 'anonymous' } })).status, 401)
})
