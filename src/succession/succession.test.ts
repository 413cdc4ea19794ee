import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { customLevel, giveLevels } from '../../test/support/custom-levels.ts'
import { credentialOf, identityIdOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { updateIdentity } from '../identities/manage.ts'
import { createPersonalAccessToken } from '../personal-access-tokens/manage.ts'

const DAY_MS = 86_400_000
const OFFERS = '/sallyport/v1/succession-offers'
const patOf = (alias: string) => credentialOf('acme', alias)
const idOf = (alias: string, tenant = 'acme') => identityIdOf(tenant, alias)

/** Sam, Sue and Max hold the same level, Ada more, Paul none; Max is a machine. */
async function leaving(t: TestContext) {
  const level = { userLevels: ['SOURCE_ADMIN'] }
  const app = await startTestApp(t, {
    tenants: [
      tenantFileFor('acme', {
        isDefault: true,
        identities: [
          personFor('acme', 'sue', level, { name: 'sue' }),
          personFor('acme', 'max', { ...level, kind: 'MACHINE' }, { name: 'max' }),
        ],
      }),
      tenantFileFor('globex'),
    ],
  })
  const offer = async (by: string, body: object) =>
    app.call('POST', OFFERS, { token: await app.tokenFor(by), body: { credentialId: patOf('sam').clientId, ...body } })
  const offered = async (successor: string, more: object = {}) => {
    const answer = await offer('ada', { successorId: idOf(successor), ...more })
    assert.equal(answer.status, 201, answer.text)
    return answer.json().id as string
  }
  const act = async (by: string, id: string, what: 'accept' | 'decline') =>
    app.call('POST', `${OFFERS}/${id}/${what}`, { token: await app.tokenFor(by) })
  return { app, offer, offered, act }
}

async function mint(app: TestApp, clientSecret: string) {
  const form = { grant_type: 'client_credentials', client_id: patOf('sam').clientId, client_secret: clientSecret }
  const answer = await app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  return { status: answer.status, token: answer.status === 200 ? (answer.json().access_token as string) : '' }
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

test('an accepted token keeps its client id, acts as its new owner, and what was minted before is dead', async (t) => {
  const { app, offered, act } = await leaving(t)
  const before = await app.tokenFor('sam')
  const id = await offered('sue')

  const accepted = await act('sue', id, 'accept')

  assert.equal(accepted.status, 200, accepted.text)
  const { clientId, clientSecret, ownerId, oldSecretUntil } = accepted.json()
  assert.deepEqual([clientId, ownerId], [patOf('sam').clientId, idOf('sue')])
  assert.equal(oldSecretUntil, new Date(app.clock.nowMs + 7 * DAY_MS).toISOString())
  const dead = await app.call('GET', '/v3/sources', { token: before })
  assert.deepEqual([dead.status, dead.headers['sallyport-reason']], [401, 'auth.revoked'])
  const { token } = await mint(app, clientSecret)
  assert.equal(claimsOf(token).identity_id, idOf('sue'))
  assert.equal((await app.call('GET', '/v3/sources', { token })).status, 200)
})

test('the old secret works for as long as the offer says, and no longer', async (t) => {
  const { app, offered, act } = await leaving(t)
  await act('sue', await offered('sue', { overlapDays: 2 }), 'accept')
  const old = patOf('sam').clientSecret

  assert.equal(claimsOf((await mint(app, old)).token).identity_id, idOf('sue'))
  app.clock.advance(2 * DAY_MS - 1)
  assert.equal((await mint(app, old)).status, 200)
  app.clock.advance(1)
  assert.notEqual((await mint(app, old)).status, 200)
})

test('the token of a disabled owner is given on, and its old secret ends at once', async (t) => {
  const { app, offered, act } = await leaving(t)
  await disable(app, 'sam')

  const accepted = await act('sue', await offered('sue'), 'accept')

  assert.equal(accepted.json().oldSecretUntil, null)
  assert.notEqual((await mint(app, patOf('sam').clientSecret)).status, 200)
  assert.equal((await mint(app, accepted.json().clientSecret)).status, 200)
})

test('an owner who is disabled after giving a token away can use its old secret no longer, nor what it minted', async (t) => {
  const { app, offered, act } = await leaving(t)
  const { clientSecret } = (await act('sue', await offered('sue'), 'accept')).json()
  const { token } = await mint(app, patOf('sam').clientSecret)

  await disable(app, 'sam')

  assert.notEqual((await mint(app, patOf('sam').clientSecret)).status, 200)
  assert.equal((await app.call('GET', '/v3/sources', { token })).status, 401)
  assert.equal((await mint(app, clientSecret)).status, 200)
})

test('an owner who is deleted after giving a token away can use its old secret no longer, nor what it minted', async (t) => {
  const { app, offered, act } = await leaving(t)
  const { clientSecret } = (await act('sue', await offered('sue'), 'accept')).json()
  const { token } = await mint(app, patOf('sam').clientSecret)

  const deleted = await app.call('DELETE', `/v2025/identities/${idOf('sam')}`, { token: await app.tokenFor('ada') })

  assert.equal(deleted.status, 204, deleted.text)
  assert.notEqual((await mint(app, patOf('sam').clientSecret)).status, 200)
  assert.equal((await app.call('GET', '/v3/sources', { token })).status, 401)
  assert.equal((await mint(app, clientSecret)).status, 200)
})

for (const [who, what, userLevels] of [
  ['sam', 'loses a level that the successor holds', []],
  ['sue', 'is given a level that the former owner lacks', ['SOURCE_ADMIN', 'HELPDESK']],
] as const)
  test(`an old secret ends, with what it minted, when ${who} ${what}`, async (t) => {
    const { app, offered, act } = await leaving(t)
    const { clientSecret } = (await act('sue', await offered('sue'), 'accept')).json()
    const { token } = await mint(app, patOf('sam').clientSecret)

    await setLevels(app, who, userLevels)

    assert.notEqual((await mint(app, patOf('sam').clientSecret)).status, 200)
    assert.equal((await app.call('GET', '/v3/sources', { token })).status, 401)
    assert.equal((await mint(app, clientSecret)).status, 200)
  })

test('an old secret goes on while its former owner may do all that the new one may', async (t) => {
  const { app, offered, act } = await leaving(t)
  await act('sue', await offered('sue'), 'accept')

  await setLevels(app, 'sam', ['SOURCE_ADMIN', 'HELPDESK'])
  await setLevels(app, 'sue', ['SOURCE_ADMIN', 'HELPDESK'])
  await setLevels(app, 'sue', [])
  await setLevels(app, 'max', ['ORG_ADMIN'])

  assert.equal((await mint(app, patOf('sam').clientSecret)).status, 200)
})

async function setLevels(app: TestApp, alias: string, userLevels: readonly string[]): Promise<void> {
  const ctx = await app.contextOf()
  await ctx.db.transaction().execute((tx) => updateIdentity(tx, ctx, { id: idOf(alias), changes: { userLevels } }))
  await app.installation.changes.catchUp()
}

async function disable(app: TestApp, alias: string): Promise<void> {
  const ctx = await app.contextOf()
  await ctx.db
    .transaction()
    .execute((tx) => updateIdentity(tx, ctx, { id: idOf(alias), changes: { isEnabled: false } }))
  await app.installation.changes.catchUp()
}

test('nobody gets a token who holds more user levels than its owner, now or when accepting', async (t) => {
  const { app, offer, offered, act } = await leaving(t)

  const refused = await offer('ada', { successorId: idOf('ada') })
  assert.equal(refused.status, 400)
  assert.match(refused.json().messages[0].text, /ORG_ADMIN/)
  const id = await offered('sue')
  const ctx = await app.contextOf()
  const userLevels = ['SOURCE_ADMIN', 'HELPDESK']
  await ctx.db.transaction().execute((tx) => updateIdentity(tx, ctx, { id: idOf('sue'), changes: { userLevels } }))
  await app.installation.changes.catchUp()

  assert.equal((await act('sue', id, 'accept')).status, 400)
  assert.equal((await mint(app, patOf('sam').clientSecret)).status, 200)
})

test('only the successor accepts; for a machine an ORG_ADMIN does', async (t) => {
  const { app, offered, act } = await leaving(t)
  const id = await offered('sue')
  for (const other of ['ada', 'sam', 'paul', 'max']) assert.equal((await act(other, id, 'accept')).status, 404)
  await act('sue', id, 'decline')

  const forMachine = await offered('max')
  assert.equal((await act('sue', forMachine, 'accept')).status, 404)
  const accepted = await act('ada', forMachine, 'accept')

  assert.equal(accepted.status, 200)
  assert.equal(claimsOf((await mint(app, accepted.json().clientSecret)).token).identity_id, idOf('max'))
})

test('an owner offers what is its own, and nobody offers what is not', async (t) => {
  const { app, offer } = await leaving(t)

  assert.equal((await offer('sue', { successorId: idOf('sue') })).status, 404)
  assert.equal((await offer('paul', { successorId: idOf('paul') })).status, 404)
  assert.equal((await offer('app-nightly', { successorId: idOf('sue') })).status, 403)
  assert.equal((await offer('sam', { successorId: idOf('sue') })).status, 201)
  const again = await offer('ada', { successorId: idOf('max') })
  assert.equal(again.status, 400)
  assert.match(again.json().messages[0].text, /on offer already/)
  assert.equal((await app.call('GET', OFFERS, { token: await app.tokenFor('sue') })).json().length, 1)
  assert.equal((await app.call('GET', OFFERS, { token: await app.tokenFor('paul') })).json().length, 0)
})

test('another tenant neither gives, gets, sees nor accepts', async (t) => {
  const { app, offer, offered } = await leaving(t)
  const globex = await app.tokenFor('ada', 'globex')
  const there = { host: 'globex.api.localhost:8080', token: globex }
  const body = { credentialId: patOf('sam').clientId, successorId: idOf('sam', 'globex') }

  assert.equal((await app.call('POST', OFFERS, { ...there, body })).status, 404)
  assert.equal((await offer('ada', { successorId: idOf('sam', 'globex') })).status, 400)
  const id = await offered('max')
  assert.deepEqual((await app.call('GET', OFFERS, there)).json(), [])
  assert.equal((await app.call('POST', `${OFFERS}/${id}/accept`, there)).status, 404)
  assert.equal((await app.call('DELETE', `${OFFERS}/${id}`, there)).status, 404)
  assert.equal((await app.call('GET', `/sallyport/v1/identities/${idOf('sam')}/succession`, there)).status, 404)
})

test('a successor who holds as many tokens as allowed cannot accept, and nothing has changed', async (t) => {
  const { app, offered, act } = await leaving(t)
  const ctx = await app.contextOf()
  await ctx.db.transaction().execute(async (tx) => {
    for (let token = 2; token <= 10; token++)
      await createPersonalAccessToken(tx, ctx, { name: `more ${token}`, ownerId: idOf('sue'), perOwnerMax: 10 })
  })
  await app.installation.changes.catchUp()

  const answer = await act('sue', await offered('sue'), 'accept')

  assert.equal(answer.status, 400)
  assert.equal(answer.json().detailCode, '400.1.4 Limit violation')
  assert.equal(claimsOf((await mint(app, patOf('sam').clientSecret)).token).identity_id, idOf('sam'))
  assert.equal((await app.call('GET', OFFERS, { token: await app.tokenFor('sue') })).json().length, 1)
})

test('of many that accept at once one does, and its secret is the one that works', async (t) => {
  const { app, offered } = await leaving(t)
  const id = await offered('max')
  const token = await app.tokenFor('ada')

  const answers = await Promise.all(
    Array.from({ length: 8 }, () => app.call('POST', `${OFFERS}/${id}/accept`, { token })),
  )

  const won = answers.filter(({ status }) => status === 200)
  assert.equal(won.length, 1)
  assert.ok(answers.every(({ status }) => status === 200 || status === 404))
  assert.equal((await mint(app, won[0]?.json().clientSecret)).status, 200)
})

test('of one offer, accepted and withdrawn at once, one happens', async (t) => {
  const { app, offered } = await leaving(t)
  const id = await offered('max')
  const token = await app.tokenFor('ada')

  const [accepted, withdrawn] = await Promise.all([
    app.call('POST', `${OFFERS}/${id}/accept`, { token }),
    app.call('DELETE', `${OFFERS}/${id}`, { token }),
  ])

  assert.deepEqual([accepted.status, withdrawn.status], accepted.status === 200 ? [200, 404] : [404, 204])
})

test('an offer ends by being declined, by being withdrawn, and after two weeks', async (t) => {
  const { app, offered, act } = await leaving(t)
  const declined = await offered('sue')
  assert.equal((await act('sue', declined, 'decline')).status, 204)
  const withdrawn = await offered('sue')
  const bySam = { token: await app.tokenFor('sam') }
  assert.equal((await app.call('DELETE', `${OFFERS}/${withdrawn}`, bySam)).status, 204)
  const expired = await offered('sue')
  app.clock.advance(14 * DAY_MS)

  for (const id of [declined, withdrawn, expired]) assert.equal((await act('sue', id, 'accept')).status, 404)
  assert.ok(await offered('max'))
})

test('a narrow token neither gives nor takes one that can do more', async (t) => {
  const { app, offered } = await leaving(t)
  const id = await offered('sue')
  const { clientId, clientSecret } = patOf('sue')
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const answer = await app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...form, scope: 'sallyport:credentials:manage' }).toString(),
  })

  const accepted = await app.call('POST', `${OFFERS}/${id}/accept`, { token: answer.json().access_token })

  assert.deepEqual([accepted.status, accepted.headers['sallyport-reason']], [403, 'scope.beyond_token'])
})

