import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp } from '../../../test/support/test-app.ts'

const everything = { scope: ['sp:scopes:all'] }
const file = tenantFileFor('acme', {
  isDefault: true,
  identities: [personFor('acme', 'eve', { userLevels: ['ORG_ADMIN'] }, everything)],
})

interface World {
  app: TestApp
  /** Patches the levels of somebody, as somebody. */
  patch: (as: string, alias: string, patch: unknown, options?: { path?: string; type?: string }) => Promise<TestAnswer>
  give: (as: string, alias: string, capabilities: unknown) => Promise<TestAnswer>
}

async function world(t: TestContext): Promise<World> {
  const app = await startTestApp(t, { tenants: [file, tenantFileFor('globex')] })
  const patch: World['patch'] = async (
    as,
    alias,
    body,
    { path = '/v3/auth-users/', type = 'application/json-patch+json' } = {},
  ) =>
    app.call('PATCH', `${path}${identityIdOf('acme', alias)}`, {
      token: await app.tokenFor(as),
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    })
  return {
    app,
    patch,
    give: (as, alias, value) => patch(as, alias, [{ op: 'replace', path: '/capabilities', value }]),
  }
}

const told = ({ status, headers, json }: TestAnswer) => ({
  status,
  reason: headers['sallyport-reason'],
  detailCode: json().detailCode,
})

test('an auth user is read and its capabilities patched in every layout', async (t) => {
  const { app, patch } = await world(t)
  const token = await app.tokenFor('ada')
  const id = identityIdOf('acme', 'paul')
  const layouts = [
    '/v3/auth-users/',
    '/v2024/auth-users/',
    '/v2025/auth-users/',
    '/v2026/auth-users/',
    '/auth-users/v1/',
  ]

  for (const [index, path] of layouts.entries()) {
    const levels = index % 2 === 0 ? ['CERT_ADMIN', 'HELPDESK'] : []
    const patched = await patch('ada', 'paul', [{ op: 'replace', path: '/capabilities', value: levels }], { path })
    assert.partialDeepStrictEqual(patched.json(), {
      id,
      tenant: 'acme',
      alias: 'paul',
      uid: 'paul',
      capabilities: levels,
    })
    assert.deepEqual((await app.call('GET', `${path}${id}`, { token })).json(), patched.json())
  }
  assert.equal((await app.call('GET', `/beta/auth-users/${id}`, { token })).status, 404)
})

test('a patch adds and removes single capabilities, and plain JSON will do', async (t) => {
  const { patch } = await world(t)
  const added = await patch('ada', 'hana', [{ op: 'add', path: '/capabilities/-', value: 'REPORT_ADMIN' }])
  const removed = await patch('ada', 'hana', [{ op: 'remove', path: '/capabilities/0' }], { type: 'application/json' })

  assert.deepEqual(added.json().capabilities, ['HELPDESK', 'REPORT_ADMIN'])
  assert.deepEqual(removed.json().capabilities, ['REPORT_ADMIN'])
})

test('nothing but capabilities can be patched, and nothing changes where one operation fails', async (t) => {
  const { app, patch } = await world(t)
  const illegal = { status: 400, reason: undefined, detailCode: '400.1.1 Illegal update attempt' }
  const raise = { op: 'replace', path: '/capabilities', value: ['ORG_ADMIN'] }

  for (const path of ['/email', '/id', '/tenant', '', '/alias/0'])
    assert.deepEqual(told(await patch('ada', 'paul', [raise, { op: 'replace', path, value: 'x' }])), illegal)
  const failed = await patch('ada', 'paul', [raise, { op: 'test', path: '/alias', value: 'sam' }])

  assert.equal(failed.status, 400)
  const read = await app.call('GET', `/v3/auth-users/${identityIdOf('acme', 'paul')}`, {
    token: await app.tokenFor('ada'),
  })
  assert.deepEqual(read.json().capabilities, [])
})

