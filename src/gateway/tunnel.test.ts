import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { test } from 'node:test'
import { eventually, settled } from '../../test/support/eventually.ts'
import { exchange, openSocket } from '../../test/support/raw-http.ts'
import { credentialOf } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp, type TestApp } from '../../test/support/test-app.ts'
import type { Owner } from '../../test/support/test-database.ts'
import { tenantsWithApi } from '../../test/support/upstream.ts'
import { type Speak, startWebSocketUpstream, upgradeLines as linesOf } from '../../test/support/websocket-upstream.ts'
import { appendChange } from '../change-log/change.ts'

const timeouts = { connect: 1000, firstByte: 5000, idle: 200 }

async function start(owner: Owner, speak?: Speak) {
  const upstream = await startWebSocketUpstream(owner, speak && { speak })
  const clock = { nowMs: 1000 }
  const tenants = tenantsWithApi({ url: upstream.url, timeouts })
  const app = await startTestApp(owner, { tenants, monotonicMs: () => clock.nowMs })
  return { app, upstream, clock, token: await app.tokenFor('ada') }
}

const upgradeLines = (...[token, path, ...more]: string[]) => linesOf(DOMAIN, token ?? '', path, ...more)

/** An open tunnel, with the head of the answer. */
async function open(app: TestApp, token: string): Promise<{ socket: Socket; head: string }> {
  const socket = openSocket(app.origin)
  socket.write(`${upgradeLines(token, '/v3/things', 'X-Hop: a', 'X-User-Id: admin').join('\r\n')}\r\n\r\n`)
  const [head] = await once(socket, 'data')
  return { socket, head: String(head) }
}

async function echoOf(socket: Socket, text: string): Promise<string> {
  socket.write(text)
  const [heard] = await once(socket, 'data')
  return String(heard)
}

test('what is said passes unread both ways, the first bytes among it', async (t) => {
  const { app, token } = await start(t)
  const socket = openSocket(app.origin)

  socket.write(`${upgradeLines(token).join('\r\n')}\r\n\r\nfirst`)
  let heard = ''
  while (!heard.endsWith('first')) heard += String((await once(socket, 'data'))[0])
  const later = await echoOf(socket, 'later')
  socket.destroy()

  assert.match(heard, /^HTTP\/1\.1 101 Switching Protocols\r\n/)
  assert.equal(later, 'later')
})

test('the upstream gets the context header and no credentials, the caller nothing that is ours to say', async (t) => {
  const { app, token, upstream } = await start(t)

  const { socket, head } = await open(app, token)
  socket.destroy()

  const headers = upstream.asked[0]?.headers ?? {}
  assert.match(String(headers['sallyport-context']), /^[\w-]+\.[\w-]+\.[\w-]+$/)
  assert.equal(headers.host, upstream.url.slice('http://'.length))
  assert.equal(headers['sec-websocket-version'], '13')
  for (const name of ['authorization', 'x-hop', 'x-user-id']) assert.equal(headers[name], undefined, name)
  assert.match(head, /slpt-request-id: [0-9a-f]{32}\r\n/)
  assert.doesNotMatch(head, /forged|set-cookie/i)
})

for (const [title, path, token, status] of [
  ['without a token', '/v3/things', '', 401],
  ['to an operation that the caller may not use', '/v3/admin', 'sam', 403],
  ['to an unknown path', '/v3/nosuch', 'sam', 404],
  ['to an odd path', '/v3/things/%2e%2e/admin', 'sam', 400],
] as const) {
  test(`an upgrade ${title} is ${status}, and the upstream hears nothing of it`, async (t) => {
    const { app, upstream } = await start(t)

    const answer = await exchange(app.origin, ...upgradeLines(token && (await app.tokenFor(token)), path))

    assert.deepEqual([answer.status, upstream.asked.length], [status, 0])
  })
}

test('an upstream that does not agree answers for itself', async (t) => {
  const { app, token } = await start(t)

  const { status, body } = await exchange(app.origin, ...upgradeLines(token, '/v3/things/refused'))

  assert.deepEqual([status, body], [403, 'no'])
})

test('an upgrade to anything but WebSocket is left aside: the request is served as it is', async (t) => {
  const { app, token, upstream } = await start(t)
  const lines = upgradeLines(token).map((line) => (line === 'Upgrade: websocket' ? 'Upgrade: h2c' : line))

  const answer = await exchange(app.origin, ...lines.map((line) => line.replace('Upgrade, X-Hop', 'close, Upgrade')))

  assert.deepEqual([answer.status, upstream.asked.length], [426, 0])
  assert.match(answer.body, /no socket here/)
})