test('a successor is told of the custom level that the token needs, and of no other', async (t) => {
  const { app } = await leaving(t)
  const needed = await customLevel(app, 'scope:idn:access-profile:read')
  await giveLevels(app, 'paul', needed, await customLevel(app, 'sallyport:people-read'))
  assert.equal((await app.call('GET', '/v3/access-profiles', { token: await app.tokenFor('paul') })).status, 200)

  const path = `/sallyport/v1/identities/${idOf('paul')}/succession`
  const { tokens } = (await app.call('GET', path, { token: await app.tokenFor('ada') })).json()

  assert.deepEqual(
    tokens.map(({ neededUserLevels }: { neededUserLevels: string[] }) => neededUserLevels),
    [[needed]],
  )
})

test('what breaks when somebody leaves is told, with the fewest levels that a successor needs', async (t) => {
  const { app } = await leaving(t)
  await app.call('GET', '/v3/sources', { token: await app.tokenFor('sam') })
  const path = `/sallyport/v1/identities/${idOf('sam')}/succession`

  const answer = await app.call('GET', path, { token: await app.tokenFor('ada') })

  assert.equal(answer.status, 200)
  const { identity, tokens, summary } = answer.json()
  assert.deepEqual([identity.alias, identity.userLevels, identity.enabled], ['sam', ['SOURCE_ADMIN'], true])
  assert.equal(tokens.length, 1)
  assert.deepEqual(
    [tokens[0].id, tokens[0].inUse, tokens[0].operations[0].path, tokens[0].neededUserLevels],
    [patOf('sam').clientId, true, '/v3/sources', ['SOURCE_ADMIN']],
  )
  assert.match(summary, /1 of 1 personal access tokens/)
  assert.equal((await app.call('GET', path, { token: await app.tokenFor('sam') })).status, 200)
  assert.equal((await app.call('GET', path, { token: await app.tokenFor('sue') })).status, 404)
})

test('every step is in the audit trail, and nothing of a secret', async (t) => {
  const { app, offered, act } = await leaving(t)
  await act('sue', await offered('sue'), 'decline')
  await app.call('DELETE', `${OFFERS}/${await offered('sue')}`, { token: await app.tokenFor('ada') })
  const accepted = await act('sue', await offered('sue'), 'accept')
  const { db, tenantId } = await app.contextOf()

  const events = await db
    .selectFrom('audit_event')
    .select(['action', 'actor_id', 'details'])
    .where('tenant_id', '=', tenantId)
    .where('target_id', '=', patOf('sam').clientId)
    .where('actor_kind', '=', 'identity')
    .orderBy('position')
    .execute()

  assert.deepEqual(
    events.map(({ action, actor_id }) => [action.replace('personal_access_token.', ''), actor_id]),
    [
      ['offered', idOf('ada')],
      ['offer_declined', idOf('sue')],
      ['offered', idOf('ada')],
      ['offer_withdrawn', idOf('ada')],
      ['offered', idOf('ada')],
      ['transferred', idOf('sue')],
    ],
  )
  assert.ok(events.every(({ details }) => !details.includes(accepted.json().clientSecret)))
})
