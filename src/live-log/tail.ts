import type { ServerResponse } from 'node:http'
import { isWanted, type LogEvent, type LogQuery } from './schemas.ts'

/** Why a stream ends, in a word for programs and a sentence for people. */
export interface Ending {
  readonly code: string
  readonly message: string
}

const EVENTS_PER_SECOND_MAX = 200
const HEARTBEAT_SECONDS = 15
/** A reader that takes nothing for so long is gone, or may as well be. */
const BLOCKED_SECONDS_MAX = 60

/**
 * One open stream of server-sent events. It buffers nothing: what its reader cannot take, or what comes faster than
 * 200 in a second, is lost, and the reader is told how much.
 */
export class Tail {
  readonly #response: ServerResponse
  readonly #query: LogQuery
  #isBlocked = false
  #lost = 0
  #told = 0
  #seconds = 0
  #blockedSeconds = 0

  constructor(response: ServerResponse, query: LogQuery) {
    this.#response = response
    this.#query = query
    response.on('drain', () => (this.#isBlocked = false))
  }

  /** Begins the stream, saying what it covers. */
  open(headers: Readonly<Record<string, string>>, covers: string): void {
    this.#response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // nginx would hold events back
    })
    this.#write(`event: open\ndata: ${JSON.stringify({ covers })}\n\n`)
  }

  offer(event: LogEvent): void {
    if (!isWanted(this.#query, event)) return
    if (this.#isBlocked || this.#told >= EVENTS_PER_SECOND_MAX) {
      this.#lost += 1
      return
    }
    this.#told += 1
    const name = event.allowed ? 'allowed' : 'denied'
    this.#write(`event: ${name}\nid: ${event.trackingId}\ndata: ${JSON.stringify(event)}\n\n`)
  }

  /** To be called every second: tells what was lost, and keeps proxies from taking the silence for the end. */
  tick(): void {
    this.#seconds += 1
    this.#told = 0
    if (this.#isBlocked) return this.#giveUpSomeTime()
    this.#blockedSeconds = 0
    if (this.#lost > 0) {
      const count = this.#lost
      this.#lost = 0
      this.#write(`event: lost\ndata: ${JSON.stringify({ count })}\n\n`)
    } else if (this.#seconds % HEARTBEAT_SECONDS === 0) this.#write(': still here\n\n')
  }

  /** Says why, and ends the stream. */
  end(ending: Ending): void {
    if (this.#isBlocked) this.#response.destroy()
    else this.#response.end(`event: end\ndata: ${JSON.stringify(ending)}\n\n`)
  }

  #giveUpSomeTime(): void {
    this.#blockedSeconds += 1
    if (this.#blockedSeconds > BLOCKED_SECONDS_MAX) this.#response.destroy()
  }

  #write(text: string): void {
    if (!this.#response.write(text)) this.#isBlocked = true
  }
}
