import type { Server } from 'node:http'
import type { Socket } from 'node:net'

const SWEEP_MS = 100

/** The open connections of a server, so that it can end without waiting for those on which nothing happens. */
export class Connections {
  readonly #server: Server
  readonly #open = new Set<Socket>()
  #dropped = 0

  constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
    })
    server.on('drop', () => void (this.#dropped += 1))
  }

  /** How many were turned away because as many were open as the server takes. */
  get dropped(): number {
    return this.#dropped
  }

  /**
   * Lets a server that is closing end soon: connections close as soon as nothing is under way on them, and all of them
   * after `limitMs`. Answers what stops this.
   */
  drain(limitMs: number): () => void {
    const server = this.#server
    // Whoever still asks on an open connection is answered, and told to connect elsewhere for the next request.
    server.prependListener('request', (_request, response) => void (response.shouldKeepAlive = false))
    // Node takes a connection for busy until its first request, which may never come.
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy()
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const limit = setTimeout(() => server.closeAllConnections(), limitMs)
    return () => {
      clearInterval(sweep)
      clearTimeout(limit)
    }
  }
}
