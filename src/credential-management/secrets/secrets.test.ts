import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenOf } from '../../../test/support/made-credentials.ts'
import { credentialOf, identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { START_MS, startTestApp, type TestApp, type TestCall } from '../../../test/support/test-app.ts'
import type { Owner } from '../../../test/support/test-database.ts'

const DAY_MS = 86_400_000
/** A minute after the secrets of the tenant file were made. */
const NOW_MS = START_MS + 60_000
const identities = [
  personFor('acme', 'narrow', {}, { scope: ['sp:my-personal-access-tokens:manage'] }),
  personFor('acme', 'reader', {}, { scope: ['idn:identity:read'] }),
]

async function world(t: Owner) {
  const app = await startTestApp(t, {
    tenants: [tenantFileFor('acme', { isDefault: true, identities }), tenantFileFor('globex')],
  })
  app.clock.advance(NOW_MS - START_MS)
  const as = async (name: string, method: string, path: string, call: TestCall = {}) =>
    app.call(method, path, { ...call, token: await app.tokenFor(name) })
  const rotate = (name: string, id: string, overlapSeconds?: number) =>
    as(name, 'POST', pathOf(id), overlapSeconds === undefined ? {} : { body: { overlapSeconds } })
  const secretsOf = async (name: string, id: string) => (await as(name, 'GET', pathOf(id))).json()
  return { app, as, rotate, secretsOf }
}
const pathOf = (id: string) => `/sallyport/v1/credentials/${id}/secrets`
const idOf = (name: string, tenant = 'acme') => credentialOf(tenant, name).clientId
const oldSecret = (name: string) => ({ id: idOf(name), secret: credentialOf('acme', name).clientSecret })
const mints = async (app: TestApp, credential: { id: string; secret: string }) =>
  (await tokenOf(app, credential)).status === 200

for (const name of ['paul', 'app-nightly'])
  test(`${name}: a rotation gives a new secret, and the old one goes on for a day`, async (t) => {
    const { app, rotate, secretsOf } = await world(t)
    const rotated = await rotate(name === 'paul' ? 'paul' : 'ada', idOf(name))
    const fresh = { id: idOf(name), secret: rotated.json().secret }

    assert.equal(rotated.status, 200, rotated.text)
    assert.match(fresh.secret, /^[0-9a-f]{64}$/)
    assert.equal(rotated.json().previousRetiresAt, new Date(NOW_MS + DAY_MS).toISOString())
    assert.deepEqual([await mints(app, oldSecret(name)), await mints(app, fresh)], [true, true])
    const [before, after] = await secretsOf('ada', idOf(name))
    assert.deepEqual([before.state, after.state, after.id], ['RETIRING', 'LIVE', rotated.json().secretId])
    app.clock.advance(DAY_MS)
    assert.deepEqual([await mints(app, oldSecret(name)), await mints(app, fresh)], [false, true])
  })

test('each secret tells to the minute when it was used last, so that one sees when the old one is done with', async (t) => {
  const { app, rotate, secretsOf } = await world(t)
  const { secret } = (await rotate('ada', idOf('app-nightly'))).json()
  await tokenOf(app, oldSecret('app-nightly'))
  app.clock.advance(90_000)
  await tokenOf(app, { id: idOf('app-nightly'), secret })

  const told = await secretsOf('ada', idOf('app-nightly'))

  assert.deepEqual(
    told.map(({ lastUsedAt }: { lastUsedAt: string }) => lastUsedAt),
    [NOW_MS, NOW_MS + 60_000].map((ms) => new Date(ms).toISOString()),
  )
  assert.ok(!JSON.stringify(told).includes(secret))
})

test('at most two secrets are live: of rotations at once one is done', async (t) => {
  const { as, rotate, secretsOf } = await world(t)
  const id = idOf('app-nightly')
  const answers = await Promise.all([1, 2, 3].map(() => rotate('ada', id)))
  const live = (await secretsOf('ada', id)).filter(({ state }: { state: string }) => state !== 'RETIRED')

  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 400, 400],
  )
  assert.equal(live.length, 2)
  assert.equal((await as('ada', 'DELETE', `${pathOf(id)}/${live[0].id}`)).status, 204)
  assert.equal((await rotate('ada', id)).status, 200)
})

test('without an overlap the old secret ends at once, and its tokens run out by themselves', async (t) => {
  const { app, rotate } = await world(t)
  const token = await app.tokenFor('sam')
  await rotate('sam', idOf('sam'), 0)

  assert.equal(await mints(app, oldSecret('sam')), false)
  assert.equal((await app.call('GET', '/v3/sources', { token })).status, 200)
})

