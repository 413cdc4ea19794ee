import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { test } from 'node:test'
import { freePort } from '../../test/support/free-port.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import type { Owner } from '../../test/support/test-database.ts'
import { startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'

const timeouts = { connect: 2000, firstByte: 2000, idle: 2000 }

async function startLater(owner: Owner): Promise<{ url: string; start: () => Promise<Server> }> {
  const port = await freePort()
  const start = async (): Promise<Server> => {
    const server = createServer((_request, response) => void response.end('back')).listen(port, '127.0.0.1')
    await once(server, 'listening')
    owner.after(() => {
      server.closeAllConnections()
      server.close()
    })
    return server
  }
  return { url: `http://127.0.0.1:${port}`, start }
}

test('an upstream that is gone is spared after five tries, says when to come again, and is found when it is back', async (t) => {
  const upstream = await startLater(t)
  const clock = { nowMs: 1000 }
  const app = await startTestApp(t, {
    tenants: tenantsWithApi({ url: upstream.url, timeouts }),
    monotonicMs: () => clock.nowMs,
  })
  const token = await app.tokenFor('ada')
  const call = () => app.call('GET', '/v3/things', { token })

  const tried = []
  for (let at = 0; at < 5; at++) tried.push((await call()).headers['retry-after'])
  const spared = await call()
  await upstream.start()
  const early = await call()
  clock.nowMs += 1000
  const later = await call()

  assert.deepEqual(
    tried,
    Array.from({ length: 5 }, () => undefined),
  )
  for (const { status, headers, text } of [spared, early]) {
    assert.deepEqual([status, headers['retry-after']], [502, '1'])
    assert.equal(headers['sallyport-reason'], 'upstream.unavailable')
    assert.doesNotMatch(text, /127\.0\.0\.1|ECONN/)
  }
  assert.deepEqual([later.status, later.text], [200, 'back'])
  const [state] = app.app.upstreams.states()
  assert.deepEqual([state?.unavailable, state?.spared, state?.answered, state?.isSpared], [5, 2, 1, false])
})

test('answers that come late, break off or are errors never shut an upstream off: callers could provoke them', async (t) => {
  const upstream = await startUpstream(t)
  upstream.answer((request) => void request.socket.destroy())
  const app = await startTestApp(t, { tenants: tenantsWithApi({ url: upstream.url, timeouts }) })
  const token = await app.tokenFor('ada')

  for (let at = 0; at < 8; at++) await app.call('POST', '/v3/things', { token, body: 'x' })
  upstream.answer((_request, response) => void response.writeHead(500).end('no'))
  const answer = await app.call('GET', '/v3/things', { token })

  assert.deepEqual([answer.status, answer.text, upstream.received.length], [500, 'no', 9])
})

for (const [method, status, times] of [
  ['GET', 200, 2],
  ['HEAD', 200, 2],
  ['DELETE', 502, 1],
] as const) {
  test(`a kept connection that closes as ${method} goes out: ${status}, sent ${times === 2 ? 'again' : 'once'}`, async (t) => {
    const upstream = await startUpstream(t)
    const app = await startTestApp(t, { tenants: tenantsWithApi({ url: upstream.url, timeouts }) })
    const token = await app.tokenFor('ada')
    let isStale = false
    upstream.answer((request, response) => {
      if (isStale) request.socket.destroy()
      else response.end('ok')
      isStale = false
    })
    await app.call('GET', '/v3/things', { token })

    isStale = true
    const answer = await app.call(method, '/v3/things', { token })

    assert.deepEqual([answer.status, upstream.received.length - 1], [status, times])
  })
}

test('nothing is sent a third time', async (t) => {
  const upstream = await startUpstream(t)
  upstream.answer((request) => void request.socket.destroy())
  const app = await startTestApp(t, { tenants: tenantsWithApi({ url: upstream.url, timeouts }) })

  const answer = await app.call('GET', '/v3/things', { token: await app.tokenFor('ada') })

  assert.deepEqual([answer.status, upstream.received.length], [502, 2])
})
