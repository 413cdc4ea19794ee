import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { credentialOf, identityIdOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS, startTestApp, type TestAnswer, type TestApp } from '../../test/support/test-app.ts'

const HOUR_MS = 3_600_000
const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }
const acme = (more: object = {}): object => tenantFileFor('acme', { isDefault: true, tenant: { settings }, ...more })

async function start(t: TestContext, more: object = {}) {
  const app = await startTestApp(t, { tenants: [acme(more), tenantFileFor('globex', { tenant: { settings } })] })
  const explain = async (who: string, trackingId: string, tenant = 'acme'): Promise<TestAnswer> =>
    app.call('GET', `/sallyport/v1/explain/${trackingId}`, {
      host: `${tenant}.api.${DOMAIN}`,
      token: await app.tokenFor(who, tenant),
    })
  const groups = async (query = '', who = 'ada', tenant = 'acme'): Promise<TestAnswer> =>
    app.call('GET', `/sallyport/v1/denials${query}`, {
      host: `${tenant}.api.${DOMAIN}`,
      token: await app.tokenFor(who, tenant),
    })
  return { app, explain, groups }
}

/** A refusal that happens to somebody, and its tracking id. */
async function refuse(app: TestApp, who: string, path: string): Promise<string> {
  const { status, headers } = await app.call('GET', path, { token: await app.tokenFor(who) })
  assert.ok(status >= 400)
  return String(headers['slpt-request-id'])
}

test('a refusal is explained after a restart as it was before', async (t) => {
  const { app, explain } = await start(t)
  const trackingId = await refuse(app, 'paul', '/v3/transforms')
  const before = (await explain('paul', trackingId)).json()

  await app.restart()
  const after = (await explain('paul', trackingId)).json()

  assert.equal(after.reason.code, 'level.missing')
  assert.equal(after.refusedAt, new Date(START_MS).toISOString())
  assert.deepEqual(after, before)
})

test('after a restart, too, only its owner and administrators of its tenant see a refusal', async (t) => {
  const { app, explain } = await start(t)
  const ofPaul = await refuse(app, 'paul', '/v3/transforms')
  const ofClient = await refuse(app, 'app-nightly', '/v2025/identities')
  await app.restart()

  const statuses = [
    await explain('ada', ofPaul),
    await explain('app-nightly', ofClient),
    await explain('sam', ofPaul),
    await explain('paul', ofClient),
    await explain('ada', ofPaul, 'globex'),
  ].map(({ status }) => status)

  assert.deepEqual(statuses, [200, 200, 404, 404, 404])
})

test('beside the checks as they were decided stands what the same request would get now', async (t) => {
  const { app, explain } = await start(t)
  const trackingId = await refuse(app, 'hana', '/v3/transforms')
  await app.restart()
  const before = (await explain('hana', trackingId)).json()

  const hana = personFor('acme', 'hana', { userLevels: ['ORG_ADMIN'] }, { scope: ['sp:scopes:all'] })
  await app.apply({ tenant: { name: 'acme', default: true, settings }, identities: [hana] })
  const after = (await explain('hana', trackingId)).json()

  assert.deepEqual([before.now.allowed, before.now.reason.code], [false, before.reason.code])
  assert.deepEqual([after.allowed, after.reason.code], [false, before.reason.code])
  assert.deepEqual(after.now, { allowed: true, status: 200, reason: null })
})

test('of a credential that was deleted since, the explanation says so', async (t) => {
  const { app, explain } = await start(t)
  const trackingId = await refuse(app, 'app-nightly', '/v2025/identities')
  const { db, tenantId } = await app.contextOf()
  const { clientId } = credentialOf('acme', 'app-nightly')
  await db.deleteFrom('oauth_client').where('tenant_id', '=', tenantId).where('id', '=', clientId).execute()
  await app.restart()

  const { now, reason } = (await explain('ada', trackingId)).json()

  assert.equal(reason.code, 'context.user_required')
  assert.deepEqual([now.allowed, now.reason.code], [false, 'auth.revoked'])
})

test('for a request without a valid token there is no now: nobody knows whose it was', async (t) => {
  const { app, explain } = await start(t)
  const { headers } = await app.call('GET', '/v3/sources', { headers: { authorization: 'Bearer x' } })

  const explanation = (await explain('ada', String(headers['slpt-request-id']))).json()

  assert.equal(explanation.reason.code, 'auth.malformed')
  assert.equal('now' in explanation, false)
})

test('refusals are grouped by client, operation and reason, the most frequent first', async (t) => {
  const { app, groups } = await start(t)
  for (let time = 0; time < 3; time++) await refuse(app, 'paul', `/v3/transforms`)
  app.clock.advance(2 * HOUR_MS)
  const latest = await refuse(app, 'paul', '/v3/transforms')
  await refuse(app, 'app-nightly', '/v2025/identities')
  await app.call('GET', '/v3/sources')
  await app.app.services.denials.flush()

  const [first, ...others] = (await groups()).json()

  assert.deepEqual(first, {
    clientId: credentialOf('acme', 'paul').clientId,
    method: 'GET',
    path: '/v3/transforms',
    reason: 'level.missing',
    count: 4,
    firstAt: new Date(START_MS).toISOString(),
    lastAt: new Date(START_MS + 2 * HOUR_MS).toISOString(),
    trackingId: latest,
  })
  assert.deepEqual(
    others.map(({ clientId, path, reason, count }: Record<string, unknown>) => [clientId, path, reason, count]),
    [
      [null, '/v3/sources', 'auth.missing', 1],
      [credentialOf('acme', 'app-nightly').clientId, '/v2025/identities', 'context.user_required', 1],
    ],
  )
})

