import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Certificate } from './self-signed-certificate.ts'
import type { Owner } from './test-database.ts'

/** A service behind the gateway that speaks WebSocket. */
export interface WebSocketUpstream {
  url: string
  /** The requests to upgrade. */
  asked: IncomingMessage[]
  sockets: Duplex[]
}

/** What an upstream does with a connection that it agreed to upgrade. */
export type Speak = (socket: Duplex) => unknown

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11' // RFC 6455 §1.3

const echo: Speak = (socket) => socket.pipe(socket)

/** Starts an upstream that agrees to upgrades, except to /things/refused and /things/stuck, and then says back what it hears, or `speak`s. */
export async function startWebSocketUpstream(
  owner: Owner,
  { certificate, speak = echo }: { certificate?: Certificate; speak?: Speak } = {},
): Promise<WebSocketUpstream> {
  const [asked, sockets]: [IncomingMessage[], Duplex[]] = [[], []]
  const server = certificate ? createTlsServer({ ...certificate }) : createServer()
  server.on('request', (_request, response) => void response.writeHead(426).end('no socket here'))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    asked.push(request)
    sockets.push(socket)
    socket.on('error', () => {})
    if (request.url === '/things/refused') return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
    if (request.url === '/things/stuck')
      return socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nhalf of it')
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64')
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
    const more = [`Sec-WebSocket-Accept: ${accept}`, 'Sallyport-Reason: forged', 'Set-Cookie: a=b']
    socket.write(`${[...head, ...more].join('\r\n')}\r\n\r\n`)
    return speak(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  owner.after(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`, asked, sockets }
}

/** The lines of a request to upgrade, for a path of the API that `tenantsWithApi` has. */
export const upgradeLines = (host: string, token: string, path = '/v3/things', ...more: string[]): string[] => [
  `GET ${path} HTTP/1.1`,
  `Host: ${host}`,
  'Connection: Upgrade, X-Hop',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
  ...more,
]
