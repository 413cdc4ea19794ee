import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenOf } from '../../../test/support/made-credentials.ts'
import { shareTestApp } from '../../../test/support/shared-app.ts'
import { credentialOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { START_MS, type TestCall } from '../../../test/support/test-app.ts'

const narrowScope = ['sp:oauth-client:manage', 'sallyport:credentials:manage', 'idn:identity:read']
const identities = [
  personFor('acme', 'norma', { userLevels: ['ORG_ADMIN'] }, { scope: narrowScope }),
  ...['ada2', 'ada3', 'ada4'].map((alias) => personFor('acme', alias, { userLevels: ['ORG_ADMIN'] })),
]
const app = shareTestApp({
  tenants: [tenantFileFor('acme', { isDefault: true, identities }), tenantFileFor('globex')],
})

const LAYOUTS = ['/v3', '/beta', '/v2024', '/v2025', '/v2026'].map((version) => `${version}/oauth-clients`)
const [v3 = ''] = LAYOUTS
const nightly = credentialOf('acme', 'app-nightly').clientId

async function as(name: string, method: string, path: string, call: TestCall = {}) {
  return app().call(method, path, { ...call, token: await app().tokenFor(name) })
}
const patch = (path: string, operations: object[], name = 'ada') =>
  as(name, 'PATCH', path, {
    headers: { 'content-type': 'application/json-patch+json' },
    body: Buffer.from(JSON.stringify(operations)),
  })
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })

const wanted = {
  name: 'Export',
  description: 'Reads every night',
  accessTokenValiditySeconds: 750,
  grantTypes: ['CLIENT_CREDENTIALS'],
  accessType: 'OFFLINE',
  enabled: true,
}
const make = async (more: object = {}, name = 'ada') =>
  (await as(name, 'POST', v3, { body: { ...wanted, ...more } })).json()

