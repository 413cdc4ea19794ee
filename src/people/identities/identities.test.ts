import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../../test/support/shared-app.ts'
import { clientFor, identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestApp } from '../../../test/support/test-app.ts'

const GLOBEX = 'globex.api.localhost:8080'
const LAYOUTS = ['/beta/identities', '/v2024/identities', '/v2025/identities', '/v2026/identities', '/identities/v1']
const everything = { scope: ['sp:scopes:all'] }

const acme = () =>
  tenantFileFor('acme', {
    isDefault: true,
    identities: [
      personFor('acme', 'harry', { userLevels: ['HELPDESK'] }, everything),
      personFor('acme', 'zoë', { displayName: 'Zoë Ångström', enabled: false }),
      { alias: 'robot', kind: 'MACHINE' },
    ],
    oauthClients: [
      clientFor('acme', 'app-janitor', { grantTypes: ['CLIENT_CREDENTIALS'], scope: ['idn:identity:manage'] }),
    ],
  })

const shared = shareTestApp({ tenants: [acme(), tenantFileFor('globex')] })

async function aliases(app: TestApp, path: string, name = 'ada'): Promise<string[]> {
  const answer = await app.call('GET', path, { token: await app.tokenFor(name) })
  assert.equal(answer.status, 200, answer.text)
  return (answer.json() as { alias: string }[]).map(({ alias }) => alias)
}

test('every layout that has identities lists and reads them', async () => {
  const app = shared()
  const token = await app.tokenFor('ada')
  const id = identityIdOf('acme', 'hana')

  for (const path of LAYOUTS) {
    const one = await app.call('GET', `${path}/${id}`, { token })
    assert.partialDeepStrictEqual(one.json(), {
      id,
      name: 'hana',
      alias: 'hana',
      emailAddress: 'hana@acme.test',
      identityStatus: 'ACTIVE',
      created: '2026-06-01T12:00:00.000Z',
    })
    assert.equal((await aliases(app, path)).length, 7)
  }
  assert.equal((await app.call('GET', `/v3/identities/${id}`, { token })).status, 404)
})

test('a list is filtered, sorted, paged and counted', async () => {
  const app = shared()
  const list = (query: string) => aliases(app, `/v2025/identities?${query}`)
  const filter = (text: string) => list(`filters=${encodeURIComponent(text)}`)

  assert.deepEqual(await filter('name sw "ZOË å" and cloudStatus eq "disabled"'), ['zoë'])
  assert.deepEqual(await filter(`id in ("${identityIdOf('acme', 'sam')}", "x")`), ['sam'])
  assert.deepEqual(await filter('email sw "p" and protected eq false and correlated eq true'), ['paul'])
  assert.deepEqual(await list('sorters=-alias&limit=2&offset=1'), ['sam', 'robot'])
  const counted = await app.call('GET', '/v2025/identities?limit=1&count=true', { token: await app.tokenFor('ada') })
  assert.equal(counted.headers['x-total-count'], '7')
})

test('what cannot be filtered is refused with what can', async () => {
  const app = shared()
  const token = await app.tokenFor('ada')
  const refusal = async (query: string) => {
    const answer = await app.call('GET', `/beta/identities?${query}`, { token })
    assert.equal(answer.status, 400)
    return answer.json().messages[0].text
  }

  assert.match(
    await refusal('filters=tenant_id%20eq%20%22globex%22'),
    /cannot be filtered by tenant_id: known are id, /,
  )
  assert.match(await refusal('filters=alias%20co%20%22a%22'), /^alias cannot be filtered with co, only with eq, sw\.$/)
  assert.match(await refusal('sorters=password_hash'), /cannot be sorted by password_hash/)
  assert.match(await refusal('limit=251'), /^limit must be a whole number from 0 to 250\.$/)
  assert.match(await refusal('offset=-1'), /^offset must be/)
})

