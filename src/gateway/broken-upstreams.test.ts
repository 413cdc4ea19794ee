import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { openSocket } from '../../test/support/raw-http.ts'
import { share } from '../../test/support/shared-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp, type TestAnswer } from '../../test/support/test-app.ts'
import type { Owner } from '../../test/support/test-database.ts'
import { apiCatalog, startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'

const timeouts = { connect: 200, firstByte: 200, idle: 200 }

function assertRefused(answer: TestAnswer, status: 502 | 504): void {
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.headers['sallyport-reason'], status === 502 ? 'upstream.unavailable' : 'upstream.timeout')
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(answer.headers['link'], undefined)
  const { trackingId, messages } = answer.json()
  assert.equal(trackingId, answer.headers['slpt-request-id'])
  assert.match(messages[0].text, /^The service behind this gateway /)
  assert.doesNotMatch(answer.text, /127\.0\.0\.1|ECONN/)
}

/** A server that speaks no HTTP but does this with every connection. */
async function startRaw(owner: Owner, greet: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    greet(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  owner.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const reply = (text: string) => (socket: Socket) => void socket.on('data', () => socket.write(text))

const broken: [title: string, status: 502 | 504, greet: (socket: Socket) => void][] = [
  ['closes every connection', 502, (socket) => void socket.destroy()],
  ['closes the connection once it has the request', 502, (socket) => void socket.on('data', () => socket.destroy())],
  ['never answers', 504, () => {}],
  ['speaks something else', 502, reply('SSH-2.0-OpenSSH_9.6\r\n')],
  ['upgrades unasked', 502, reply('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')],
  ['sends two lengths', 502, reply('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab')],
  ['sends headers of a megabyte', 502, reply(`HTTP/1.1 200 OK\r\n${'X: aaaaaaaa\r\n'.repeat(90_000)}\r\n`)],
  ['stops within its headers', 504, reply('HTTP/1.1 200 OK\r\nX: ')],
]

const shared = share(async (owner) => {
  const urls = [...(await Promise.all(broken.map(([, , greet]) => startRaw(owner, greet)))), NOT_THERE]
  const catalogs = urls.map((url, at) => apiCatalog({ url, timeouts }, { name: `broken-${at}`, prefix: `/b${at}` }))
  const app = await startTestApp(owner, { tenants: [tenantFileFor('acme', { isDefault: true, catalogs })] })
  return { app, token: await app.tokenFor('ada') }
})

for (const [at, [title, status]] of broken.entries()) {
  test(`an upstream that ${title} is ${status} with a tracking id`, async () => {
    const { app, token } = shared()

    assertRefused(await app.call('GET', `/b${at}/things`, { token }), status)
  })
}

const NOT_THERE = 'http://127.0.0.1:9'
const things = `/b${broken.length}/things`

test('an upstream that is not there is 502, with and without a body', async () => {
  const { app, token } = shared()

  assertRefused(await app.call('GET', things, { token }), 502)
  assertRefused(await app.call('POST', things, { token, body: 'x' }), 502)
  assertRefused(await app.call('POST', things, { token, body: Buffer.alloc(5_000_000) }), 502)
})

test('the refusal arrives while the caller still sends its body', async () => {
  const { app, token } = shared()
  const socket = openSocket(app.origin)
  const head = [`POST ${things} HTTP/1.1`, `Host: ${DOMAIN}`, `Authorization: Bearer ${token}`]

  socket.write([...head, 'Content-Length: 1000', '', 'first'].join('\r\n'))
  const [answer] = await once(socket, 'data')
  socket.destroy()

  assert.match(String(answer), /^HTTP\/1\.1 502 /)
})

test('a POST is sent once: an upstream that drops it does not get it again', async (t) => {
  const upstream = await startUpstream(t)
  upstream.answer((request) => void request.socket.destroy())
  const app = await startTestApp(t, { tenants: tenantsWithApi({ url: upstream.url, timeouts }) })

  assertRefused(await app.call('POST', '/v3/things', { token: await app.tokenFor('ada'), body: 'x' }), 502)
  assert.equal(upstream.received.length, 1)
})

test('requests do not wait in line for ever for an upstream that is busy: they are 504 and never sent', async (t) => {
  const upstream = await startUpstream(t)
  upstream.answer(() => {})
  const slow = { ...timeouts, firstByte: 600 }
  const app = await startTestApp(t, { tenants: tenantsWithApi({ url: upstream.url, timeouts: slow }) })
  const token = await app.tokenFor('ada')

  const answers = await Promise.all(Array.from({ length: 1000 }, () => app.call('GET', '/v3/things', { token })))

  for (const answer of answers) assertRefused(answer, 504)
  assert.ok(upstream.received.length < 700, `${upstream.received.length} were sent`)
})

test('a certificate authority that cannot be read is a fault of ours, not the end of the server', async (t) => {
  const app = await startTestApp(t)
  const { db, tenantId } = await app.contextOf()
  const url = 'https://127.0.0.1:9'
  const upstream = JSON.stringify({ kind: 'http', url, caFile: '/nonexistent/ca.pem', timeouts })
  await db.updateTable('catalog').set({ upstream }).where('tenant_id', '=', tenantId).execute()
  const token = await app.tokenFor('ada')

  const answers = [await app.call('GET', '/v3/sources', { token }), await app.call('GET', '/v3/sources', { token })]

  for (const { status, headers } of answers) {
    assert.equal(status, 500)
    assert.match(String(headers['slpt-request-id']), /^[0-9a-f]{32}$/)
  }
})
