import type { EventSourceMessage } from 'eventsource-parser'
import { lookupLocalNames, unreachable } from '../connection/http-exchange.ts'
import { refusalOf } from '../connection/refusal.ts'

const CONNECT_TIMEOUT_MS = 5000
/** Longer than a server that is well is ever silent. */
const SILENCE_MS_MAX = 60_000

/**
 * Server-sent events of one stream, as they come, until it ends.
 *
 * @throws CliFailure when the server refuses, does not answer, or falls silent.
 */
export async function* eventsOf(url: URL, token: string): AsyncGenerator<EventSourceMessage, void> {
  const [{ Agent, request }, { createParser }] = await Promise.all([import('undici'), import('eventsource-parser')])
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: lookupLocalNames },
    headersTimeout: SILENCE_MS_MAX,
    bodyTimeout: SILENCE_MS_MAX,
  })
  try {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` }
    const { statusCode: status, headers: got, body } = await request(url, { headers, dispatcher })
    if (status !== 200)
      throw refusalOf({ status, headers: got, body: await body.text() }, { request: `GET ${url.pathname}`, token })
    const events: EventSourceMessage[] = []
    const parser = createParser({ onEvent: (event) => void events.push(event) })
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
      yield* events.splice(0)
    }
  } catch (error) {
    throw error instanceof Error && error.name === 'CliFailure' ? error : unreachable(url.origin, error)
  } finally {
    await dispatcher.destroy()
  }
}