test('only a token that stands for a user may look, and its scope and level must reach', async () => {
  const app = shared()
  const reasonOf = async (name: string) => {
    const { status, headers } = await app.call('GET', '/v2025/identities', { token: await app.tokenFor(name) })
    return [status, headers['sallyport-reason']]
  }

  assert.deepEqual(await reasonOf('app-nightly'), [403, 'context.user_required'])
  assert.deepEqual(await reasonOf('app-janitor'), [403, 'context.user_required'])
  assert.deepEqual(await reasonOf('paul'), [403, 'scope.beyond_level'])
  assert.deepEqual(await reasonOf('hana'), [200, undefined])
})

test("another tenant's identity is not found, as one that never was", async () => {
  const app = shared()
  const token = await app.tokenFor('ada', 'globex')
  const answers = [identityIdOf('acme', 'ada'), '0'.repeat(32), 'nonsense'].map(async (id) => {
    const read = await app.call('GET', `/v2025/identities/${id}`, { token, host: GLOBEX })
    const deleted = await app.call('DELETE', `/v2025/identities/${id}`, { token, host: GLOBEX })
    return [read.status, deleted.status]
  })

  assert.deepEqual(await Promise.all(answers), [
    [404, 404],
    [404, 404],
    [404, 404],
  ])
  assert.equal((await aliases(app, '/v2025/identities')).includes('ada'), true)
})

test('a deletion takes tokens and credentials along, at once', async (t) => {
  const app = await startTestApp(t, { tenants: [acme()] })
  const own = await app.tokenFor('paul')
  const id = identityIdOf('acme', 'paul')

  const answer = await app.call('DELETE', `/identities/v1/${id}`, { token: await app.tokenFor('app-janitor') })

  assert.deepEqual([answer.status, answer.text], [204, ''])
  assert.equal((await app.call('GET', '/v2025/public-identities', { token: own })).status, 401)
  await assert.rejects(app.tokenFor('paul'), /invalid_client/)
  assert.deepEqual(await aliases(app, '/beta/identities?filters=alias%20eq%20%22paul%22'), [])
  const { db, tenantId } = await app.contextOf()
  const { actor_kind, target_id } = await db
    .selectFrom('audit_event')
    .select(['actor_kind', 'target_id'])
    .where('tenant_id', '=', tenantId)
    .where('action', '=', 'identity.deleted')
    .executeTakeFirstOrThrow()
  assert.deepEqual([actor_kind, target_id], ['client', id])
})

test('whoever is no ORG_ADMIN cannot delete an identity that holds a level', async (t) => {
  const app = await startTestApp(t, { tenants: [acme()] })
  const attempt = async (name: string, alias: string) => {
    const token = await app.tokenFor(name)
    const { status, headers } = await app.call('DELETE', `/v2026/identities/${identityIdOf('acme', alias)}`, { token })
    return [status, headers['sallyport-reason']]
  }

  assert.deepEqual(await attempt('app-janitor', 'hana'), [403, 'resource.denied'])
  assert.deepEqual(await attempt('harry', 'paul'), [403, 'scope.beyond_level'])
  assert.deepEqual(await attempt('ada', 'hana'), [204, undefined])
})

test('of two administrators that delete each other at once, one stays', async (t) => {
  const file = acme() as { identities: object[] }
  const app = await startTestApp(t, {
    tenants: [
      {
        ...file,
        identities: [...file.identities, personFor('acme', 'eve', { userLevels: ['ORG_ADMIN'] }, everything)],
      },
    ],
  })
  const tokens = [await app.tokenFor('ada'), await app.tokenFor('eve')]

  const statuses = await Promise.all(
    ['eve', 'ada'].map(async (victim, index) => {
      const path = `/v2025/identities/${identityIdOf('acme', victim)}`
      return (await app.call('DELETE', path, { token: tokens[index] ?? '' })).status
    }),
  )

  assert.equal(statuses.filter((status) => status === 204).length, 1, statuses.join())
  const { db } = await app.contextOf()
  const left = await db
    .selectFrom('identity_user_level')
    .select('identity_id')
    .where('tenant_id', '=', (await app.contextOf()).tenantId)
    .where('user_level', '=', 'ORG_ADMIN')
    .execute()
  assert.equal(left.length, 1)
})
