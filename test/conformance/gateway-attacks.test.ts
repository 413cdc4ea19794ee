import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange } from '../support/raw-http.ts'
import { share } from '../support/shared-app.ts'
import { tenantFileFor } from '../support/tenant-fixtures.ts'
import { DOMAIN, startTestApp } from '../support/test-app.ts'
import { apiCatalog, startUpstream } from '../support/upstream.ts'

const settings = { rateLimit: { requests: 100_000, windowSeconds: 1 } }
const responses = { 200: { description: 'ok' } }
const admins = { 'x-sailpoint-userLevels': ['ORG_ADMIN'], security: [{ userAuth: [] }], responses }
const anybody = { security: [{ anyAuth: [] }], responses }

/** An operation that is strict in one version and loose in the other. */
const versioned = (name: string, prefix: string, operation: object, url: string): object =>
  apiCatalog(url, { name, prefix, document: { openapi: '3.1.0', paths: { '/reports': { get: operation } } } })

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const { url } = upstream
  const catalogs = [
    apiCatalog(url),
    versioned('strict', '/v2025', admins, url),
    versioned('loose', '/beta', anybody, url),
  ]
  const app = await startTestApp(owner, {
    tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings }, catalogs })],
  })
  return { app, upstream, token: await app.tokenFor('paul') }
})

/** What comes of a request line and headers as they are, and how many requests the upstream got for it. */
async function attack(path: string, ...headers: string[]): Promise<{ status: number; forwarded: number }> {
  const { app, upstream } = shared()
  const before = upstream.received.length
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${DOMAIN}`, ...headers, 'Connection: close']
  const { status } = await exchange(app.origin, ...lines)
  return { status, forwarded: upstream.received.length - before }
}

/** Ways to /v3/admin, or around what guards it, for somebody who may only call /v3/public. */
const ways: [status: number, ...paths: string[]][] = [
  [
    400,
    '/v3/public/../admin',
    '/v3/public/%2e%2e/admin',
    '/v3/public/.%2E/admin',
    '/v3/public/%2e./admin',
    '/../v3/admin',
  ],
  [400, '/v3/public/..;/admin', '/v3/public;/../admin', '/v3/admin;x', '/v3/;/admin', '/v3/admin%3bx', '/v3/admin%3B'],
  [400, '/v3/public/%252e%252e/admin', '/v3/%61dmin', '/%76%33/admin', '/v3/adm%2569n', '/v3/public%2f..%2fadmin'],
  [400, '/v3/public\\..\\admin', '/v3/public/%5c..%5cadmin', '/v3\\admin', '/v3/admin\\', '/v3%5Cadmin'],
  [
    400,
    '/v3/./admin',
    '/v3/admin/.',
    '/v3/admin%00',
    '/v3/admin%0a',
    '/v3/admin%0d%0aX:%20y',
    '/v3/admin#x',
    '/v3/admin%09',
  ],
  [400, '/v3/public/%c0%ae%c0%ae/admin', '/v3/public/%u002e%u002e/admin', '/v3/admin%', '/v3/admin%f', '/v3/admin%zz'],
  [403, '//v3/admin', '/v3//admin', '/v3/admin/', '///v3///admin///', '/v3/admin?/v3/public', '/v3/admin?x=/../public'],
  [
    404,
    '/V3/admin',
    '/v3/Admin',
    '/v3/admin%20',
    '/v3/admin.',
    '/v3/admin.json',
    '/v3/admin:',
    '/v3/admin%3A',
    '/v3/admin%3Fx',
  ],
  [404, '/v3/admin,', '/v3/admin&', '/v3/public/admin', '/v3/admin%EF%BC%8F', '/admin', '/beta/admin', '/v2025/admin'],
]

for (const [status, ...paths] of ways)
  for (const path of paths)
    test(`GET ${path} is ${status}, and nothing goes up`, async () => {
      const { token } = shared()

      assert.deepEqual(await attack(path, `Authorization: Bearer ${token}`), { status, forwarded: 0 })
    })

test('each version of an operation has its own rule, and the looser one opens no other', async () => {
  const { app, token } = shared()

  const [loose, strict] = await Promise.all(
    ['/beta/reports', '/v2025/reports'].map((path) => app.call('GET', path, { token })),
  )

  assert.deepEqual([loose?.status, strict?.status], [200, 403])
})

/** What a check before the gate, or a lenient proxy, lets through on the word of the caller. */
const excuses: string[][] = [
  ['User-Agent: GoogleHC/1.0'],
  ['User-Agent: kube-probe/1.30'],
  ['User-Agent: ELB-HealthChecker/2.0'],
  ['X-Health: 1'],
  ['X-Forwarded-For: 127.0.0.1'],
  ['X-Forwarded-For: a'],
  [`X-Forwarded-For: ${'1.2.3.4, '.repeat(500)}1.2.3.4`],
  ['X-Forwarded-Host: localhost', 'X-Forwarded-Proto: https'],
  ['Forwarded: for=_hidden;by=%00'],
  ['Cookie: =;;;=%%%; __Host-session'],
  ['Cookie: session=%00%ff%fe'],
  ['X-Original-URL: /v3/public'],
  ['X-Middleware-Subrequest: src/middleware:src/middleware'],
  ['Sallyport-Context: e30.e30.AA'],
  ['X-User-Id: admin', 'X-Identity: admin', 'Remote-User: admin'],
  ['Authorization:'],
  ['Authorization: Negotiate AAAA'],
  ['Via: 1.1 localhost', 'Origin: null', 'Referer: http://localhost:8080/ui'],
]

for (const headers of excuses)
  test(`without a token, ${headers.join(' and ').slice(0, 80)} is no excuse: 401`, async () => {
    for (const path of ['/v3/things', '/v3/admin', '/sallyport/v1/settings'])
      assert.deepEqual(await attack(path, ...headers), { status: 401, forwarded: 0 }, path)
  })

for (const [title, fail] of [
  [
    'throws',
    () => {
      throw new Error('gate is broken')
    },
  ],
  ['rejects', () => Promise.reject(new Error('gate is broken'))],
] as const)
  test(`a gate that ${title} lets nobody through: 500, and nothing of the fault is told`, async (t) => {
    const { app, upstream, token } = shared()
    const before = upstream.received.length
    t.mock.method(app.app.services.bearers, 'authenticate', fail)

    const answers = [
      await app.call('GET', '/v3/things', { token }),
      await app.call('GET', '/sallyport/v1/settings', { token }),
    ]

    for (const { status, text } of answers) {
      assert.equal(status, 500)
      assert.doesNotMatch(text, /broken/)
    }
    assert.equal(upstream.received.length, before)
  })