test('an upgrade to an upstream that is gone is 502', async (t) => {
  const app = await startTestApp(t, { tenants: tenantsWithApi('http://127.0.0.1:9') })

  const { status, headers } = await exchange(app.origin, ...upgradeLines(await app.tokenFor('ada')))

  assert.equal(status, 502)
  assert.equal(new Map(headers).get('sallyport-reason'), 'upstream.unavailable')
})

const endings: [title: string, end: (app: TestApp) => Promise<void>][] = [
  ['its token expires', async (app) => app.clock.advance(43_200_000 + 10_000)],
  [
    'its credential is cut off',
    async (app) => {
      const ctx = await app.contextOf()
      const { clientId } = credentialOf('acme', 'ada')
      const cutOff = { kind: 'client', subject: clientId, isCutOff: true } as const
      await ctx.db.transaction().execute((tx) => appendChange(tx, ctx, cutOff))
      await app.installation.changes.catchUp()
    },
  ],
]

for (const [title, end] of endings) {
  test(`a tunnel is cut on both sides with the next word after ${title}`, async (t) => {
    const { app, token, upstream, clock } = await start(t)
    const { socket } = await open(app, token)
    clock.nowMs += 1000
    assert.equal(await echoOf(socket, 'still here'), 'still here')

    await end(app)
    clock.nowMs += 1000
    socket.write('anybody?')
    await once(socket, 'close')

    const above = upstream.sockets[0]
    if (above && !above.destroyed) await once(above, 'close')
  })
}

test('a side that goes takes the other one along', async (t) => {
  const { app, token, upstream } = await start(t)
  const [one, two] = [await open(app, token), await open(app, token)]
  const [above, other] = upstream.sockets

  one.socket.destroy()
  other?.destroy()

  await Promise.all([above && once(above, 'close'), once(two.socket, 'close')])
  const { tunnels } = app.app.upstreams
  assert.equal(
    await eventually(
      async () => tunnels.open,
      (open) => open === 0,
      5000,
    ),
    0,
  )
})

test('a server that stops ends its tunnels and does not wait for them', async (t) => {
  const { app, token } = await start(t)
  const { socket } = await open(app, token)
  const closed = once(socket, 'close')

  await app.restart()

  await closed
})

const MEGABYTE = 1024 * 1024

/** Writes without end, as fast as the other side takes it, and says how much. */
function pour(socket: Duplex): { megabytes: number } {
  const poured = { megabytes: 0 }
  const more = (): void => {
    while (!socket.destroyed) {
      poured.megabytes += 1
      if (!socket.write(Buffer.alloc(MEGABYTE, 1))) return void socket.once('drain', more)
    }
  }
  more()
  return poured
}

for (const slow of ['caller', 'upstream'] as const) {
  test(`a side that reads nothing, the ${slow}, stops the other: what is between them does not pile up`, async (t) => {
    const { app, token, upstream } = await start(t, (socket) => socket.pause())
    const { socket } = await open(app, token)
    socket.pause()
    const above = upstream.sockets[0]
    assert.ok(above)

    const poured = pour(slow === 'caller' ? above : socket)
    const rest = await settled(() => poured.megabytes)
    ;(slow === 'caller' ? socket : above).resume()
    const more = await eventually(
      async () => poured.megabytes,
      (megabytes) => megabytes > rest + 50,
      10_000,
    )
    socket.destroy()

    assert.ok(rest < 24, `${rest} MB were taken in for a ${slow} that reads nothing`)
    assert.ok(more > rest + 50, 'it goes on once somebody reads')
  })
}

test('the last words of an upstream arrive whole at a caller who reads late', async (t) => {
  const size = 3 * MEGABYTE
  const { app, token } = await start(t, (socket) => void socket.end(Buffer.alloc(size, 1)))
  const socket = openSocket(app.origin)
  socket.pause()
  socket.write(`${upgradeLines(token).join('\r\n')}\r\n\r\n`)
  await settled(() => app.app.upstreams.tunnels.open)

  let received = 0
  socket.on('data', (chunk: Buffer) => void (received += chunk.length)).resume()
  await once(socket, 'close')

  assert.ok(received >= size, `${received} of ${size} bytes`)
})

test('an upstream that does not agree and stops within its answer is cut off after the idle time', async (t) => {
  const { app, token } = await start(t)

  const { status, body } = await exchange(app.origin, ...upgradeLines(token, '/v3/things/stuck'))

  assert.deepEqual([status, body], [403, 'half of it'])
})
