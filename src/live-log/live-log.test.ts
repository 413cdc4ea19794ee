import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request as sendRequest } from 'node:http'
import { type TestContext, test } from 'node:test'
import { createParser } from 'eventsource-parser'
import { onEnd } from '../../test/support/on-end.ts'
import { credentialOf, identityIdOf, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS, startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { isPostgres } from '../../test/support/test-database.ts'

const LOG = '/sallyport/v1/log'
const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }

const start = (t: TestContext): Promise<TestApp> =>
  startTestApp(t, {
    tenants: [
      tenantFileFor('acme', { isDefault: true, tenant: { settings } }),
      tenantFileFor('globex', { tenant: { settings } }),
    ],
  })

interface Told {
  event: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test knows what it listens to
  data: any
}

interface Listening {
  answer: IncomingMessage
  /** The next event; undefined once the stream has ended. */
  next: () => Promise<Told | undefined>
}

interface Asked {
  query?: string
  token?: string
  host?: string
}

/** Opens a stream without reading it. */
async function open(t: TestContext, app: TestApp, { query = '', token, host = DOMAIN }: Asked = {}) {
  const authorization = `Bearer ${token ?? (await app.tokenFor('ada'))}`
  const request = sendRequest(`${app.origin}${LOG}${query}`, { headers: { host, authorization }, agent: false })
  onEnd(t, () => request.destroy())
  request.end()
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.on('error', () => {})
  return answer
}

/** Opens a stream, past the event that says what it covers. */
async function listen(t: TestContext, app: TestApp, asked: Asked = {}): Promise<Listening & { covers: string }> {
  const answer = await open(t, app, asked)
  const next = reader(answer)
  const opened = await next()
  assert.equal(opened?.event, 'open')
  return { answer, next, covers: opened.data.covers }
}

function reader(answer: IncomingMessage): Listening['next'] {
  const events: Told[] = []
  const parser = createParser({
    onEvent: ({ event = '', data }) => void events.push({ event, data: JSON.parse(data) }),
  })
  const chunks = answer[Symbol.asyncIterator]()
  return async () => {
    while (events.length === 0) {
      const { done, value } = await chunks.next()
      if (done) return undefined
      parser.feed(String(value))
    }
    return events.shift()
  }
}

test('a refusal is told as it happens, with all that leads to its explanation', async (t) => {
  const app = await start(t)
  const { answer, next } = await listen(t, app)

  const { headers } = await app.call('GET', '/v3/transforms', { token: await app.tokenFor('paul') })
  const told = await next()

  assert.match(String(answer.headers['content-type']), /^text\/event-stream/)
  assert.equal(answer.headers['cache-control'], 'no-store')
  assert.deepEqual(told, {
    event: 'denied',
    data: {
      at: new Date(START_MS).toISOString(),
      trackingId: headers['slpt-request-id'],
      allowed: false,
      status: 403,
      reason: 'level.missing',
      message: told?.data.message,
      method: 'GET',
      path: '/v3/transforms',
      clientId: credentialOf('acme', 'paul').clientId,
      identityId: identityIdOf('acme', 'paul'),
      network: '127.0.0.1',
    },
  })
})

test('a stream says what it covers: with several nodes, the one that it comes from', async (t) => {
  const { covers } = await listen(t, await start(t))

  assert.equal(covers, isPostgres ? 'requests that this node serves' : 'every request of this tenant')
})

test('calls that pass are told to those who ask for them, and to no others', async (t) => {
  const app = await start(t)
  const denied = await listen(t, app)
  const all = await listen(t, app, { query: '?allowed=true' })
  const token = await app.tokenFor('ada')

  await app.call('GET', '/v3/sources', { token })
  await app.call('GET', '/v3/nosuch', { token })

  const passed = await all.next()
  assert.deepEqual(
    [passed?.event, passed?.data.allowed, passed?.data.status, passed?.data.path],
    ['allowed', true, null, '/v3/sources'],
  )
  assert.equal((await all.next())?.data.reason, 'operation.unknown')
  assert.equal((await denied.next())?.data.reason, 'operation.unknown')
})

for (const [query, wanted] of [
  ['reason=operation.unknown', '/v3/nosuch'],
  ['client=nobody', '/v3/roles'],
  ['method=delete', '/v3/sources'],
  ['path=transf', '/v3/transforms'],
] as const) {
  test(`asked with ${query}, the stream tells of nothing else`, async (t) => {
    const app = await start(t)
    const { next } = await listen(t, app, { query: `?${query}` })
    const token = await app.tokenFor('paul')

    await app.call('DELETE', '/v3/sources', { token })
    await app.call('GET', '/v3/nosuch', { token })
    await app.call('GET', '/v3/transforms', { token })
    await app.call('GET', '/v3/roles')
    app.app.services.liveLog.close()

    assert.equal((await next())?.data.path, wanted)
    assert.equal((await next())?.event, 'end')
  })
}

