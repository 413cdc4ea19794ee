import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { startTestApp, type TestApp, type TestCall } from '../../test/support/test-app.ts'
import { startUpstream } from '../../test/support/upstream.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import type { Owner } from '../../test/support/test-database.ts'

const shared = shareTestApp()
const CATALOGS = '/sallyport/v1/catalogs'
const documentWith = (...paths: string[]) => ({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  security: [{ userAuth: ['orders:read'] }],
  paths: Object.fromEntries(
    paths.map((path) => [path, { get: { responses: { 200: { content: { 'application/json': { example: [1] } } } } } }]),
  ),
})

interface Administered {
  app: TestApp
  token: string
  /** Sends a document as ada, who administers acme. */
  send: (
    method: 'POST' | 'PUT',
    query: string,
    document: TestCall['body'],
    more?: TestCall,
  ) => ReturnType<TestApp['call']>
}

async function administered(t: Owner, app?: TestApp): Promise<Administered> {
  const running = app ?? (await startTestApp(t))
  const token = await running.tokenFor('ada')
  return {
    app: running,
    token,
    send: (method, query, body, more = {}) =>
      running.call(method, `${CATALOGS}${query}`, { token, ...more, ...(body === undefined ? {} : { body }) }),
  }
}

test('a document that is sent is served at once, is listed, shown and removed, each with its audit event', async (t) => {
  const { app, token, send } = await administered(t)

  const added = await send('POST', '?name=orders&prefix=/v3&upstream=sample', documentWith('/orders'))
  const served = await app.call('GET', '/v3/orders', { token })
  const list = await app.call('GET', CATALOGS, { token })
  const shown = await app.call('GET', `${CATALOGS}/orders`, { token })
  const removed = await app.call('DELETE', `${CATALOGS}/orders`, { token })
  const afterwards = await app.call('GET', '/v3/orders', { token })
  const again = await app.call('DELETE', `${CATALOGS}/orders`, { token })

  assert.deepEqual([added.status, added.json().operations, served.status, served.json()], [201, 1, 200, [1]])
  assert.deepEqual(
    list.json().map(({ name, prefix }: Record<string, string>) => [name, prefix]),
    [
      ['orders', '/v3'],
      ['sample', ''],
    ],
  )
  assert.deepEqual(shown.json(), added.json())
  assert.deepEqual([removed.status, afterwards.status, again.status], [204, 404, 404])
  const { db, tenantId } = await app.contextOf()
  const events = await db
    .selectFrom('audit_event')
    .select(['action', 'actor_kind', 'tracking_id'])
    .where('tenant_id', '=', tenantId)
    .where('target_kind', '=', 'catalog')
    .where('target_id', '=', 'orders')
    .orderBy('position')
    .execute()
  assert.deepEqual(events, [
    { action: 'catalog.imported', actor_kind: 'identity', tracking_id: added.headers['slpt-request-id'] },
    { action: 'catalog.removed', actor_kind: 'identity', tracking_id: removed.headers['slpt-request-id'] },
  ])
})

