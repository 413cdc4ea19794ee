import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { openSocket } from '../../test/support/raw-http.ts'
import { share } from '../../test/support/shared-app.ts'
import { DOMAIN, startTestApp } from '../../test/support/test-app.ts'
import { startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, { tenants: tenantsWithApi(upstream.url) })
  return { app, upstream, token: await app.tokenFor('ada') }
})

const head = (line: string, ...more: string[]): string =>
  [`${line} HTTP/1.1`, `Host: ${DOMAIN}`, ...more, '', ''].join('\r\n')
const post = (token: string): string =>
  head('POST /v3/things', `Authorization: Bearer ${token}`, 'Transfer-Encoding: chunked')
const BAD_CHUNK = 'zz\r\nabc\r\n'

/** All that comes over a connection from now on, until it closes. */
async function restOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  if (!socket.closed) await once(socket, 'close')
  return text
}

const answersIn = (text: string): number => text.split('HTTP/1.1 ').length - 1

test('a body that cannot be read does not put words into the answer that is on its way', async () => {
  const { app, upstream, token } = shared()
  const arriving = upstream.next()
  const socket = openSocket(app.origin)
  socket.write(`${post(token)}3\r\nabc\r\n`)
  const { response } = await arriving
  response.writeHead(200, { 'content-length': 1000 })
  response.write('half of it')
  await once(socket, 'data')

  const rest = restOf(socket)
  socket.write(BAD_CHUNK)

  assert.doesNotMatch(await rest, /HTTP|could not be read/)
})

test('a request that was answered while its body still came has one answer, whatever the body turns out to be', async () => {
  const socket = openSocket(shared().app.origin)
  const all = restOf(socket)

  socket.write(head('POST /v3/things', 'Transfer-Encoding: chunked'))
  await once(socket, 'data')
  socket.write(BAD_CHUNK)

  const text = await all
  assert.match(text, /^HTTP\/1\.1 401 /)
  assert.equal(answersIn(text), 1)
})

test('what cannot be read behind a request that waits for its answer is not the answer to it', async () => {
  const { app, upstream, token } = shared()
  const arriving = upstream.next()
  const socket = openSocket(app.origin)
  const all = restOf(socket)
  socket.write(head('GET /v3/things', `Authorization: Bearer ${token}`))
  await arriving

  socket.write('what?\r\n\r\n')

  assert.equal(await all, '')
})

test('a body that cannot be read, of a request without an answer, is 400', async () => {
  const { app, upstream, token } = shared()
  const arriving = upstream.next()
  const socket = openSocket(app.origin)
  const all = restOf(socket)
  socket.write(`${post(token)}3\r\nabc\r\n`)
  const { request } = await arriving
  request.on('error', () => {})

  socket.write(BAD_CHUNK)

  const text = await all
  assert.match(text, /^HTTP\/1\.1 400 /)
  assert.equal(answersIn(text), 1)
})

for (const [title, status, second] of [
  ['what is no request', 400, 'what?\r\n\r\n'],
  ['headers of 17 KB', 431, head('GET /v3/public', `X: ${'a'.repeat(17_000)}`)],
] as const)
  test(`on a connection that served before, ${title} is ${status}`, async () => {
    const socket = openSocket(shared().app.origin)
    const all = restOf(socket)
    socket.write(head('GET /v3/public'))
    await once(socket, 'data')

    socket.write(second)

    const text = await all
    assert.equal(answersIn(text), 2)
    assert.ok(text.includes(`HTTP/1.1 ${status} `))
  })
