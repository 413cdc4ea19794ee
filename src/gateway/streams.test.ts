import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { settled } from '../../test/support/eventually.ts'
import { openSocket, readUntilClosed } from '../../test/support/raw-http.ts'
import { share } from '../../test/support/shared-app.ts'
import { DOMAIN, startTestApp } from '../../test/support/test-app.ts'
import { startUpstream, tenantsWithApi } from '../../test/support/upstream.ts'

const MEGABYTE = 1024 * 1024
const timeouts = { connect: 1000, firstByte: 10_000, idle: 300 }
const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, { tenants: tenantsWithApi({ url: upstream.url, timeouts }) })
  return { app, upstream, token: await app.tokenFor('ada') }
})

/** A request of `node:http`, whose body and answer are streams. */
function open(method: string, headers: Record<string, string | number> = {}): ClientRequest {
  const { app, token } = shared()
  return openRequest(`${app.origin}/v3/things`, {
    method,
    agent: false,
    headers: { host: DOMAIN, authorization: `Bearer ${token}`, ...headers },
  })
}

const answerTo = async (request: ClientRequest): Promise<IncomingMessage> => (await once(request, 'response'))[0]

async function textOf(stream: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}

test('an answer streams: what the upstream wrote arrives before it has ended', async () => {
  const arriving = shared().upstream.next()
  const request = open('GET').end()
  const { response } = await arriving
  response.write('first ')

  const answer = await answerTo(request)
  const [first] = await once(answer, 'data')
  response.end('last')

  assert.equal(String(first), 'first ')
  assert.equal(await textOf(answer), 'last')
})

for (const [bytes, framing] of [
  [256, 'with its length'],
  [256, 'in chunks'],
  [16 * 1024, 'with its length'],
  [16 * 1024 + 1, 'with its length'],
  [300_000, 'with its length'],
] as const) {
  test(`an answer of ${bytes} bytes of every value ${framing} arrives as it was sent`, async () => {
    const arriving = shared().upstream.next()
    const request = open('GET').end()
    const sent = Buffer.from(Array.from({ length: bytes }, (_, at) => at % 256))
    const { response } = await arriving
    response.writeHead(200, framing === 'in chunks' ? {} : { 'content-length': bytes })
    response.end(sent)

    const answer = await answerTo(request)
    const received = Buffer.concat(await answer.toArray())

    assert.deepEqual(received, sent)
  })
}

test('server-sent events arrive one by one as they are sent, as the upstream declares them', async () => {
  const arriving = shared().upstream.next()
  const request = open('GET', { accept: 'text/event-stream' }).end()
  const { response } = await arriving
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
  const answer = await answerTo(request)

  const heard = []
  for (const event of ['data: 1\n\n', ': still here\n\n', 'data: 2\n\n']) {
    response.write(event)
    const [chunk] = await once(answer, 'data')
    heard.push(String(chunk))
  }
  response.end()

  assert.deepEqual(heard, ['data: 1\n\n', ': still here\n\n', 'data: 2\n\n'])
  assert.equal(answer.headers['content-type'], 'text/event-stream')
})

test('a body streams: what the caller wrote arrives before it has ended', async () => {
  const arriving = shared().upstream.next()
  const request = open('POST', { 'transfer-encoding': 'chunked' })
  request.write('first ')

  const { request: received, response } = await arriving
  const [first] = await once(received, 'data')
  request.end('last')
  const rest = await textOf(received)
  response.end('thanks')

  assert.deepEqual([String(first), rest], ['first ', 'last'])
  assert.equal(await textOf(await answerTo(request)), 'thanks')
})

test('an upstream writes no faster than the caller reads, and nothing is lost', async () => {
  const size = 48 * MEGABYTE
  const arriving = shared().upstream.next()
  const request = open('GET').end()
  const { response } = await arriving
  let sent = 0
  const pour = (): void => {
    while (sent < size) {
      sent += MEGABYTE
      if (!response.write(Buffer.alloc(MEGABYTE, 1))) return void response.once('drain', pour)
    }
    response.end()
  }

  pour()
  const answer = await answerTo(request)
  const sentUnread = await settled(() => sent)
  let received = 0
  for await (const chunk of answer) received += chunk.length

  assert.ok(sentUnread < size / 2, `${sentUnread / MEGABYTE} MB were taken in for a caller that reads nothing`)
  assert.equal(received, size)
})

