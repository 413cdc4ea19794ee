import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp } from '../../../test/support/test-app.ts'
import { shareTestApp } from '../../../test/support/shared-app.ts'

const file = tenantFileFor('acme', {
  isDefault: true,
  identities: [
    personFor('acme', 'dina', { email: 'Dina@acme.test', enabled: false }, { scope: ['sp:scopes:default'] }),
  ],
})
const shared = shareTestApp({ tenants: [file, tenantFileFor('globex')] })
const CONFIG = '/v3/public-identities-config'

test('every user sees of everybody what is public, in every layout', async () => {
  const app = shared()
  const token = await app.tokenFor('paul')

  for (const path of ['/v3/', '/v2024/', '/v2025/', '/v2026/', '/']) {
    const v1 = path === '/' ? '/v1' : ''
    const filters = encodeURIComponent('email eq "dina@ACME.test"')
    const { status, json, headers } = await app.call(
      'GET',
      `${path}public-identities${v1}?filters=${filters}&count=true`,
      { token },
    )
    assert.equal(status, 200)
    assert.equal(headers['x-total-count'], '1')
    assert.deepEqual(json(), [
      {
        id: identityIdOf('acme', 'dina'),
        name: 'dina',
        alias: 'dina',
        email: 'Dina@acme.test',
        status: 'Inactive',
        identityState: 'INACTIVE_LONG_TERM',
        manager: null,
        attributes: [],
      },
    ])
  }
  assert.equal((await app.call('GET', '/beta/public-identities', { token })).status, 404)
})

test('an application sees nobody', async () => {
  const app = shared()
  const { status, headers } = await app.call('GET', '/v3/public-identities', {
    token: await app.tokenFor('app-nightly'),
  })

  assert.deepEqual([status, headers['sallyport-reason']], [403, 'context.user_required'])
})

test('an administrator chooses which attributes are public; who did it when is told', async (t) => {
  const app = await startTestApp(t, { tenants: [file, tenantFileFor('globex')] })
  const token = await app.tokenFor('ada')
  const attributes = [
    { key: 'kind', name: 'Kind' },
    { key: '__proto__', name: 'Odd' },
  ]

  const before = await app.call('GET', CONFIG, { token })
  const put = await app.call('PUT', CONFIG, { token, body: { attributes, modified: null, modifiedBy: null } })
  const read = await app.call('GET', '/public-identities-config/v1', { token })
  const [person] = (
    await app.call('GET', '/v3/public-identities?limit=1', { token: await app.tokenFor('paul') })
  ).json()
  const elsewhere = await app.call('GET', CONFIG, {
    token: await app.tokenFor('ada', 'globex'),
    host: 'globex.api.localhost:8080',
  })

  assert.deepEqual(before.json(), { attributes: [], modified: null })
  assert.deepEqual(put.json(), {
    attributes,
    modified: '2026-06-01T12:00:00.000Z',
    modifiedBy: { type: 'IDENTITY', id: identityIdOf('acme', 'ada'), name: 'ada' },
  })
  assert.deepEqual(read.json(), put.json())
  assert.deepEqual(person.attributes, [
    { key: 'kind', name: 'Kind', value: 'HUMAN' },
    { key: '__proto__', name: 'Odd', value: null },
  ])
  assert.deepEqual(elsewhere.json().attributes, [])
})

test('the configuration is for administrators, holds five attributes, each once, and is deprecated in beta', async () => {
  const app = shared()
  const token = await app.tokenFor('ada')
  const put = (attributes: unknown) => app.call('PUT', CONFIG, { token, body: { attributes } })
  const one = { key: 'email', name: 'E-mail' }

  assert.equal((await put([one, one])).status, 400)
  assert.equal((await put(Array.from({ length: 6 }, (_, index) => ({ key: `k${index}`, name: 'x' })))).status, 400)
  assert.equal((await put([{ ...one, secret: true }])).status, 400)
  assert.equal(
    (await app.call('GET', CONFIG, { token: await app.tokenFor('sam') })).headers['sallyport-reason'],
    'level.missing',
  )
  const inBeta = await app.call('GET', '/beta/public-identities-config', { token })
  assert.deepEqual([inBeta.status, inBeta.headers['x-deprecated']], [200, 'true'])
})