test('a retired secret proves nothing, and live tokens stay alive; compromised, they die at once', async (t) => {
  const { app, as, rotate, secretsOf } = await world(t)
  const token = await app.tokenFor('sam')
  const fresh = { id: idOf('sam'), secret: (await rotate('sam', idOf('sam'))).json().secret }
  const [old] = await secretsOf('ada', idOf('sam'))
  const status = async () => (await app.call('GET', '/v3/sources', { token })).status

  assert.equal((await as('ada', 'DELETE', `${pathOf(idOf('sam'))}/${old.id}`)).status, 204)
  assert.deepEqual([await mints(app, oldSecret('sam')), await status()], [false, 200])
  assert.equal((await as('ada', 'DELETE', `${pathOf(idOf('sam'))}/${old.id}`)).status, 400)
  assert.equal((await as('ada', 'DELETE', `${pathOf(idOf('sam'))}/${old.id}?compromised=true`)).status, 204)
  assert.deepEqual([await mints(app, fresh), await status()], [true, 401])
})

test('a narrow token learns no secret of a wider credential, even of its own owner', async (t) => {
  const { app, as, rotate } = await world(t)
  const owner = identityIdOf('acme', 'narrow')
  await app.apply(
    tenantFileFor('acme', {
      isDefault: true,
      identities: [
        personFor('acme', 'narrow', {}, { scope: ['sp:my-personal-access-tokens:manage', 'idn:identity:read'] }),
      ],
    }),
  )
  const narrow = await app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=client_credentials&client_id=${idOf('narrow')}&client_secret=${credentialOf('acme', 'narrow').clientSecret}&scope=sp:my-personal-access-tokens:manage`,
  })
  const refused = await app.call('POST', pathOf(idOf('narrow')), { token: narrow.json().access_token })

  assert.deepEqual([refused.status, refused.headers['sallyport-reason']], [403, 'scope.beyond_token'])
  assert.equal((await rotate('narrow', idOf('narrow'))).status, 200)
  assert.equal((await as('ada', 'GET', `/v3/personal-access-tokens?owner-id=${owner}`)).json().length, 1)
})

test('everybody tends the secrets of their own tokens, an ORG_ADMIN those of all, and nobody else', async (t) => {
  const { as, rotate } = await world(t)
  const statuses = async (name: string, id: string) => [
    (await as(name, 'GET', pathOf(id))).status,
    (await rotate(name, id)).status,
  ]

  assert.deepEqual(await statuses('narrow', idOf('narrow')), [200, 200])
  assert.deepEqual(await statuses('ada', idOf('paul')), [200, 200])
  assert.deepEqual(await statuses('sam', idOf('paul')), [404, 404])
  assert.deepEqual(await statuses('sam', idOf('app-nightly')), [404, 404])
  assert.deepEqual(await statuses('reader', idOf('reader')), [200, 403])
  assert.deepEqual(await statuses('app-nightly', idOf('app-nightly')), [200, 403])
  assert.deepEqual(await statuses('ada', idOf('paul', 'globex')), [404, 404])
})

test('a PUBLIC client has no secret to rotate, and a credential that was deleted none to retire', async (t) => {
  const { as, rotate, secretsOf } = await world(t)
  const body = {
    name: 'Public',
    description: '',
    accessTokenValiditySeconds: 60,
    grantTypes: ['AUTHORIZATION_CODE'],
    redirectUris: ['https://app.example/cb'],
    accessType: 'ONLINE',
    enabled: true,
    type: 'PUBLIC',
  }
  const { id } = (await as('ada', 'POST', '/v3/oauth-clients', { body })).json()
  const [old] = await secretsOf('ada', idOf('app-nightly'))
  await as('ada', 'DELETE', `/v3/oauth-clients/${idOf('app-nightly')}`)

  assert.equal((await rotate('ada', id)).status, 400)
  assert.equal((await as('ada', 'DELETE', `${pathOf(idOf('app-nightly'))}/${old.id}`)).status, 404)
})

for (const overlapSeconds of [-1, 604_801, 1.5, '60'])
  test(`an overlap of ${JSON.stringify(overlapSeconds)} seconds is refused`, async (t) => {
    const { as } = await world(t)
    const answer = await as('ada', 'POST', pathOf(idOf('app-nightly')), { body: { overlapSeconds } })

    assert.equal(answer.status, 400)
  })
