import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { identityIdOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp, type TestCall } from '../../../test/support/test-app.ts'

const LEVELS = '/v2025/authorization/custom-user-levels'
const experimental = { 'x-sailpoint-experimental': 'true' }
const adaId = identityIdOf('acme', 'ada')
const paulId = identityIdOf('acme', 'paul')
const desk = { name: 'Front desk', description: 'Looks people up', owner: { id: adaId, name: 'ada' } }

interface World {
  app: TestApp
  /** Calls as ada, with the header that experimental operations ask for. */
  call: (method: string, path: string, body?: object, more?: TestCall) => Promise<TestAnswer>
  /** Creates a level; answers its id. */
  make: (more?: object) => Promise<string>
  publish: (id: string) => Promise<TestAnswer>
  /** Makes these the levels of paul. */
  give: (levels: string[]) => Promise<TestAnswer>
}

async function world(t: TestContext): Promise<World> {
  const app = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true }), tenantFileFor('globex')] })
  const token = await app.tokenFor('ada')
  const call: World['call'] = (method, path, body, more) =>
    app.call(method, path, { token, headers: experimental, ...(body && { body }), ...more })
  return {
    app,
    call,
    make: async (more) => (await call('POST', LEVELS, { ...desk, ...more })).json().id,
    publish: (id) => call('POST', `${LEVELS}/${id}/publish`),
    give: (value) => call('PATCH', `/v2025/auth-users/${paulId}`, [{ op: 'replace', path: '/capabilities', value }]),
  }
}

test('a level is made as a draft, published, changed and deleted in every layout that has levels', async (t) => {
  const { call } = await world(t)

  for (const path of [LEVELS, '/v2026/authorization/custom-user-levels', '/authorization/v1/custom-user-levels']) {
    const made = await call('POST', path, { ...desk, rightSets: ['sallyport:people-read'] })
    const { id } = made.json()
    const published = await call('POST', `${path}/${id}/publish`)
    const patched = await call('PATCH', `${path}/${id}`, [{ op: 'replace', path: '/name', value: 'Reception' }])
    const deleted = await call('DELETE', `${path}/${id}`)

    assert.equal(made.status, 200)
    assert.match(id, /^[0-9a-f]{8}-/)
    assert.partialDeepStrictEqual(made.json(), {
      name: 'Front desk',
      description: 'Looks people up',
      status: 'DRAFT',
      custom: true,
      owner: { id: adaId, name: 'ada' },
      rightSets: [{ id: 'sallyport:people-read', parentId: 'sallyport:people' }],
      associatedIdentitiesCount: 0,
    })
    assert.partialDeepStrictEqual(published.json(), { userLevelId: id, publish: true, status: 'ACTIVE' })
    assert.partialDeepStrictEqual(patched.json(), { id, name: 'Reception', status: 'ACTIVE' })
    assert.deepEqual([deleted.status, (await call('GET', `${path}/${id}`)).status], [204, 404])
  }
})

test('a patch may be an array or wrapped in operations; what cannot be patched stays', async (t) => {
  const { call, make } = await world(t)
  const id = await make()
  const operations = [{ op: 'replace', path: '/rightSets', value: ['sallyport:oversight'] }]
  const type = { headers: { ...experimental, 'content-type': 'application/json-patch+json' } }
  const send = (body: unknown) => call('PATCH', `${LEVELS}/${id}`, undefined, { ...type, body: JSON.stringify(body) })

  const wrapped = await send({ operations })
  const illegal = await send([{ op: 'replace', path: '/status', value: 'ACTIVE' }])
  const unknown = await send([{ op: 'add', path: '/rightSets/-', value: 'sallyport:peple' }])
  const invalid = await send([{ op: 'replace', path: '/name', value: '' }])
  const foreign = await send([{ op: 'replace', path: '/owner', value: { id: identityIdOf('globex', 'ada') } }])

  assert.equal(wrapped.json().rightSets[0].id, 'sallyport:oversight')
  assert.deepEqual([illegal.status, illegal.json().detailCode], [400, '400.1.1 Illegal update attempt'])
  assert.match(
    unknown.json().messages[0].text,
    /There is no right set sallyport:peple: did you mean sallyport:people\?/,
  )
  assert.match(invalid.json().messages[0].text, /leaves no valid level: \/name/)
  assert.equal(foreign.json().detailCode, '400.1.404 Referenced object not found')
})

