import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exchange, openSocket } from '../../test/support/raw-http.ts'
import { type Certificate, selfSignedCertificate } from '../../test/support/self-signed-certificate.ts'
import { share } from '../../test/support/shared-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp } from '../../test/support/test-app.ts'
import { type Owner } from '../../test/support/test-database.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { apiCatalog, startUpstream } from '../../test/support/upstream.ts'
import { startWebSocketUpstream, upgradeLines } from '../../test/support/websocket-upstream.ts'

const timeouts = { connect: 300, firstByte: 300, idle: 300 }

/** An upstream of HTTPS alone that says where it was asked, and by which name. */
async function startTls(owner: Owner, certificate: Certificate): Promise<string> {
  const server = createHttpsServer({ ...certificate }, (request, response) => void response.end(`at ${request.url}`))
  return listen(owner, server)
}

async function listen(owner: Owner, server: ReturnType<typeof createServer>): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => void sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  owner.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

const shared = share(async (owner) => {
  const [known, other, misnamed] = [
    selfSignedCertificate('localhost'),
    selfSignedCertificate('localhost'),
    selfSignedCertificate('elsewhere.example'),
  ]
  const files = temporaryDirectory(owner)
  const caFile = (name: string, { cert }: Certificate): string => {
    writeFileSync(join(files, name), cert)
    return join(files, name)
  }
  const [caOfKnown, caOfMisnamed] = [caFile('known.pem', known), caFile('misnamed.pem', misnamed)]
  const plain = await startUpstream(owner)
  const echo = await startWebSocketUpstream(owner, { certificate: known })
  const silent = createServer(() => {})
  const mute = await listen(owner, silent)
  const upstreams = {
    trusted: { url: await startTls(owner, known), caFile: caOfKnown },
    unnamed: { url: await startTls(owner, known) },
    other: { url: await startTls(owner, other), caFile: caOfKnown },
    misnamed: { url: await startTls(owner, misnamed), caFile: caOfMisnamed },
    plain: { url: plain.url.replace('http://127.0.0.1', 'https://localhost'), caFile: caOfKnown },
    mute: { url: mute, timeouts: { ...timeouts, firstByte: 10_000 } },
    muteSocket: { url: mute },
    socket: { url: echo.url, caFile: caOfKnown },
    strangeSocket: { url: echo.url },
  }
  const catalogs = Object.entries(upstreams).map(([name, upstream]) =>
    apiCatalog({ timeouts, ...upstream }, { name: name.toLowerCase(), prefix: `/${name}` }),
  )
  const logged: string[] = []
  const app = await startTestApp(owner, {
    tenants: [tenantFileFor('acme', { isDefault: true, catalogs })],
    onLogged: (line) => logged.push(line),
  })
  return { app, echo, logged, token: await app.tokenFor('ada') }
})

type Name = 'unnamed' | 'other' | 'misnamed' | 'plain' | 'mute'

test('an upstream whose certificate the named authority vouches for is served over TLS', async () => {
  const { app, token } = shared()

  const answers = [1, 2].map(() => app.call('GET', '/trusted/things', { token }))

  for (const { status, text } of await Promise.all(answers)) assert.deepEqual([status, text], [200, 'at /things'])
})

const refused: [title: string, name: Name, status: number, reason: string, code: RegExp][] = [
  ['nobody vouches for', 'unnamed', 502, 'upstream.unavailable', /DEPTH_ZERO_SELF_SIGNED_CERT/],
  ['another authority vouches for', 'other', 502, 'upstream.unavailable', /DEPTH_ZERO_SELF_SIGNED_CERT|SIGNATURE/],
  ['names another host', 'misnamed', 502, 'upstream.unavailable', /ERR_TLS_CERT_ALTNAME_INVALID/],
  ['does not exist, because it speaks no TLS', 'plain', 502, 'upstream.unavailable', /SSL|EPROTO/],
  ['never comes', 'mute', 504, 'upstream.timeout', /UND_ERR_CONNECT_TIMEOUT/],
]

for (const [title, name, status, reason, code] of refused) {
  test(`an upstream whose certificate ${title} is ${status}, and the log says why`, async () => {
    const { app, token, logged } = shared()

    const answer = await app.call('GET', `/${name}/things`, { token })

    assert.deepEqual([answer.status, answer.headers['sallyport-reason']], [status, reason])
    const [line = ''] = logged.filter((each) => each.includes(String(answer.headers['slpt-request-id'])))
    assert.match(JSON.parse(line).code, code)
    assert.doesNotMatch(answer.text, /TLS|SSL|CERT|localhost/)
  })
}

test('WebSocket passes over a TLS upstream, and each side takes the other along', async () => {
  const { app, token, echo } = shared()
  const open = async (): Promise<Socket> => {
    const socket = openSocket(app.origin)
    socket.write(`${upgradeLines(DOMAIN, token, '/socket/things').join('\r\n')}\r\n\r\n`)
    assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 101 /)
    return socket
  }
  const [one, two] = [await open(), await open()]
  const [aboveOne, aboveTwo] = echo.sockets

  one.write('hello')
  const [heard] = await once(one, 'data')
  one.destroy()
  aboveTwo?.destroy()

  assert.equal(String(heard), 'hello')
  await Promise.all([aboveOne && once(aboveOne, 'close'), once(two, 'close')])
})

for (const [title, name, status] of [
  ['nobody vouches for', 'strangeSocket', 502],
  ['never comes', 'muteSocket', 504],
] as const) {
  test(`WebSocket to an upstream whose certificate ${title} is ${status}`, async () => {
    const { app, token, echo } = shared()
    const before = echo.asked.length

    const answer = await exchange(app.origin, ...upgradeLines(DOMAIN, token, `/${name}/things`))

    assert.deepEqual([answer.status, echo.asked.length - before], [status, 0])
  })
}
