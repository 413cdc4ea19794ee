import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { customLevel, giveLevels } from '../../test/support/custom-levels.ts'
import { credentialOf, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestApp } from '../../test/support/test-app.ts'

const pathOf = (name: string, tenant = 'acme') => `/sallyport/v1/credentials/${credentialOf(tenant, name).clientId}`
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

const operation = (...scopes: string[]) => ({
  security: [{ userAuth: scopes }, { applicationAuth: scopes }],
  'x-sailpoint-userLevels': ['Any'],
  responses: { 200: { description: 'Done' } },
})
const document = {
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  paths: {
    '/orders': { get: operation('orders:read', 'orders:manage'), post: operation('orders:manage') },
    '/orders/{id}': { get: operation('orders:read', 'orders:manage') },
    '/stock': { get: operation('stock:read', 'stock:manage'), put: operation('stock:manage') },
    '/ping': { get: { security: [], responses: { 200: { description: 'Pong' } } } },
  },
}
const catalogs = [{ name: 'orders', document, prefix: '/v3', upstream: 'sample' }]

async function calling(t: TestContext) {
  const app = await startTestApp(t, {
    tenants: [tenantFileFor('acme', { isDefault: true, catalogs }), tenantFileFor('globex', { catalogs })],
  })
  const as = async (name: string, calls: readonly string[]) => {
    const token = await app.tokenFor(name)
    for (const call of calls) {
      const [method = '', path = ''] = call.split(' ')
      assert.equal((await app.call(method, path, { token })).status, 200, call)
    }
  }
  const ask = async (by: string, method: string, path: string, body?: object) =>
    app.call(method, path, { token: await app.tokenFor(by), ...(body && { body }) })
  return { app, as, ask }
}

test('the smallest scope list allows every call that was seen, and is the narrowest of its length', async (t) => {
  const { as, ask } = await calling(t)
  await as('sam', ['GET /v3/orders', 'GET /v3/orders/7', 'GET /v3/stock', 'GET /v3/ping'])

  const answer = await ask('ada', 'GET', `${pathOf('sam')}/right-size`)

  assert.equal(answer.status, 200)
  const { granted, smallest, isSmallest, unneeded, operations, unjudged } = answer.json()
  assert.deepEqual([granted, smallest, isSmallest], [['sp:scopes:all'], ['orders:read', 'stock:read'], true])
  assert.deepEqual([unneeded, unjudged], [['sp:scopes:all'], []])
  const byPath = Object.fromEntries(
    operations.map((each: { path: string; scopes: string[] }) => [each.path, each.scopes]),
  )
  assert.deepEqual(byPath['/v3/orders/{id}'], ['orders:read'])
  assert.deepEqual(byPath['/v3/ping'], [])
})

test('one scope that opens two operations is better than two that open one each', async (t) => {
  const { as, ask } = await calling(t)
  await as('app-nightly', ['GET /v3/orders', 'POST /v3/orders'])

  const { smallest } = (await ask('app-nightly', 'GET', `${pathOf('app-nightly')}/right-size`)).json()

  assert.deepEqual(smallest, ['orders:manage'])
})

test('what only a custom level of its owner opened is judged like everything else', async (t) => {
  const app = await startTestApp(t)
  await giveLevels(app, 'paul', await customLevel(app, 'scope:idn:access-profile:read'))
  assert.equal((await app.call('GET', '/v3/access-profiles', { token: await app.tokenFor('paul') })).status, 200)

  const answer = await app.call('GET', `${pathOf('paul')}/right-size`, { token: await app.tokenFor('ada') })

  assert.deepEqual([answer.json().smallest, answer.json().unjudged], [['idn:access-profile:read'], []])
})

test('nothing is proposed for a credential that called nothing', async (t) => {
  const { ask } = await calling(t)

  const { smallest, unneeded, summary } = (await ask('ada', 'GET', `${pathOf('paul')}/right-size`)).json()

  assert.deepEqual([smallest, unneeded], [null, []])
  assert.match(summary, /nothing can be said/)
})

test('a shadow scope refuses nothing, and counts what it would have refused', async (t) => {
  const { as, ask } = await calling(t)
  const scope = ['orders:read']
  assert.equal((await ask('ada', 'PUT', `${pathOf('sam')}/shadow-scope`, { scope })).status, 200)

  await as('sam', ['GET /v3/orders', 'POST /v3/orders', 'POST /v3/orders', 'GET /v3/stock'])
  await as('app-nightly', ['GET /v3/stock'])

  const { wouldRefuse, scope: shown } = (await ask('sam', 'GET', `${pathOf('sam')}/shadow-scope`)).json()
  assert.deepEqual(shown, scope)
  assert.deepEqual(
    wouldRefuse.map((each: { method: string; path: string; calls: number }) => [each.method, each.path, each.calls]),
    [
      ['POST', '/v3/orders', 2],
      ['GET', '/v3/stock', 1],
    ],
  )
})

