import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp } from '../../test/support/test-app.ts'
import { setScopeGrant } from './import.ts'

const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }

/** A document of many operations, as YAML, which takes long to read. Each speaks of its `mark`. */
function largeDocument(mark: string, { operations = 400, more = '' } = {}): string {
  const operation = (at: number): string => `
  /${mark}/things-${at}/{id}:
    get:
      operationId: get${mark}${at}
      summary: One of the things, number ${at}
      security: [{ userAuth: ['things:read', 'things:manage'] }, { applicationAuth: ['things:read'] }]
      parameters:
        - { name: id, in: path, required: true, schema: { type: string }, description: Which one of them }
      responses:
        '200': { description: It, content: { application/json: { schema: { type: object }, example: { id: ${at} } } } }
        '404': { description: None }`
  const all = Array.from({ length: operations }, (_, at) => operation(at)).join('')
  return `openapi: 3.1.0\ninfo: { title: ${mark}, version: '1' }\npaths:\n  /both: { get: { security: [{}], responses: { '200': { description: It } } } }${all}\n${more}`
}

async function start(t: TestContext, onStatement: (sql: string) => void = () => {}) {
  const tenants = [tenantFileFor('acme', { isDefault: true, tenant: { settings } })]
  const app = await startTestApp(t, { tenants, onStatement })
  const token = await app.tokenFor('ada')
  const send = (method: 'POST' | 'PUT', query: string, body: string | Buffer): Promise<TestAnswer> =>
    app.call(method, `/sallyport/v1/catalogs${query}`, { token, body, headers: { 'content-type': 'text/plain' } })
  return { app, token, send }
}

/** What comes of calling a path again and again, in turn, while something else is done. */
async function callsDuring(app: TestApp, path: string, token: string, done: Promise<unknown>): Promise<number[]> {
  let isOver = false
  const over = done.finally(() => (isOver = true))
  const statuses: number[] = []
  while (!isOver) statuses.push((await app.call('GET', path, { token })).status)
  await over
  return statuses
}

test('while a document of 1,700 operations is read, everybody else is served', async (t) => {
  const { app, token, send } = await start(t)
  const document = largeDocument('one', { operations: 1700 })

  const importing = send('POST', '?name=large&prefix=/large&upstream=sample', document)
  const statuses = await callsDuring(app, '/v3/sources', token, importing)

  const { status, ...answer } = await importing
  assert.deepEqual([status, answer.json().operations], [201, 1701])
  assert.ok(statuses.length > 25, `${statuses.length} requests were served meanwhile`)
  assert.deepEqual([...new Set(statuses)], [200])
  assert.deepEqual((await app.call('GET', '/large/one/things-7/x', { token })).json(), { id: 7 })
})

test('while it is read again, as by a server that was started anew, everybody else is served', async (t) => {
  const { app, token, send } = await start(t)
  await send('POST', '?name=large&prefix=/large&upstream=sample', largeDocument('one'))
  await app.restart()

  const first = app.call('GET', '/large/both', { token })
  const statuses = await callsDuring(app, '/oauth/info', token, first)

  assert.equal((await first).status, 200)
  assert.ok(statuses.length > 25, `${statuses.length} requests were served meanwhile`)
})

test('large documents that come at once are all taken, and what is wrong with one is told as of a small one', async (t) => {
  const { send } = await start(t)
  const broken = largeDocument('broken', { more: '  /broken: { get: [] ' })

  const answers = await Promise.all([
    send('POST', '?name=one&prefix=/one&upstream=sample', gzipSync(largeDocument('one'))),
    send('POST', '?name=broken&prefix=/broken&upstream=sample', broken),
    send('POST', '?name=bomb&prefix=/bomb&upstream=sample', gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '))),
    send('POST', '?name=two&prefix=/two&upstream=sample', largeDocument('two')),
  ])

  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 400, 400, 201],
  )
  const texts = answers.slice(1, 3).map((answer) => answer.json().messages[0].text)
  assert.match(texts[0], /^broken: line \d+: /)
  assert.match(texts[1], /^bomb: is larger than 64 MiB; split the document/)
})

test('no request is dropped while a large catalog is replaced by another', async (t) => {
  const { app, token, send } = await start(t)
  await send('POST', '?name=large&prefix=/large&upstream=sample', largeDocument('old'))

  const replacing = send('PUT', '/large?upstream=sample', largeDocument('young'))
  const callers = [1, 2, 3].map(() => callsDuring(app, '/large/both', token, replacing))
  const statuses = (await Promise.all(callers)).flat()

  assert.equal((await replacing).status, 200)
  assert.deepEqual([...new Set(statuses)], [200])
  const [old, young] = await Promise.all(
    ['old', 'young'].map((mark) => app.call('GET', `/large/${mark}/things-1/x`, { token })),
  )
  assert.deepEqual([old?.status, young?.status], [404, 200])
})

test('of many requests that come after a change, one reads the catalogs for all', async (t) => {
  const readings: string[] = []
  const onStatement = (sql: string): void => void (/from "scope_grant"/.test(sql) && readings.push(sql))
  const { app, token } = await start(t, onStatement)
  const { db } = await app.contextOf()

  for (let turn = 0; turn < 3; turn++) {
    const ctx = await app.contextOf()
    await db.transaction().execute((tx) => setScopeGrant(tx, ctx, { scope: 'x:read', userLevels: [`LEVEL_${turn}`] }))
    await app.installation.changes.catchUp()
    readings.length = 0
    const calls = Array.from({ length: 60 }, () => app.call('GET', '/v3/sources', { token }))
    for (const { status } of await Promise.all(calls)) assert.equal(status, 200)
    assert.equal(readings.length, 1)
  }
})