test('groups are filtered by client, reason and time, and cut off at a limit', async (t) => {
  const { app, groups } = await start(t)
  await refuse(app, 'paul', '/v3/transforms')
  await app.call('GET', '/v3/sources')
  app.clock.advance(2 * HOUR_MS)
  await refuse(app, 'paul', '/v3/nosuch')
  await app.app.services.denials.flush()
  const pathsOf = async (query: string) =>
    (await groups(query))
      .json()
      .map(({ path }: { path: string }) => path)
      .sort()

  const { clientId } = credentialOf('acme', 'paul')
  assert.deepEqual(await pathsOf(`?client=${clientId}`), ['/v3/nosuch', '/v3/transforms'])
  assert.deepEqual(await pathsOf('?client=nobody'), ['/v3/sources'])
  assert.deepEqual(await pathsOf('?reason=operation.unknown'), ['/v3/nosuch'])
  assert.deepEqual(await pathsOf(`?since=${new Date(START_MS + HOUR_MS).toISOString()}`), ['/v3/nosuch'])
  assert.equal((await pathsOf('?limit=1')).length, 1)
})

test('refusals of a tenant do not exist in another', async (t) => {
  const { app, groups } = await start(t)
  await refuse(app, 'paul', '/v3/transforms')
  await app.app.services.denials.flush()

  assert.deepEqual((await groups('', 'ada', 'globex')).json(), [])
})

for (const who of ['paul', 'sam', 'app-nightly'])
  test(`grouped refusals are not for ${who}`, async (t) => {
    const { groups } = await start(t)

    assert.equal((await groups('', who)).status, 403)
  })

for (const query of ['since=yesterday', 'since=2026-13-45T00:00:00Z', 'reason=nosuch', 'limit=0', 'limit=251', 'x=1'])
  test(`grouped refusals are not asked for by ?${query}: 400`, async (t) => {
    const { groups } = await start(t)

    assert.equal((await groups(`?${query}`)).status, 400)
  })

test('of a flood, a bounded part is kept in detail and all of it is counted', async (t) => {
  const { app, groups } = await start(t)
  const token = await app.tokenFor('paul')
  for (let time = 0; time < 200; time++) await app.call('GET', '/v3/transforms', { token })
  for (let time = 0; time < 200; time++) await app.call('GET', '/v3/transforms')
  await refuse(app, 'hana', '/v3/roles')
  await app.app.services.denials.flush()

  const { db, tenantId } = await app.contextOf()
  const kept = await db.selectFrom('denial').select('client_id').where('tenant_id', '=', tenantId).execute()
  const keptOf = (clientId: string) => kept.filter(({ client_id }) => client_id === clientId).length
  const counted = (await groups()).json().map(({ count }: { count: number }) => count)

  assert.deepEqual(
    [keptOf(credentialOf('acme', 'paul').clientId), keptOf(''), keptOf(credentialOf('acme', 'hana').clientId)],
    [60, 60, 1],
  )
  assert.deepEqual(counted, [200, 200, 1])
})

test('nothing that a request carried is kept: no header, no query, no piece of an unknown path', async (t) => {
  const { app } = await start(t)
  const token = await app.tokenFor('paul')
  const secret = credentialOf('acme', 'paul').clientSecret
  await app.call('GET', `/v3/transforms?client_secret=${secret}`, { token, headers: { 'x-key': secret } })
  await app.call('GET', `/things/${secret}/x`, { headers: { authorization: `Bearer ${secret}` } })
  await app.app.services.denials.flush()

  const { db, tenantId } = await app.contextOf()
  const rows = await db.selectFrom('denial').selectAll().where('tenant_id', '=', tenantId).execute()
  const counts = await db.selectFrom('denial_count').selectAll().where('tenant_id', '=', tenantId).execute()

  const text = JSON.stringify([rows, counts])
  assert.deepEqual(rows.map(({ path }) => path).sort(), ['/things/{}/x', '/v3/transforms'])
  assert.equal(text.includes(secret) || text.includes(token), false)
  assert.ok(text.includes(identityIdOf('acme', 'paul')))
})

test('refusals are cleared away after seven days, and their counts with the end of the hour', async (t) => {
  const { app, explain, groups } = await start(t)
  const trackingId = await refuse(app, 'paul', '/v3/transforms')
  await app.restart()
  app.clock.advance(7 * 24 * HOUR_MS + 1)
  await app.app.services.janitor.clear()
  const { status } = await explain('ada', trackingId)
  app.clock.advance(HOUR_MS)

  await app.app.services.janitor.clear()

  assert.equal(status, 404)
  const { db, tenantId } = await app.contextOf()
  assert.deepEqual(await db.selectFrom('denial_count').select('hour').where('tenant_id', '=', tenantId).execute(), [])
  assert.deepEqual((await groups()).json(), [])
})