test('a published level opens what its right sets grant, to tokens that live already, and shrinks with them', async (t) => {
  const { app, call, make, publish, give } = await world(t)
  const id = await make({ rightSets: ['sallyport:people-read'] })
  const rightSets = (value: string[]) =>
    call('PATCH', `${LEVELS}/${id}`, [{ op: 'replace', path: '/rightSets', value }])
  const asDraft = await give([id])
  await publish(id)
  assert.equal((await give([id])).status, 200)
  const token = await app.tokenFor('paul')
  const list = async () => {
    const { status, headers } = await app.call('GET', '/v2025/identities', { token })
    return headers['sallyport-reason'] ?? status
  }

  const granted = await list()
  await rightSets(['sallyport:oversight'])
  const shrunk = await list()
  await rightSets(['sallyport:people'])
  const wholeGroup = await list()
  await rightSets(['sallyport:people', 'sallyport:people-manage'])
  const narrowed = await list()

  assert.match(asDraft.json().messages[0].text, /No custom level of this id is published/)
  assert.deepEqual([granted, shrunk, wholeGroup, narrowed], [200, 'scope.beyond_level', 200, 200])
})

test('a level opens the operations of a catalog that name its scope, whatever levels they name besides', async (t) => {
  const { app, make, publish, give } = await world(t)
  const id = await make({ rightSets: ['scope:idn:access-profile:read'] })
  await publish(id)
  const token = await app.tokenFor('paul')
  const list = async () => (await app.call('GET', '/v3/access-profiles', { token })).status

  const before = await list()
  await give([id])

  assert.deepEqual([before, await list()], [403, 200])
  const explained = await app.call('POST', '/sallyport/v1/explain', {
    token,
    body: { method: 'GET', path: '/v3/access-profiles' },
  })
  assert.equal(explained.json().allowed, true)
})

test('a persona may hold a custom level: what if it were so?', async (t) => {
  const { call, make, publish } = await world(t)
  const id = await make({ rightSets: ['sallyport:people-read'] })
  const asked = {
    method: 'GET',
    path: '/v2025/identities',
    persona: { context: 'user', scopes: ['sp:scopes:all'], userLevels: [id] },
  }
  const persona = `asContext=user&asScopes=sp:scopes:all&asUserLevels=${id}&path=/v2025/identities`
  const explained = async () => (await call('POST', '/sallyport/v1/explain', asked)).json().allowed
  const inMatrix = async () =>
    (await call('GET', `/sallyport/v1/access-matrix?${persona}`))
      .json()
      .find(({ operationId }: { operationId: string }) => operationId === 'listIdentities').allowed

  const asDraft = [await explained(), await inMatrix()]
  await publish(id)

  assert.deepEqual(asDraft, [false, false])
  assert.deepEqual([await explained(), await inMatrix()], [true, true])
})

test('no level can be given what would let its holder outgrow it', async (t) => {
  const { call } = await world(t)

  for (const set of [
    'scope:sp:auth-user:manage',
    'scope:sp:scopes:all',
    'scope:idn:user-level:manage',
    'scope:sallyport:settings:manage',
    'scope:',
    'scope:a b',
    'constructor',
  ]) {
    const { status } = await call('POST', LEVELS, { ...desk, rightSets: [set] })
    assert.equal(status, 400, set)
  }
})