test('what happens in one tenant is not told in another', async (t) => {
  const app = await start(t)
  const host = `globex.api.${DOMAIN}`
  const { next } = await listen(t, app, { host, token: await app.tokenFor('ada', 'globex') })

  await app.call('GET', '/v3/transforms')
  await app.call('GET', '/v3/roles', { host })

  assert.equal((await next())?.data.path, '/v3/roles')
})

test('nothing of a secret in the wrong place is told', async (t) => {
  const app = await start(t)
  const { next } = await listen(t, app)
  const secret = credentialOf('acme', 'paul').clientSecret

  await app.call('GET', `/things/${secret}?key=${secret}`, { headers: { authorization: `Bearer ${secret}` } })

  const told = await next()
  assert.equal(told?.data.path, '/things/{}')
  assert.equal(JSON.stringify(told).includes(secret), false)
})

test('a stream ends when its token expires', async (t) => {
  const app = await start(t)
  const { next } = await listen(t, app)

  app.clock.advance(13 * 3_600_000)

  const told = await next()
  assert.deepEqual([told?.event, told?.data.code], ['end', 'auth.expired'])
  assert.equal(await next(), undefined)
})

test('a stream ends when the user level that it needs is taken away', async (t) => {
  const app = await start(t)
  const { next } = await listen(t, app)
  const { db, tenantId } = await app.contextOf()
  const id = identityIdOf('acme', 'ada')
  const { identities } = app.app.services

  await db.deleteFrom('identity_user_level').where('tenant_id', '=', tenantId).where('identity_id', '=', id).execute()
  const changed = { name: 'acme', default: true, displayName: 'Changed', settings }
  await app.apply({ tenant: changed, identities: [{ alias: 'ada', id, userLevels: [] }] })

  assert.deepEqual((await identities.find(db, tenantId, id))?.userLevels, [])
  const told = await next()
  assert.equal(told?.event, 'end')
})

test('a stream ends when the server stops, which does not wait for it', async (t) => {
  const app = await start(t)
  const { next } = await listen(t, app)

  const stopping = app.restart()

  assert.deepEqual((await next())?.data.code, 'server.stopping')
  await stopping
})

test('a reader that does not read loses events, is told how many, and costs no memory', async (t) => {
  const app = await start(t)
  const answer = await open(t, app)
  const visits = 60_000
  const { liveLog } = app.app.services
  const { refused } = await recorded(app)
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed

  for (let time = 0; time < visits; time++) refused()

  const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before
  assert.ok(grown < 64 * 1024 * 1024, `${grown} bytes`)
  const next = reader(answer)
  let told = 0
  for (let event = await next(); event && event.event !== 'lost'; event = await next())
    told += event.event === 'denied' ? 1 : 0
  liveLog.close()
  assert.ok(told > 0 && told <= 200, `${told}`)
})

/** A refusal that happened, to be told again and again without a request. */
async function recorded(app: TestApp): Promise<{ refused: () => void }> {
  const { liveLog } = app.app.services
  const original = liveLog.refused.bind(liveLog)
  const { promise, resolve } = Promise.withResolvers<Parameters<typeof liveLog.refused>>()
  liveLog.refused = (...call) => resolve(call)
  await app.call('GET', '/v3/transforms')
  liveLog.refused = original
  const call = await promise
  return { refused: () => original(...call) }
}

test('of one tenant twenty may listen at once, and one who leaves makes room', async (t) => {
  const app = await start(t)
  const token = await app.tokenFor('ada')
  const streams = []
  for (let index = 0; index < 20; index++) streams.push(await open(t, app, { token }))

  const refused = await open(t, app, { token })
  streams[0]?.destroy()
  let again = await open(t, app, { token })
  while (again.statusCode !== 200) again = await open(t, app, { token })

  assert.equal(refused.statusCode, 400)
  assert.equal(again.statusCode, 200)
})

for (const who of ['paul', 'sam', 'app-nightly'])
  test(`the live log is not for ${who}`, async (t) => {
    const app = await start(t)

    assert.equal((await open(t, app, { token: await app.tokenFor(who) })).statusCode, 403)
  })

for (const query of ['?reason=nosuch', '?allowed=yes', '?x=1'])
  test(`the live log is not asked for by ${query}: 400`, async (t) => {
    const app = await start(t)

    assert.equal((await open(t, app, { query })).statusCode, 400)
  })

test('HEAD opens no stream', async (t) => {
  const app = await start(t)

  const { status } = await app.call('HEAD', LOG, { token: await app.tokenFor('ada') })

  assert.equal(status, 404)
})