test('an applied shadow scope is the scope of new tokens, and is in the audit trail', async (t) => {
  const { app, ask } = await calling(t)
  for (const name of ['sam', 'app-nightly']) {
    await ask('ada', 'PUT', `${pathOf(name)}/shadow-scope`, { scope: ['orders:read'] })

    assert.equal((await ask('ada', 'POST', `${pathOf(name)}/shadow-scope/apply`)).status, 204)

    const token = await app.tokenFor(name)
    assert.deepEqual(claimsOf(token).scope, ['orders:read'])
    assert.equal((await app.call('GET', '/v3/orders', { token })).status, 200)
    assert.equal((await app.call('GET', '/v3/stock', { token })).headers['sallyport-reason'], 'scope.missing')
    assert.equal((await ask('ada', 'GET', `${pathOf(name)}/shadow-scope`)).status, 404)
  }
  assert.deepEqual(await actionsOn(app), [
    'oauth_client.scope_narrowed',
    'oauth_client.shadow_started',
    'personal_access_token.scope_narrowed',
    'personal_access_token.shadow_started',
  ])
})

async function actionsOn(app: TestApp): Promise<string[]> {
  const { db, tenantId } = await app.contextOf()
  const rows = await db
    .selectFrom('audit_event')
    .select('action')
    .where('tenant_id', '=', tenantId)
    .where('actor_kind', '=', 'identity')
    .orderBy('action')
    .execute()
  return rows.map(({ action }) => action)
}

test('a dropped shadow scope leaves everything as it was', async (t) => {
  const { app, ask } = await calling(t)
  await ask('sam', 'PUT', `${pathOf('sam')}/shadow-scope`, { scope: ['orders:read'] })

  assert.equal((await ask('sam', 'DELETE', `${pathOf('sam')}/shadow-scope`)).status, 204)

  assert.deepEqual(claimsOf(await app.tokenFor('sam')).scope, ['sp:scopes:all'])
  assert.equal((await ask('sam', 'DELETE', `${pathOf('sam')}/shadow-scope`)).status, 404)
})

test('of many that apply a shadow scope at once one does', async (t) => {
  const { app, ask } = await calling(t)
  await ask('ada', 'PUT', `${pathOf('sam')}/shadow-scope`, { scope: ['orders:read'] })
  const token = await app.tokenFor('ada')

  const answers = await Promise.all(
    Array.from({ length: 6 }, () => app.call('POST', `${pathOf('sam')}/shadow-scope/apply`, { token })),
  )

  assert.equal(answers.filter(({ status }) => status === 204).length, 1)
  assert.equal(answers.filter(({ status }) => status === 404).length, 5)
})

test('a shadow scope is narrower than what is held, and than the token that sets it', async (t) => {
  const { ask } = await calling(t)

  const wider = await ask('ada', 'PUT', `${pathOf('hana')}/shadow-scope`, { scope: ['orders:read'] })
  const narrow = await ask('hana', 'PUT', `${pathOf('hana')}/shadow-scope`, { scope: ['idn:identity:read'] })

  assert.equal(wider.status, 400)
  assert.equal(narrow.status, 404)
  for (const scope of [[], ['a b'], ['"'], 'orders:read'])
    assert.equal((await ask('ada', 'PUT', `${pathOf('sam')}/shadow-scope`, { scope })).status, 400)
})

test('nobody looks at, or narrows, what belongs to others or to another tenant', async (t) => {
  const { ask } = await calling(t)
  const body = { scope: ['orders:read'] }

  for (const [by, of, tenant] of [
    ['paul', 'sam', 'acme'],
    ['app-nightly', 'sam', 'acme'],
    ['ada', 'sam', 'globex'],
  ] as const) {
    assert.equal((await ask(by, 'GET', `${pathOf(of, tenant)}/right-size`)).status, 404)
    assert.equal((await ask(by, 'GET', `${pathOf(of, tenant)}/shadow-scope`)).status, 404)
    assert.equal((await ask(by, 'PUT', `${pathOf(of, tenant)}/shadow-scope`, body)).status, 404)
  }
})