test('the holder of a level that manages people acts on nobody who holds a level, and raises nobody', async (t) => {
  const { app, make, publish, give } = await world(t)
  const id = await make({ rightSets: ['sallyport:people'] })
  await publish(id)
  await give([id])
  const token = await app.tokenFor('paul')
  const attempt = async (method: string, path: string, body?: object) => {
    const { status, headers } = await app.call(method, path, { token, ...(body && { body }) })
    return headers['sallyport-reason'] ?? status
  }

  assert.equal(await attempt('DELETE', `/v2025/identities/${identityIdOf('acme', 'hana')}`), 'resource.denied')
  const raise = [{ op: 'add', path: '/capabilities/-', value: 'ORG_ADMIN' }]
  assert.equal(await attempt('PATCH', `/v2025/auth-users/${paulId}`, raise), 'scope.beyond_level')
})

test('levels need the header, a user, the level ORG_ADMIN and the scope; another tenant has none of them', async (t) => {
  const { app, call, make } = await world(t)
  const id = await make()
  const reasonOf = async (more: TestCall) => {
    const { status, headers } = await call('GET', `${LEVELS}/${id}`, undefined, more)
    return headers['sallyport-reason'] ?? status
  }

  assert.equal(await reasonOf({ headers: {} }), 'header.experimental_required')
  assert.equal(await reasonOf({ token: await app.tokenFor('app-nightly') }), 'context.user_required')
  assert.equal(await reasonOf({ token: await app.tokenFor('hana') }), 'scope.missing')
  assert.equal(await reasonOf({ token: await app.tokenFor('sam') }), 'level.missing')
  const foreign = { token: await app.tokenFor('ada', 'globex'), host: 'globex.api.localhost:8080' }
  assert.equal(await reasonOf(foreign), 404)
  assert.deepEqual((await call('GET', LEVELS, undefined, foreign)).json(), [])
  assert.equal((await call('DELETE', `${LEVELS}/${id}`, undefined, foreign)).status, 404)
  assert.equal((await call('GET', '/v2024/authorization/custom-user-levels')).status, 404)
})

test('names are taken once, whatever their case, and hold only what can be seen', async (t) => {
  const { call, make } = await world(t)
  const id = await make()
  const other = await make({ name: 'Other' })

  const twin = await call('POST', LEVELS, { ...desk, name: 'FRONT DESK' })
  const renamed = await call('PATCH', `${LEVELS}/${other}`, [{ op: 'replace', path: '/name', value: 'front desk' }])
  const odd = await Promise.all(
    ['', 'a\u0000b', 'a\u202eb', 'x'.repeat(129)].map((name) => call('POST', LEVELS, { ...desk, name })),
  )
  const racing = await Promise.all([1, 2, 3].map(() => call('POST', LEVELS, { ...desk, name: 'Race' })))

  assert.deepEqual([twin.status, twin.json().detailCode], [400, '400.1.409 Reference conflict'])
  assert.deepEqual([renamed.status, renamed.json().detailCode], [400, '400.1.409 Reference conflict'])
  assert.deepEqual(
    odd.map(({ status }) => status),
    [400, 400, 400, 400],
  )
  assert.deepEqual(
    racing.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 400, 400],
  )
  assert.equal((await call('GET', `${LEVELS}/${id}`)).json().name, 'Front desk')
})

test('levels are filtered, sorted and counted; a slim list leaves right sets and holders out', async (t) => {
  const { call, make, publish } = await world(t)
  await make({ name: 'Älpha', rightSets: ['sallyport:people'] })
  await publish(await make({ name: 'Beta', description: 'Second' }))
  const list = async (query: string) => (await call('GET', `${LEVELS}?${query}`)).json()
  const filters = (text: string) => list(`filters=${encodeURIComponent(text)}`)

  assert.deepEqual(
    (await filters('name co "äL"')).map(({ name }: { name: string }) => name),
    ['Älpha'],
  )
  assert.deepEqual((await filters('status eq "ACTIVE" and description co "sec"')).length, 1)
  assert.deepEqual(
    (await list('sorters=-name')).map(({ name }: { name: string }) => name),
    ['Älpha', 'Beta'],
  )
  assert.equal((await list('detailLevel=SLIM'))[0].rightSets, undefined)
  assert.equal((await call('GET', `${LEVELS}?limit=51`)).status, 400)
  assert.equal((await call('GET', `${LEVELS}?limit=1&count=true`)).headers['x-total-count'], '2')
})

