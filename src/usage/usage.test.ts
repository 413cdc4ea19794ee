import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { credentialOf, identityIdOf } from '../../test/support/tenant-fixtures.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { Janitor } from '../janitor/janitor.ts'

const app = shareTestApp()
const idOf = (name: string, tenant = 'acme') => credentialOf(tenant, name).clientId
const impactPath = (id: string) => `/sallyport/v1/credentials/${id}/impact`

test('what a credential called, from where, and what it was refused is there at once', async () => {
  const sam = await app().tokenFor('sam')
  await app().call('GET', '/v3/sources', { token: sam })
  await app().call('GET', '/v2025/sources/2c91808a77ff216301782327a50f09bf', { token: sam })
  await app().call('GET', '/v2025/sources/ef38f94347e94562b5bb8424a56397d8', { token: sam })
  await app().call('GET', '/v2025/identities', { token: sam })

  const answer = await app().call('GET', impactPath(idOf('sam')), { token: await app().tokenFor('ada') })

  const { operations, networks, denials, ...impact } = answer.json()
  assert.equal(answer.status, 200)
  assert.deepEqual(impact.credential, {
    id: idOf('sam'),
    kind: 'PERSONAL_ACCESS_TOKEN',
    name: 'test',
    ownerId: identityIdOf('acme', 'sam'),
  })
  assert.deepEqual([impact.since, impact.until, impact.inUse, impact.calls], ['2026-05-03', '2026-06-01', true, 3])
  assert.match(impact.summary, /^3 calls to 2 operations from 1 network, the latest at 2026-06-01T12:00:00.000Z, stop/)
  assert.deepEqual(
    operations.map(({ method, path, calls }: Record<string, unknown>) => [method, path, calls]),
    [
      ['GET', '/v2025/sources/{id}', 2],
      ['GET', '/v3/sources', 1],
    ],
  )
  assert.deepEqual(networks, [{ network: '127.0.0.1', calls: 3, lastCallAt: '2026-06-01T12:00:00.000Z' }])
  assert.equal(denials[0].count, 1)
  assert.match(denials[0].reason, /^(?:level|scope|context)\./)
  assert.deepEqual(impact.days, [{ date: '2026-06-01', calls: 3 }])
})

test('a credential that called nothing breaks nothing', async () => {
  const answer = await app().call('GET', impactPath(idOf('app-portal')), { token: await app().tokenFor('ada') })

  assert.deepEqual([answer.json().inUse, answer.json().calls, answer.json().lastCallAt], [false, 0, null])
  assert.match(answer.json().summary, /Deleting it should break nothing\.$/)
})

test('everybody sees the impact of the credential they call with, and of their own; nobody sees that of others', async () => {
  const [sam, paul, nightly] = [
    await app().tokenFor('sam'),
    await app().tokenFor('paul'),
    await app().tokenFor('app-nightly'),
  ]
  const statusFor = async (token: string, id: string) => (await app().call('GET', impactPath(id), { token })).status

  assert.equal(await statusFor(paul, idOf('paul')), 200)
  assert.equal(await statusFor(nightly, idOf('app-nightly')), 200)
  assert.equal(await statusFor(sam, idOf('paul')), 404)
  assert.equal(await statusFor(nightly, idOf('paul')), 404)
  assert.equal(await statusFor(await app().tokenFor('hana'), idOf('hana')), 200)
})

test("another tenant's credential answers like one that does not exist", async () => {
  const ada = await app().tokenFor('ada')
  const body = async (id: string) => {
    const answer = await app().call('GET', impactPath(id), { token: ada })
    assert.equal(answer.status, 404)
    return answer.json().messages[0].text.replace(id, 'ID')
  }

  assert.equal(await body(idOf('ada', 'globex')), await body('0123456789abcdef0123456789abcdef'))
})

test('usage lists every credential, and all of an owner together, to an ORG_ADMIN alone', async () => {
  const [ada, sam] = [await app().tokenFor('ada'), await app().tokenFor('sam')]
  await app().call('GET', '/v3/sources', { token: sam })
  const owner = identityIdOf('acme', 'sam')

  const list = await app().call('GET', `/sallyport/v1/usage?ownerId=${owner}`, { token: ada })
  const byOwner = await app().call('GET', '/sallyport/v1/usage?by=owner', { token: ada })

  assert.deepEqual(
    list.json().entries.map(({ clientId, name }: Record<string, string>) => [clientId, name]),
    [[idOf('sam'), 'test']],
  )
  const ofSam = byOwner.json().entries.find(({ ownerId }: { ownerId: string }) => ownerId === owner)
  assert.equal(ofSam.calls, list.json().entries[0].calls)
  assert.equal((await app().call('GET', '/sallyport/v1/usage', { token: sam })).status, 403)
  assert.equal(
    (await app().call('GET', '/sallyport/v1/usage', { token: await app().tokenFor('app-nightly') })).status,
    403,
  )
})

test("a tenant's usage holds nothing of another tenant", async () => {
  const globex = await app().tokenFor('paul', 'globex')
  await app().call('GET', '/v3/sources', { host: 'globex.api.localhost:8080', token: globex })

  const answer = await app().call('GET', '/sallyport/v1/usage', { token: await app().tokenFor('ada') })

  const ids = answer.json().entries.map(({ clientId }: { clientId: string }) => clientId)
  assert.ok(!ids.includes(idOf('paul', 'globex')))
})

for (const query of ['since=yesterday', 'since=2026-02-30', 'since=2026-06-02&until=2026-06-01', 'ownerId=x', 'by=tea'])
  test(`?${query} is refused in ISC's shape`, async () => {
    const answer = await app().call('GET', `/sallyport/v1/usage?${query}`, { token: await app().tokenFor('ada') })

    assert.equal(answer.status, 400)
    assert.ok(answer.json().messages[0].text.length > 0)
  })

test('usage survives a restart, and is cleared away after a hundred days', async (t) => {
  const own = await startTestApp(t)
  await own.call('GET', '/v3/sources', { token: await own.tokenFor('sam') })
  await own.restart()
  const callsSince = async (since: string) => {
    const answer = await own.call('GET', `${impactPath(idOf('sam'))}?since=${since}`, {
      token: await own.tokenFor('ada'),
    })
    return answer.json().calls
  }
  assert.equal(await callsSince('2026-06-01'), 1)

  own.clock.advance(101 * 86_400_000)
  const { database } = own.installation
  await new Janitor({
    directory: database.directory,
    databaseOf: (id) => database.forTenant(id),
    nowMs: () => own.clock.nowMs,
    onError: assert.ifError,
  }).clear()

  assert.equal(await callsSince('2026-06-01'), 0)
})