for (const path of [...LAYOUTS, '/oauth-clients/v1'])
  test(`${path}: a client is made, gets a token, is listed, read, patched and deleted`, async () => {
    const made = await as('ada', 'POST', path, { body: wanted })
    const { secret, ...created } = made.json()
    const { status: minted } = await tokenOf(app(), made.json())
    const one = `${path}/${created.id}`
    const read = (await as('ada', 'GET', one)).json()
    const listed = (await as('ada', 'GET', path)).json().find(({ id }: { id: string }) => id === created.id)
    const patched = await patch(one, [replace('/name', 'Renamed'), replace('/homepageUrl', null)])
    const deleted = await as('ada', 'DELETE', one)

    assert.equal(made.status, 200, made.text)
    assert.match(created.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.match(secret, /^[0-9a-f]{64}$/)
    assert.deepEqual(created, {
      ...wanted,
      id: created.id,
      businessName: '',
      homepageUrl: '',
      refreshTokenValiditySeconds: 2_592_000,
      redirectUris: [],
      type: 'CONFIDENTIAL',
      internal: false,
      strongAuthSupported: false,
      claimsSupported: false,
      created: new Date(START_MS).toISOString(),
      modified: new Date(START_MS).toISOString(),
      scope: ['sp:scopes:all'],
    })
    assert.equal(minted, 200)
    const lastUsed = new Date(START_MS).toISOString()
    assert.deepEqual(read, { ...created, secret: null, metadata: null, lastUsed })
    assert.deepEqual(listed, read)
    assert.deepEqual([patched.status, patched.json().name, patched.json().homepageUrl], [200, 'Renamed', ''])
    assert.deepEqual([deleted.status, deleted.text], [204, ''])
    assert.equal((await as('ada', 'GET', one)).status, 404)
    assert.equal((await tokenOf(app(), made.json())).status, 400)
  })

test('all that can be said of a client comes back as it was said', async () => {
  const said = {
    ...wanted,
    businessName: 'Acme',
    homepageUrl: 'https://acme.example/',
    refreshTokenValiditySeconds: 86_400,
    redirectUris: ['https://app.example/cb', 'http://127.0.0.1/cb'],
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS'],
    accessType: 'ONLINE',
    type: 'CONFIDENTIAL',
    strongAuthSupported: true,
    claimsSupported: true,
    scope: ['idn:identity:read'],
  }
  const { id } = await make(said)

  assert.partialDeepStrictEqual((await as('ada', 'GET', `${v3}/${id}`)).json(), said)
})

test('a PUBLIC client is given no secret', async () => {
  const { id, secret } = await make({
    type: 'PUBLIC',
    grantTypes: ['AUTHORIZATION_CODE'],
    redirectUris: ['https://app.example/cb'],
  })

  assert.equal(secret, '')
  assert.equal((await as('ada', 'GET', `${v3}/${id}`)).json().type, 'PUBLIC')
})

const { enabled: _enabled, ...withoutEnabled } = wanted
for (const [what, body] of Object.entries({
  'no name': { ...wanted, name: undefined },
  'an empty name': { ...wanted, name: '' },
  'null as a name': { ...wanted, name: null },
  'no word on being enabled': withoutEnabled,
  'no description': { ...wanted, description: undefined },
  'no grant type': { ...wanted, grantTypes: [] },
  'an unknown grant type': { ...wanted, grantTypes: ['PASSWORD'] },
  'a grant type twice': { ...wanted, grantTypes: ['CLIENT_CREDENTIALS', 'CLIENT_CREDENTIALS'] },
  'REFRESH_TOKEN alone': { ...wanted, grantTypes: ['REFRESH_TOKEN'] },
  'AUTHORIZATION_CODE without a redirect URI': { ...wanted, grantTypes: ['AUTHORIZATION_CODE'], redirectUris: [] },
  'a redirect URI over http': { ...wanted, redirectUris: ['http://app.example/cb'] },
  'a redirect URI with a wildcard': { ...wanted, redirectUris: ['https://*.example/cb'] },
  'a redirect URI that is script': { ...wanted, redirectUris: ['javascript:alert(1)'] },
  'a PUBLIC client with CLIENT_CREDENTIALS': { ...wanted, type: 'PUBLIC' },
  'a homepage that is script': { ...wanted, homepageUrl: 'javascript:alert(1)' },
  'a validity of 0': { ...wanted, accessTokenValiditySeconds: 0 },
  'a negative validity': { ...wanted, accessTokenValiditySeconds: -1 },
  'a validity without end': { ...wanted, accessTokenValiditySeconds: 1e12 },
  'half a second': { ...wanted, accessTokenValiditySeconds: 60.5 },
  'a validity as text': { ...wanted, accessTokenValiditySeconds: '750' },
  'a refresh token for ten years': { ...wanted, refreshTokenValiditySeconds: 315_360_000 },
  'an id of its own': { ...wanted, id: nightly },
  'a secret of its own': { ...wanted, secret: 'ab'.repeat(32) },
  'a time of its own': { ...wanted, created: '2020-01-01T00:00:00Z' },
}))
  test(`${what} is refused in ISC's shape`, async () => {
    const answer = await as('ada2', 'POST', v3, { body })

    assert.equal(answer.status, 400, answer.text)
    assert.ok(answer.json().messages[0].text.length > 0)
  })

test('internal is the server to say', async () => {
  assert.equal((await make({ internal: true })).internal, false)
})

for (const path of [
  '/scope',
  '/type',
  '/internal',
  '/secret',
  '/id',
  '/created',
  '/modified',
  '/metadata',
  '/lastUsed',
  '/tenant',
  '/pkceRequired',
  '',
])
  test(`the path "${path}" of a client cannot be patched the way of ISC`, async () => {
    const answer = await patch(`${v3}/${nightly}`, [{ op: 'add', path, value: 'x' }], 'ada3')

    assert.deepEqual([answer.status, answer.json().detailCode], [400, '400.1.1 Illegal update attempt'])
  })

for (const [what, operations] of Object.entries({
  'a grant without what it needs': [replace('/grantTypes', ['REFRESH_TOKEN'])],
  'a redirect URI that may not be': [{ op: 'add', path: '/redirectUris/-', value: 'http://app.example' }],
  'a validity of 0': [replace('/accessTokenValiditySeconds', 0)],
  'no name': [{ op: 'remove', path: '/name' }],
  'a test that fails': [{ op: 'test', path: '/name', value: 'other' }, replace('/name', 'x')],
  'a path that is not there': [{ op: 'remove', path: '/redirectUris/7' }],
}))
  test(`a patch to ${what} is refused whole`, async () => {
    const before = (await as('ada4', 'GET', `${v3}/${nightly}`)).json()
    const answer = await patch(`${v3}/${nightly}`, operations, 'ada4')

    assert.equal(answer.status, 400, answer.text)
    assert.deepEqual((await as('ada4', 'GET', `${v3}/${nightly}`)).json(), before)
  })

test('disabled means dead at once, the tokens included; enabled again, the old ones stay dead', async () => {
  const made = await make({ scope: ['sp:scopes:all'] })
  const token = (await tokenOf(app(), made)).json().access_token
  const path = `${v3}/${made.id}`
  const status = async () => (await app().call('GET', path, { token })).status
  const before = await status()

  await patch(path, [replace('/enabled', false)])
  const whileDisabled = [await status(), (await tokenOf(app(), made)).status]
  await patch(path, [replace('/enabled', true)])
  const afterwards = [await status(), (await tokenOf(app(), made)).status]

  assert.deepEqual([before, whileDisabled, afterwards], [200, [401, 400], [401, 200]])
})

test('a deleted client ends its tokens at once', async () => {
  const made = await make()
  const token = (await tokenOf(app(), made)).json().access_token
  await as('ada', 'DELETE', `${v3}/${made.id}`)

  assert.equal((await app().call('GET', `${v3}/${made.id}`, { token })).status, 401)
})

test('of patches at once none is lost', async () => {
  const { id } = await make()
  const answers = await Promise.all([
    patch(`${v3}/${id}`, [replace('/name', 'Both')]),
    patch(`${v3}/${id}`, [replace('/description', 'both')]),
  ])
  const { name, description } = (await as('ada', 'GET', `${v3}/${id}`)).json()

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  )
  assert.deepEqual([name, description], ['Both', 'both'])
})

