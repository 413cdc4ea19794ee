import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { openSocket, readUntilClosed } from '../../test/support/raw-http.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { DOMAIN } from '../../test/support/test-app.ts'
import { FORM, proofOf } from '../../test/support/token-requests.ts'

const app = shareTestApp()
const form = new URLSearchParams(proofOf('ada')).toString()

/** Opens a connection and sends the head of a token request, and as much of its body as is given. */
async function begin({ headers, body = '' }: { headers: string[]; body?: string }) {
  const socket = openSocket(app().origin)
  await once(socket, 'connect')
  const seen = once(app().app.server.server, 'request')
  const head = ['POST /oauth/token HTTP/1.1', `Host: ${DOMAIN}`, `Content-Type: ${FORM}`, ...headers]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  await seen
  return socket
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

for (const cut of [0, 1, form.length - 1])
  test(`a body is read whole when ${cut} of its bytes come with its head and the rest later`, async () => {
    const headers = ['Connection: close', `Content-Length: ${form.length}`]
    const socket = await begin({ headers, body: form.slice(0, cut) })

    socket.write(form.slice(cut))
    const { status, body } = await readUntilClosed(socket)

    assert.equal(status, 200, body)
  })

test('a body in chunks is read, whether they come together or one by one', async () => {
  const headers = ['Connection: close', 'Transfer-Encoding: chunked']
  const [first, second] = [chunk(form.slice(0, 40)), chunk(form.slice(40))]
  const together = await begin({ headers, body: `${first}${second}0\r\n\r\n` })
  const oneByOne = await begin({ headers, body: first })

  oneByOne.write(second)
  oneByOne.write('0\r\n\r\n')

  assert.equal((await readUntilClosed(together)).status, 200)
  assert.equal((await readUntilClosed(oneByOne)).status, 200)
})

for (const [how, headers, body] of [
  ['says it is', ['Content-Length: 70000'], 'grant_type='],
  ['comes in chunks that are', ['Transfer-Encoding: chunked'], chunk('a'.repeat(70_000))],
] as const)
  test(`a body that ${how} longer than 64 KiB is 413 before it ends, and ends the connection`, async () => {
    const socket = await begin({ headers: [...headers], body })

    const answer = await readUntilClosed(socket)

    assert.equal(answer.status, 413)
    assert.equal(JSON.parse(answer.body).error, 'invalid_request')
  })

test('two requests that come at once over one connection are answered one after the other', async () => {
  const request = `POST /oauth/token HTTP/1.1\r\nHost: ${DOMAIN}\r\nContent-Type: ${FORM}\r\n`
  const socket = openSocket(app().origin)

  socket.write(`${request}Content-Length: ${form.length}\r\n\r\n${form}`)
  socket.write(`${request}Connection: close\r\nContent-Length: ${form.length}\r\n\r\n${form}`)
  const { status, body } = await readUntilClosed(socket)

  assert.equal(status, 200)
  assert.equal(body.match(/HTTP\/1\.1 200 OK/g)?.length, 1)
})

test('a caller that goes away before its body is whole disturbs nobody', async () => {
  const socket = await begin({ headers: [`Content-Length: ${form.length}`], body: form.slice(0, 10) })

  socket.destroy()

  const after = await begin({ headers: ['Connection: close', `Content-Length: ${form.length}`], body: form })
  assert.equal((await readUntilClosed(after)).status, 200)
})
