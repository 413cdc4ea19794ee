import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { test } from 'node:test'
import { eventually } from '../../test/support/eventually.ts'
import { exchange, openSocket } from '../../test/support/raw-http.ts'
import { credentialOf } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp, type TestApp } from '../../test/support/test-app.ts'
import type { Owner } from '../../test/support/test-database.ts'
import { tenantsWithApi } from '../../test/support/upstream.ts'
import { appendChange } from '../change-log/change.ts'

interface WebSocketUpstream {
  url: string
  asked: IncomingMessage[]
  sockets: Duplex[]
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11' // RFC 6455 §1.3

/** An upstream that agrees to every upgrade and then says back whatever bytes it hears. */
async function startEcho(owner: Owner): Promise<WebSocketUpstream> {
  const [asked, sockets]: [IncomingMessage[], Duplex[]] = [[], []]
  const server = createServer((_request, response) => void response.writeHead(426).end('no socket here'))
  server.on('upgrade', (request, socket: Duplex) => {
    asked.push(request)
    sockets.push(socket)
    socket.on('error', () => {})
    if (request.url === '/things/refused') return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64')
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
    const more = [`Sec-WebSocket-Accept: ${accept}`, 'Sallyport-Reason: forged', 'Set-Cookie: a=b']
    socket.write(`${[...head, ...more].join('\r\n')}\r\n\r\n`)
    return socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  owner.after(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, sockets }
}

async function start(owner: Owner) {
  const upstream = await startEcho(owner)
  const clock = { nowMs: 1000 }
  const app = await startTestApp(owner, { tenants: tenantsWithApi(upstream.url), monotonicMs: () => clock.nowMs })
  return { app, upstream, clock, token: await app.tokenFor('ada') }
}

const upgradeLines = (token: string, path = '/v3/things', ...more: string[]): string[] => [
  `GET ${path} HTTP/1.1`,
  `Host: ${DOMAIN}`,
  'Connection: Upgrade, X-Hop',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
  ...more,
]

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
