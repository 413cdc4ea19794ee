import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange, openSocket, type RawAnswer, readUntilClosed } from '../../test/support/raw-http.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { DOMAIN } from '../../test/support/test-app.ts'

const app = shareTestApp()
const HOST = `Host: ${DOMAIN}`
const PING = 'GET /v3/ping HTTP/1.1'
const CLOSE = 'Connection: close'

function assertRefused({ status, headers, body }: RawAnswer, expected: number): void {
  const trackingIds = headers.filter(([name]) => name === 'slpt-request-id').map(([, value]) => value)
  assert.equal(status, expected, body)
  assert.match(trackingIds.join(), /^[0-9a-f]{32}$/)
  assert.deepEqual(
    headers.filter(([name]) => name === 'connection').map(([, value]) => value),
    ['close'],
  )
  assert.equal(JSON.parse(body).trackingId, trackingIds[0])
  assert.equal(JSON.parse(body).messages.length, 1)
}

const refused: [title: string, status: number, lines: string[]][] = [
  ['a request without Host', 400, [PING]],
  ['an empty Host', 400, [PING, 'Host:']],
  ['two Host headers', 400, [PING, HOST, 'Host: globex.api.localhost:8080']],
  ['two equal Host headers', 400, [PING, HOST, HOST]],
  ['two hosts in one header', 400, [PING, `Host: ${DOMAIN}, globex.api.${DOMAIN}`]],
  ['a Host with a path', 400, [PING, `Host: ${DOMAIN}/../x`]],
  ['a Host with a user', 400, [PING, `Host: ada@${DOMAIN}`]],
  ['a Host with a port that is none', 400, [PING, 'Host: localhost:8080x']],
  ['a Host beyond ASCII', 400, [PING, 'Host: l\u00f6calhost']],
  ['HTTP/1.0 without Host', 400, ['GET /v3/ping HTTP/1.0']],
  ['HTTP/1.0 with chunks', 400, ['POST /v3/ping HTTP/1.0', HOST, 'Transfer-Encoding: chunked']],
  ['HTTP/2.0 in a request line', 400, ['GET /v3/ping HTTP/2.0', HOST]],
  ['an absolute target', 400, [`GET http://globex.api.${DOMAIN}/v3/ping HTTP/1.1`, HOST]],
  ['the target *', 400, ['OPTIONS * HTTP/1.1', HOST]],
  ['a target of 9000 characters', 400, [`GET /${'a'.repeat(9000)} HTTP/1.1`, HOST]],
  ['TRACE', 400, ['TRACE /v3/ping HTTP/1.1', HOST]],
  ['an unknown method', 400, ['FOO /v3/ping HTTP/1.1', HOST]],
  ['two Authorization headers', 400, [PING, HOST, 'Authorization: Bearer a', 'authorization: Bearer b']],
  ['101 headers', 400, [PING, HOST, ...Array.from({ length: 100 }, (_, at) => `X-${at}: x`)]],
  ['headers of 17 KB', 431, [PING, HOST, `X: ${'a'.repeat(17_000)}`]],
  ['dot segments', 400, ['GET /v3/public/../ping HTTP/1.1', HOST]],
  ['an escaped dot segment', 400, ['GET /v3/public/%2e%2e/ping HTTP/1.1', HOST]],
  ['a NUL in the path', 400, ['GET /v3/ping%00 HTTP/1.1', HOST]],
  ['a fragment', 400, ['GET /v3/ping#x HTTP/1.1', HOST]],
  ['a space after a header name', 400, [PING, HOST, 'Content-Length : 3']],
  ['a folded header', 400, [PING, HOST, 'X: a', ' b']],
  ['Content-Length and Transfer-Encoding', 400, [PING, HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked']],
  ['two lengths', 400, [PING, HOST, 'Content-Length: 5', 'Content-Length: 6']],
  ['a signed length', 400, [PING, HOST, 'Content-Length: +1']],
  ['a transfer coding that is none', 400, [PING, HOST, 'Transfer-Encoding: xchunked']],
  ['a space before the colon of Transfer-Encoding', 400, [PING, HOST, 'Transfer-Encoding : chunked']],
  ['lines that end in a bare LF', 400, [`${PING}\n${HOST}\nX: y\n`]],
  ['a bare LF within a header', 400, [PING, `${HOST}\nX: y`]],
  ['a bare CR within a header', 400, [PING, `${HOST}\rX: y`]],
  ['a NUL within a header', 400, [PING, HOST, 'X: a\u0000b']],
  ['no HTTP at all', 400, ['hello']],
]

for (const [title, status, lines] of refused) {
  test(`${title} is ${status}, and the connection ends`, async () => {
    assertRefused(await exchange(app().origin, ...lines), status)
  })
}

test('a second request behind a refused one is never read', async () => {
  const answer = await exchange(app().origin, 'GET /a/../b HTTP/1.1', HOST, '', 'GET /v3/ping HTTP/1.1', HOST, CLOSE)

  assertRefused({ ...answer, body: answer.body.split('HTTP/1.1')[0] ?? '' }, 400)
  assert.doesNotMatch(answer.body, /HTTP\/1\.1/)
})

test('CONNECT opens nothing', async () => {
  const answer = await exchange(app().origin, `CONNECT ${DOMAIN} HTTP/1.1`, HOST)

  assert.equal(answer.status, 0)
})

for (const upgrade of ['websocket', 'h2c']) {
  test(`an upgrade to ${upgrade} is passed over, and the request served as it is`, async () => {
    const answer = await exchange(app().origin, PING, HOST, `Upgrade: ${upgrade}`, 'Connection: Upgrade, close')

    assert.equal(answer.status, 200)
  })
}

test('what is odd but can be read in one way only is served', async () => {
  const shouting = await exchange(app().origin, 'GET //v3///ping// HTTP/1.1', `HOST: ${DOMAIN.toUpperCase()}`, CLOSE)
  const old = await exchange(app().origin, 'GET /v3/ping HTTP/1.0', HOST)

  assert.equal(shouting.status, 200)
  assert.equal(old.status, 200)
})

test('requests on one connection are answered in turn, each with its own tracking id', async () => {
  const socket = openSocket(app().origin)
  socket.write([PING, HOST, '', PING, HOST, CLOSE, '', ''].join('\r\n'))

  const { headers, body } = await readUntilClosed(socket)

  const second = /slpt-request-id: ([0-9a-f]{32})/i.exec(body)?.[1]
  const first = headers.find(([name]) => name === 'slpt-request-id')?.[1]
  assert.match(String(first), /^[0-9a-f]{32}$/)
  assert.ok(second !== undefined && second !== first)
})