test('nobody gives a client more than the calling token has; nothing said is the scope of that token', async () => {
  const beyond = await as('norma', 'POST', v3, { body: { ...wanted, scope: ['sp:scopes:all'] } })
  const silent = await make({}, 'norma')

  assert.deepEqual([beyond.status, beyond.headers['sallyport-reason']], [403, 'scope.beyond_token'])
  assert.deepEqual(silent.scope, narrowScope)
})

test('our own namespace patches the scope, within that of the calling token, and whether PKCE is required', async () => {
  const made = await make({ scope: ['idn:identity:read'] })
  const ours = `/sallyport/v1/oauth-clients/${made.id}`
  const before = (await tokenOf(app(), made)).json()
  const wider = await patch(ours, [replace('/scope', ['sp:scopes:all'])], 'norma')
  const other = await patch(
    ours,
    [replace('/scope', ['sp:oauth-client:manage']), replace('/pkceRequired', true)],
    'norma',
  )
  const elsewhere = await patch(ours, [replace('/name', 'x')], 'norma')

  assert.deepEqual([wider.status, wider.headers['sallyport-reason']], [403, 'scope.beyond_token'])
  assert.deepEqual(
    [other.status, other.json().scope, other.json().pkceRequired],
    [200, ['sp:oauth-client:manage'], true],
  )
  assert.equal(elsewhere.status, 400)
  assert.equal(before.scope, 'idn:identity:read')
  assert.equal((await tokenOf(app(), made)).json().scope, 'sp:oauth-client:manage')
})

test('without the user level nobody manages clients; an API client reads them and changes none', async () => {
  const statuses = async (name: string) => [
    (await as(name, 'GET', v3)).status,
    (await as(name, 'GET', `${v3}/${nightly}`)).status,
    (await as(name, 'POST', v3, { body: wanted })).status,
    (await patch(`${v3}/${nightly}`, [replace('/name', 'x')], name)).status,
    (await as(name, 'DELETE', `${v3}/${nightly}`)).status,
    (await patch(`/sallyport/v1/oauth-clients/${nightly}`, [replace('/scope', [])], name)).status,
  ]

  assert.deepEqual(await statuses('paul'), [403, 403, 403, 403, 403, 403])
  assert.deepEqual(await statuses('app-nightly'), [403, 200, 403, 403, 403, 403])
})

test("another tenant's client answers like one that does not exist, and is not listed", async () => {
  const foreign = credentialOf('globex', 'app-nightly').clientId
  const unknown = '00000000-0000-4000-8000-000000000000'
  const bodies = async (id: string) => {
    const answers = [
      await as('ada', 'GET', `${v3}/${id}`),
      await patch(`${v3}/${id}`, [replace('/name', 'x')]),
      await as('ada', 'DELETE', `${v3}/${id}`),
      await patch(`/sallyport/v1/oauth-clients/${id}`, [replace('/scope', [])]),
    ]
    return answers.map(({ status, text }) => [status, text.replace(id, 'ID').replace(/"trackingId":"\w+"/, '')])
  }

  const answers = await bodies(foreign)

  assert.deepEqual(new Set(answers.map(([status]) => status)), new Set([404]))
  assert.deepEqual(answers, await bodies(unknown))
  const ids = (await as('ada', 'GET', v3)).json().map(({ id }: { id: string }) => id)
  assert.ok(ids.includes(nightly) && !ids.includes(foreign))
})

test('lastUsed can be filtered by, and pages asked for', async () => {
  const unused = await make({ name: 'Never used' })
  const names = async (query: string) =>
    (await as('ada2', 'GET', `${v3}?${query}`)).json().map(({ id }: { id: string }) => id)

  assert.ok((await names('filters=lastUsed%20isnull')).includes(unused.id))
  assert.ok(!(await names('filters=lastUsed%20le%202030-01-01')).includes(unused.id))
  assert.equal((await names('limit=1')).length, 1)
  assert.equal((await as('ada2', 'GET', `${v3}?filters=name%20eq%20"x"`)).status, 400)
})

test('each change leaves an audit event', async () => {
  const { id } = await make()
  await patch(`${v3}/${id}`, [replace('/name', 'Audited')])
  await as('ada', 'DELETE', `${v3}/${id}`)
  const { db, tenantId } = await app().contextOf()
  const events = await db
    .selectFrom('audit_event')
    .select('action')
    .where('tenant_id', '=', tenantId)
    .where('target_id', '=', id)
    .orderBy('position')
    .execute()

  assert.deepEqual(
    events.map(({ action }) => action),
    ['oauth_client.created', 'oauth_client.updated', 'oauth_client.deleted'],
  )
})
