import assert from 'node:assert/strict'
import { test } from 'node:test'
import { share } from '../../test/support/shared-app.ts'
import { clientFor, credentialOf, identityIdOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { START_MS, startTestApp } from '../../test/support/test-app.ts'

const DAY_MS = 86_400_000
const PATH = '/sallyport/v1/credentials'
const inDays = (days: number) => new Date(START_MS + days * DAY_MS).toISOString()

const app = share((owner) =>
  startTestApp(owner, {
    tenants: [
      tenantFileFor('acme', {
        isDefault: true,
        identities: [
          personFor('acme', 'gone', { enabled: false }, { name: 'left behind', scope: ['idn:sources:read'] }),
          personFor('acme', 'soon', {}, { name: '=cmd()', expirationDate: inDays(10) }),
          personFor('acme', 'late', {}, { name: 'later', expirationDate: inDays(60) }),
        ],
        oauthClients: [
          clientFor('acme', 'app-narrow', { grantTypes: ['CLIENT_CREDENTIALS'], scope: ['idn:sources:read'] }),
        ],
      }),
      tenantFileFor('globex'),
    ],
  }),
)

interface Entry {
  id: string
  name: string
  kind: string
  flags: string[]
  owner: { alias: string; enabled: boolean } | null
}
const list = async (query = '', by = 'ada') =>
  app().call('GET', `${PATH}?${query}`, { token: await app().tokenFor(by) })
const filtered = async (filters: string): Promise<Entry[]> =>
  (await list(`filters=${encodeURIComponent(filters)}`)).json()
const aliases = (entries: Entry[]) =>
  entries.map(({ owner, name }) => owner?.alias ?? name).sort((a, b) => (a < b ? -1 : 1))

test('every personal access token and API client of every owner is there, and none of another tenant', async () => {
  const answer = await list('count=true')

  const entries: Entry[] = answer.json()
  assert.equal(answer.headers['x-total-count'], '11')
  assert.equal(entries.length, 11)
  assert.deepEqual(new Set(entries.map(({ kind }) => kind)), new Set(['PERSONAL_ACCESS_TOKEN', 'OAUTH_CLIENT']))
  const ids = entries.map(({ id }) => id)
  assert.ok(
    ids.includes(credentialOf('acme', 'gone').clientId) && ids.includes(credentialOf('acme', 'app-nightly').clientId),
  )
  assert.ok(!ids.includes(credentialOf('globex', 'ada').clientId))
})

test('an entry tells owner, scope, times and what is remarkable, and no secret', async () => {
  const [entry] = await filtered(`id eq "${credentialOf('acme', 'gone').clientId}"`)

  assert.deepEqual(entry, {
    id: credentialOf('acme', 'gone').clientId,
    kind: 'PERSONAL_ACCESS_TOKEN',
    name: 'left behind',
    owner: { id: identityIdOf('acme', 'gone'), alias: 'gone', displayName: 'gone', enabled: false },
    enabled: true,
    scope: ['idn:sources:read'],
    created: inDays(0),
    expires: null,
    lastUsed: null,
    secretCreated: inDays(0),
    liveSecrets: 1,
    flags: ['ownerDisabled', 'neverUsed'],
  })
  assert.ok(!(await list()).text.includes(credentialOf('acme', 'gone').clientSecret))
})

test('each flag finds what it names', async () => {
  assert.deepEqual(aliases(await filtered('ownerDisabled eq true')), ['gone'])
  assert.deepEqual(aliases(await filtered('expiring eq true')), ['soon'])
  assert.deepEqual(aliases(await filtered('overBroad eq false')), ['app-narrow', 'gone', 'hana'])
  assert.deepEqual(aliases(await filtered('expires gt 2026-07-01')), ['late'])
  assert.deepEqual(aliases(await filtered('owner.alias eq "SOON" or name co "NARROW"')), ['app-narrow', 'soon'])
  assert.deepEqual(aliases(await filtered('scope ca ("idn:sources:read")')), ['app-narrow', 'gone'])
})

test('a credential that was used is no longer never used, and says when', async () => {
  await app().call('GET', '/v3/sources', { token: await app().tokenFor('sam') })

  const [entry] = await filtered(`owner.alias eq "sam"`)

  assert.ok(!entry?.flags.includes('neverUsed'))
  assert.equal((entry as unknown as { lastUsed: string }).lastUsed, inDays(0))
})

test('pages are in the order that was asked for, and never overlap', async () => {
  const all: Entry[] = (await list('sorters=-name')).json()
  const pages: Entry[] = []
  for (let offset = 0; offset < all.length; offset += 4)
    pages.push(...(await list(`sorters=-name&limit=4&offset=${offset}`)).json())

  assert.deepEqual(
    pages.map(({ id }) => id),
    all.map(({ id }) => id),
  )
  assert.equal(all.at(-1)?.name, '=cmd()')
})

test('the inventory comes as CSV, by format and by Accept, and no cell is a formula', async () => {
  const byFormat = await list('format=csv')
  const byAccept = await app().call('GET', PATH, {
    token: await app().tokenFor('ada'),
    headers: { accept: 'text/csv' },
  })

  assert.equal(byFormat.headers['content-type'], 'text/csv; charset=utf-8')
  assert.equal(byAccept.text, byFormat.text)
  assert.match(byFormat.text, /^id,kind,name,ownerId,ownerAlias,ownerEnabled,enabled,scope,/)
  assert.match(byFormat.text, /,'=cmd\(\),/)
})

test('only an ORG_ADMIN with a token of a user sees the inventory', async () => {
  for (const name of ['sam', 'paul', 'app-nightly']) assert.equal((await list('', name)).status, 403)
  assert.equal((await app().call('GET', PATH)).status, 401)
})

for (const query of [
  'filters=secret eq "x"',
  'filters=tenant_id eq "x"',
  'sorters=secret',
  'limit=1000000',
  'offset=-1',
  'x=y',
])
  test(`?${query} is refused in ISC's shape`, async () => {
    const answer = await list(encodeURI(query))

    assert.equal(answer.status, 400)
    assert.ok(answer.json().messages[0].text.length > 0)
  })