test('a document is taken as JSON, YAML or gzip, whatever it is called', async (t) => {
  const { send } = await administered(t)
  const json = JSON.stringify(documentWith('/a'))
  const yaml = 'openapi: 3.1.0\nsecurity: [{ userAuth: [] }]\npaths: { /b: { get: {} } }\n'

  const answers = [
    await send('POST', '?name=a&upstream=sample', json, { headers: { 'content-type': 'application/json' } }),
    await send('POST', '?name=b&upstream=sample', yaml, { headers: { 'content-type': 'application/yaml' } }),
    await send('POST', '?name=c&upstream=sample&prefix=/c', gzipSync(json), {
      headers: { 'content-type': 'application/gzip' },
    }),
    await send('POST', '?name=d&upstream=sample&prefix=/d', gzipSync(yaml), {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  ]

  assert.deepEqual(
    answers.map(({ status, text }) => [status, JSON.parse(text).operations]),
    [
      [201, 1],
      [201, 1],
      [201, 1],
      [201, 1],
    ],
  )
})

test('a replaced catalog keeps what the request leaves out, and serves the new document alone', async (t) => {
  const { app, token, send } = await administered(t)
  await send('POST', '?name=orders&prefix=/v3&upstream=sample&schemes=bearerAuth:user', documentWith('/orders'))
  const document = { ...documentWith('/parcels'), security: [{ bearerAuth: [] }] }

  const replaced = await send('PUT', '/orders', document)
  const statuses = await Promise.all(
    ['/v3/orders', '/v3/parcels'].map(async (path) => (await app.call('GET', path, { token })).status),
  )

  assert.deepEqual([replaced.status, statuses], [200, [404, 200]])
  assert.deepEqual([replaced.json().prefix, replaced.json().schemes], ['/v3', { bearerAuth: 'user' }])
})

test('a dry run says what would come of it, and changes nothing', async (t) => {
  const { app, token, send } = await administered(t)

  const tried = await send('POST', '?name=orders&prefix=/v3&upstream=sample&dryRun=true', documentWith('/orders'))
  const refused = await send('POST', '?name=more&upstream=sample&dryRun=true', documentWith('/v3/sources'))

  assert.deepEqual([tried.status, tried.json().operations], [200, 1])
  assert.match(refused.json().messages[0].text, /GET \/v3\/sources of the catalog more is claimed/)
  assert.equal((await app.call('GET', CATALOGS, { token })).json().length, 1)
})

test('what an import assumed, what lets nobody in and what our own routes hide is told', async (t) => {
  const { send } = await administered(t)
  const document = {
    openapi: '3.0.3',
    paths: {
      '/assumed': { get: { security: [] } },
      '/closed': { get: { security: [{ otherAuth: [] }] } },
      '/oauth/token': { get: { security: [{}] } },
      '/sallyport/v1/explain': { post: { security: [{}] } },
    },
  }

  const { operations, assumed, unusable, notes } = (await send('POST', '?name=odd&upstream=sample', document)).json()

  assert.deepEqual([operations, assumed, unusable], [2, 1, 1])
  assert.deepEqual(
    notes.map(({ kind, pointer }: Record<string, string>) => [kind, pointer]),
    [
      ['assumed', '/paths/~1assumed/get/security'],
      ['unusable', '/paths/~1closed/get/security/0'],
      ['unusable', '/paths/~1closed/get'],
      ['ignored', '/paths/~1oauth~1token/get'],
      ['ignored', '/paths/~1sallyport~1v1~1explain/post'],
    ],
  )
})

for (const [what, query, document, pattern] of [
  ['no document', '?name=orders&upstream=sample', undefined, /Send the OpenAPI document as the body/],
  ['text that is no document', '?name=orders&upstream=sample', 'orders', /orders: line 1: is not an OpenAPI document/],
  [
    'broken JSON',
    '?name=orders&upstream=sample',
    '{"openapi": "3.1.0",\n "paths" }',
    /orders: line 2: is not valid JSON/,
  ],
  ['an old document', '?name=orders&upstream=sample', { swagger: '2.0' }, /orders: \/swagger: this is Swagger 2.0/],
  ['no upstream', '?name=orders', documentWith('/orders'), /Say what answers for the catalog/],
  ['no name', '?upstream=sample', documentWith('/orders'), /name/],
  ['a strange name', '?name=../x&upstream=sample', documentWith('/orders'), /name/],
  [
    'a name that is taken',
    '?name=sample&upstream=sample&prefix=/x',
    documentWith('/orders'),
    /There is a catalog sample/,
  ],
  [
    'a claimed operation',
    '?name=orders&upstream=sample',
    documentWith('/v3/sources'),
    /is claimed by the catalog sample/,
  ],
  ['an impossible time-out', '?name=orders&upstream=sample&idle=9', documentWith('/orders'), /idle/],
  [
    'a file of the server',
    '?name=orders&upstream=sample&caFile=/etc/passwd',
    documentWith('/orders'),
    /takes no parameter caFile/,
  ],
] as const) {
  test(`${what} is refused with 400, where and why`, async (t) => {
    const { send } = await administered(t, shared())

    const answer = await send('POST', query, document)

    assert.equal(answer.status, 400)
    assert.match(answer.json().messages[0].text, pattern)
  })
}

test('an upstream is named over HTTP only where the operator allows it, or it was there already', async (t) => {
  const upstream = await startUpstream(t)
  const catalog = { name: 'own', document: documentWith('/own'), upstream: `${upstream.url}/api` }
  const app = await startTestApp(t, {
    tenants: [tenantFileFor('acme', { isDefault: true, catalogs: [catalog] })],
    allowedUpstreams: ['https://orders.example/api'],
  })
  const { send } = await administered(t, app)
  const upstreams = [
    'http://169.254.169.254/latest',
    'http://127.0.0.1:9090',
    'https://orders.example',
    'https://orders.example/apiary',
    'https://orders.example:8443/api',
    'https://orders.example/api/../admin',
    'https://orders.example@evil.example/api',
    `${upstream.url}/other`,
  ]

  const refused = await Promise.all(
    upstreams.map((url, at) =>
      send('POST', `?name=n${at}&prefix=/n${at}&upstream=${encodeURIComponent(url)}`, documentWith('/a')),
    ),
  )
  const allowed = await send('POST', '?name=a&prefix=/a&upstream=https://orders.example/api/v2', documentWith('/a'))
  const kept = await send('PUT', '/own?idle=5000', documentWith('/own'))

  assert.deepEqual(
    refused.map(({ status }) => status),
    upstreams.map(() => 400),
  )
  assert.match(refused[0]?.json().messages[0].text, /may not be named over HTTP/)
  assert.equal(allowed.status, 201)
  assert.deepEqual(kept.json().upstream, {
    kind: 'http',
    url: `${upstream.url}/api`,
    customCa: false,
    faults: [],
    timeouts: { connect: 2000, firstByte: 10_000, idle: 5000 },
  })
})

test('who does not administer the tenant, or lacks the scope, may neither see nor change catalogs', async (t) => {
  const { app, send } = await administered(t)
  const [paul, nightly, other] = [
    await app.tokenFor('paul'),
    await app.tokenFor('app-nightly'),
    await app.tokenFor('ada', 'globex'),
  ]
  const host = 'globex.api.localhost:8080'

  const seen = await app.call('GET', CATALOGS, { token: paul })
  const changed = await send('POST', '?name=o&upstream=sample', documentWith('/o'), { token: paul })
  const application = await app.call('DELETE', `${CATALOGS}/sample`, { token: nightly })
  const nobody = await app.call('GET', CATALOGS)
  const theirs = await app.call('DELETE', `${CATALOGS}/sample`, { token: other, host })
  const ours = await app.call('GET', `${CATALOGS}/sample`, { token: await app.tokenFor('ada') })

  assert.deepEqual([seen.status, seen.headers['sallyport-reason']], [403, 'level.missing'])
  assert.deepEqual([changed.status, changed.headers['sallyport-reason']], [403, 'level.missing'])
  assert.deepEqual([application.status, application.headers['sallyport-reason']], [403, 'context.user_required'])
  assert.deepEqual([nobody.status, theirs.status, ours.status], [401, 204, 200])
})

test('of racing imports that claim one operation, or one name, one is taken', async (t) => {
  const { app, token, send } = await administered(t)
  const racing = [1, 2, 3, 4]

  const claims = await Promise.all(
    racing.map((n) => send('POST', `?name=c${n}&upstream=sample`, documentWith('/o/{id}'))),
  )
  const names = await Promise.all(
    racing.map((n) => send('POST', `?name=same&prefix=/p${n}&upstream=sample`, documentWith('/n'))),
  )

  for (const answers of [claims, names]) assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal((await app.call('GET', CATALOGS, { token })).json().length, 3)
})

test('no request is dropped or answered by half a document while a catalog is replaced', async (t) => {
  const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }
  const hurried = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } })] })
  const { app, token, send } = await administered(t, hurried)
  const [old, young] = [documentWith('/both', '/old'), documentWith('/both', '/young')]
  await send('POST', '?name=swapped&upstream=sample', old)
  const statuses = new Set<number>()
  let isOver = false
  const callers = [1, 2, 3, 4].map(async () => {
    while (!isOver) statuses.add((await app.call('GET', '/both', { token })).status)
  })

  for (let turn = 0; turn < 6; turn++) assert.equal((await send('PUT', '/swapped', turn % 2 ? old : young)).status, 200)
  isOver = true
  await Promise.all(callers)

  assert.deepEqual([...statuses], [200])
})