test('who holds a level is listed and counted, and a level that somebody holds stays', async (t) => {
  const { call, make, publish, give } = await world(t)
  const id = await make()
  await publish(id)
  await give([id])

  const counts = await call('POST', '/v2025/authorization/user-levels/get-identity-count', [
    id,
    'ORG_ADMIN',
    'none',
  ] as never)
  const holders = await call('GET', `/authorization/v1/user-levels/${id}/identities?count=true&sorters=displayName`)
  const administrators = await call('GET', '/v2026/authorization/user-levels/ORG_ADMIN/identities')
  const unknown = await call('GET', `/v2025/authorization/user-levels/${id.replace(/^./, 'f')}0/identities`)
  const kept = await call('DELETE', `${LEVELS}/${id}`)
  await give([])

  assert.deepEqual(counts.json(), [
    { id, count: 1 },
    { id: 'ORG_ADMIN', count: 1 },
    { id: 'none', count: 0 },
  ])
  assert.equal(counts.headers['x-total-count'], '3')
  assert.deepEqual(holders.json(), [{ id: paulId, uid: 'paul', alias: 'paul', displayName: 'paul' }])
  assert.equal(holders.headers['x-total-count'], '1')
  assert.deepEqual(
    administrators.json().map(({ alias }: { alias: string }) => alias),
    ['ada'],
  )
  assert.deepEqual(unknown.json(), [])
  assert.deepEqual([kept.status, kept.json().detailCode], [400, '400.2.1.0 Object in use by another'])
  assert.equal((await call('DELETE', `${LEVELS}/${id}`)).status, 204)
})

test('right sets are told with their children, and the scopes of the catalogs beside them', async (t) => {
  const { call } = await world(t)

  const { json, headers } = await call('GET', '/v2025/authorization/authorization-assignable-right-sets?count=true')

  const sets = json() as { id: string; children: { id: string }[]; nestedConfig: { childrenIds: string[] } }[]
  const people = sets.find(({ id }) => id === 'sallyport:people')
  assert.deepEqual(
    people?.children.map(({ id }) => id),
    ['sallyport:people-read', 'sallyport:people-manage'],
  )
  assert.deepEqual(people?.nestedConfig.childrenIds, ['sallyport:people-read', 'sallyport:people-manage'])
  assert.ok(sets.some(({ id }) => id === 'scope:idn:access-profile:read'))
  assert.ok(!sets.some(({ id }) => id.startsWith('scope:sp:') || id.startsWith('scope:sallyport:')))
  assert.equal(headers['x-total-count'], String(sets.length))
  const refused = await call(
    'GET',
    '/v2025/authorization/authorization-assignable-right-sets?filters=name%20eq%20%22a%22',
  )
  assert.equal(refused.json().messages[0].text, 'These cannot be filtered.')
})

test('of the levels that a hundred and ten at once would make, a hundred are made', async (t) => {
  const { app, call } = await world(t)
  await app.apply({
    ...tenantFileFor('acme', {
      isDefault: true,
      tenant: { settings: { rateLimit: { requests: 1000, windowSeconds: 10 } } },
    }),
  })

  const answers = await Promise.all(
    Array.from({ length: 110 }, (_, index) => call('POST', LEVELS, { ...desk, name: `Level ${index}` })),
  )

  const refused = answers.filter(({ status }) => status !== 200)
  assert.equal(refused.length, 10)
  assert.deepEqual(new Set(refused.map(({ json }) => json().detailCode)), new Set(['400.1.4 Limit violation']))
  assert.equal((await call('GET', `${LEVELS}?limit=1&count=true`)).headers['x-total-count'], '100')
})