test('levels that do not exist, exclude each other or are no list are refused with what can be given', async (t) => {
  const { give } = await world(t)
  const refusal = async (value: unknown) => {
    const { status, json } = await give('ada', 'paul', value)
    assert.equal(status, 400)
    return json().messages[0].text
  }

  assert.match(await refusal(['HELPDESKS']), /HELPDESKS is no user level that can be assigned: did you mean HELPDESK\?/)
  assert.match(await refusal(['USER']), /USER is no user level/)
  assert.match(await refusal(['API']), /API is no user level/)
  assert.match(
    await refusal(['ROLE_ADMIN', 'SOURCE_SUBADMIN']),
    /Nobody can hold ROLE_ADMIN and SOURCE_SUBADMIN together/,
  )
  assert.match(await refusal(['SOURCE_ADMIN', 'SOURCE_CONFIG_ASSIGNEE']), /together/)
  assert.match(await refusal('HELPDESK'), /must be a list/)
  assert.match(await refusal([1]), /must be a list/)
})

test('nobody raises themselves, and nobody but an ORG_ADMIN raises anybody', async (t) => {
  const { app, give, patch } = await world(t)
  await app.apply({ ...file, scopeGrants: { 'sp:auth-user:manage': ['ORG_ADMIN', 'SOURCE_ADMIN'] } })
  const denied = { status: 403, reason: 'resource.denied', detailCode: '403 Forbidden' }

  assert.deepEqual(told(await give('ada', 'ada', ['ORG_ADMIN', 'HELPDESK'])), denied)
  assert.deepEqual(told(await patch('ada', 'ada', [{ op: 'add', path: '/capabilities/-', value: 'HELPDESK' }])), denied)
  assert.deepEqual(told(await give('sam', 'paul', ['ORG_ADMIN'])), denied)
  assert.deepEqual(told(await give('sam', 'sam', ['ORG_ADMIN'])), denied)
  assert.deepEqual(told(await give('sam', 'ada', [])), denied)
  assert.equal((await give('ada', 'ada', [])).status, 200)
})

test('an application token, a foreign tenant and a missing scope get nothing', async (t) => {
  const { app, give } = await world(t)
  const path = `/v3/auth-users/${identityIdOf('acme', 'paul')}`
  const foreign = await app.call('GET', path, {
    token: await app.tokenFor('ada', 'globex'),
    host: 'globex.api.localhost:8080',
  })

  assert.equal((await give('app-nightly', 'paul', ['HELPDESK'])).headers['sallyport-reason'], 'context.user_required')
  assert.equal((await give('hana', 'paul', ['HELPDESK'])).headers['sallyport-reason'], 'scope.missing')
  assert.equal(foreign.status, 404)
})

test('a level that is given opens doors to tokens issued before, and one that is taken ends them', async (t) => {
  const { app, give } = await world(t)
  const token = await app.tokenFor('paul')
  const list = async () => (await app.call('GET', '/v2025/identities', { token })).status

  const before = await list()
  await give('ada', 'paul', ['HELPDESK'])
  const during = await list()
  await give('ada', 'paul', [])

  assert.deepEqual([before, during, await list()], [403, 200, 401])
})

test('the last ORG_ADMIN keeps the level, also when two take it from each other at once', async (t) => {
  const { app, give } = await world(t)

  const statuses = (await Promise.all([give('ada', 'eve', []), give('eve', 'ada', [])])).map(({ status }) => status)

  assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join())
  const { db, tenantId } = await app.contextOf()
  const query = db.selectFrom('identity_user_level').select('identity_id').where('user_level', '=', 'ORG_ADMIN')
  const [last, ...others] = await query.where('tenant_id', '=', tenantId).execute()
  assert.deepEqual(others, [])
  const alias = last?.identity_id === identityIdOf('acme', 'ada') ? 'ada' : 'eve'
  assert.match((await give(alias, alias, [])).json().messages[0].text, /^This is the last ORG_ADMIN/)
})