test('a caller writes no faster than the upstream reads', async () => {
  const size = 48 * MEGABYTE
  const arriving = shared().upstream.next()
  const request = open('POST', { 'content-length': size })
  let sent = 0
  const pour = (): void => {
    while (sent < size) {
      sent += MEGABYTE
      if (!request.write(Buffer.alloc(MEGABYTE, 1))) return void request.once('drain', pour)
    }
    request.end()
  }

  pour()
  const { request: received, response } = await arriving
  const sentUnread = await settled(() => sent)
  received.resume()
  await once(received, 'end')
  response.end('thanks')

  assert.ok(sentUnread < size / 2, `${sentUnread / MEGABYTE} MB were taken in for an upstream that reads nothing`)
  assert.equal(await textOf(await answerTo(request)), 'thanks')
})

test('a caller who goes away takes the request to the upstream along', async () => {
  const arriving = shared().upstream.next()
  const request = open('GET').end()
  request.on('error', () => {})
  const { response } = await arriving
  response.write('first')
  await answerTo(request)

  request.destroy()
  await once(response, 'close')

  assert.equal(response.writableFinished, false)
})

test('a caller who goes away in the middle of a body takes the request along too', async () => {
  const arriving = shared().upstream.next()
  const request = open('POST', { 'content-length': 100 })
  request.on('error', () => {})
  request.write('first')
  const { request: received } = await arriving
  received.on('error', () => {})

  request.destroy()
  await new Promise((resolve) => received.on('close', resolve))

  assert.equal(received.complete, false)
})

for (const [title, headers] of [
  ['with a length', { 'content-length': 100 }],
  ['in chunks', {}],
] as const) {
  test(`an answer ${title} that the upstream breaks off never looks whole`, async () => {
    const arriving = shared().upstream.next()
    const request = open('GET').end()
    const { response } = await arriving
    response.writeHead(200, headers)
    response.write('half of it')
    const answer = await answerTo(request)

    response.destroy()

    await assert.rejects(textOf(answer), /aborted/)
    assert.equal(answer.complete, false)
  })
}

test('to a caller that speaks HTTP/1.0 an answer that is broken off ends in a reset, not in an end', async () => {
  const { app, token, upstream } = shared()
  const arriving = upstream.next()
  const socket = connect(Number(new URL(app.origin).port), '127.0.0.1')
  socket.write(`GET /v3/things HTTP/1.0\r\nHost: ${DOMAIN}\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  const { response } = await arriving
  response.write('half of it')
  await once(socket, 'data')

  response.destroy()

  await assert.rejects(once(socket, 'end'), { code: 'ECONNRESET' })
})

test('an answer that stops in the middle is cut off after the idle time', async () => {
  const arriving = shared().upstream.next()
  const request = open('GET').end()
  const { response } = await arriving
  response.writeHead(200, { 'content-length': 100 })
  response.write('half of it')

  const answer = await answerTo(request)

  await assert.rejects(textOf(answer), /aborted/)
})

test('an upstream that is done early answers while the caller still sends, and the connection goes on', async () => {
  const { app, token, upstream } = shared()
  upstream.answer((request, response) => {
    request.pause()
    response.writeHead(413, { 'content-length': 200_000 })
    response.end('x'.repeat(200_000))
  })
  const socket = openSocket(app.origin)
  const head = (method: string) =>
    `${method} /v3/things HTTP/1.1\r\nHost: ${DOMAIN}\r\nAuthorization: Bearer ${token}\r\n`
  socket.write(`${head('POST')}Content-Length: 3000000\r\n\r\n${'a'.repeat(1_500_000)}`)
  await once(socket, 'data')

  upstream.answer((_request, response) => void response.end('second'))
  socket.write(`${'a'.repeat(1_500_000)}${head('GET')}Connection: close\r\n\r\n`)
  const { body } = await readUntilClosed(socket)

  assert.match(body, /second$/)
})

test('interim answers of an upstream concern the hop to us', async () => {
  const { app, token, upstream } = shared()
  upstream.answer((_request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.writeProcessing()
    response.end('done')
  })

  const answer = await app.call('GET', '/v3/things', { token })

  assert.deepEqual([answer.status, answer.text, answer.headers['link']], [200, 'done', undefined])
})
