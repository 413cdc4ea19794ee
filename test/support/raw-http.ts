import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number
  /** Names in lower case; a repeated header has several entries. */
  headers: [name: string, value: string][]
  body: string
}

/** Opens a connection to a test server, for requests that no HTTP library would send. */
export function openSocket(origin: string): Socket {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {}) // How a connection ends is seen in what came over it.
  return socket
}

/** Sends bytes as they are and answers what comes back until the server closes the connection. */
export function exchange(origin: string, ...lines: string[]): Promise<RawAnswer> {
  const socket = openSocket(origin)
  socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
  return readUntilClosed(socket)
}

/** What comes over a connection until the server closes it. */
export async function readUntilClosed(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)))
  await new Promise((resolve) => socket.on('close', resolve))
  return parseAnswer(Buffer.concat(chunks).toString('latin1'))
}

function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...headerLines] = head.split('\r\n')
  const headers = headerLines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') }
}
