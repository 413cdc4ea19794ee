import { setTimeout as pause } from 'node:timers/promises'
import type { AskOptions } from '../connection/asking.ts'
import { openClient } from '../connection/client.ts'
import { eventsOf } from './event-stream.ts'
import { CliFailure, usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { type OutputFormat, outputFormat, printHint, printJsonLine, printRows } from '../terminal/output.ts'
import { isJsonObject, type JsonObject } from '../connection/token-claims.ts'

const FIRST_PAUSE_MS = 250
const PAUSE_MS_MAX = 30_000

/** What `log tail` is asked for. */
export interface TailOptions extends AskOptions {
  readonly allowed?: boolean
  readonly client?: string
  readonly reason?: string
  readonly method?: string
  readonly path?: string
  readonly count?: string
}

/** Prints what the server refuses, as it happens, and comes back whenever the connection breaks. */
export async function tailLog(io: Io, options: TailOptions): Promise<void> {
  const format = outputFormat(options, io)
  const wanted = { left: countOf(options.count) }
  let pauseMs = FIRST_PAUSE_MS
  for (let round = 0; wanted.left > 0; round++) {
    try {
      const { origin, token } = await openClient(io, options)
      for await (const { event, data } of eventsOf(urlOf(origin, options), token)) {
        if (!print(io, { event, data, format })) continue
        pauseMs = FIRST_PAUSE_MS
        wanted.left -= 1
        if (wanted.left <= 0) return
      }
    } catch (error) {
      // What fails at once is for the caller to mend; what fails later may come back by itself.
      if (round === 0 || !isPassing(error)) throw error
    }
    printHint(io, `Connecting again in ${pauseMs / 1000} s. What happens until then is not shown.`)
    await pause(pauseMs)
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof CliFailure && (error.story.exit === 'unreachable' || error.story.exit === 'rateLimited')

function countOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw usageFailure('That is no number of events.', 'It must be 1 or more.', 'Give -n 10, for example.')
}

function urlOf(origin: string, { allowed, client, reason, method, path }: TailOptions): URL {
  const url = new URL('/sallyport/v1/log', origin)
  for (const [name, value] of Object.entries({ client, reason, method, path }))
    if (value !== undefined) url.searchParams.set(name, value)
  if (allowed) url.searchParams.set('allowed', 'true')
  return url
}

/** Prints one event; true when it was a call. */
function print(
  io: Io,
  { event, data, format }: { event: string | undefined; data: string; format: OutputFormat },
): boolean {
  const told = parse(data)
  if (event === 'open') printHint(io, `Listening to ${textOf(told['covers'])}. Ctrl-C ends.`)
  if (event === 'lost')
    printHint(io, `${textOf(told['count'])} events were lost: they came faster than they were read.`)
  if (event === 'end') printHint(io, `The server ended the stream: ${textOf(told['message'])}`)
  if (event !== 'denied' && event !== 'allowed') return false
  if (format === 'json') printJsonLine(io, told)
  else printRows(io, [cellsOf(told, format)], format)
  return true
}

const STATUS_WIDTH = 3
const METHOD_WIDTH = 6
const REASON_WIDTH = 24

/** Lines come one at a time, so columns are as wide as what they usually hold. */
function cellsOf(told: JsonObject, format: OutputFormat): string[] {
  const wide = (value: unknown, width: number): string => textOf(value).padEnd(format === 'table' ? width : 0)
  return [
    textOf(told['at']),
    wide(told['status'] ?? 'ok', STATUS_WIDTH),
    wide(told['reason'] ?? '-', REASON_WIDTH),
    wide(told['method'], METHOD_WIDTH),
    textOf(told['path']),
    textOf(told['clientId'] ?? 'nobody'),
    textOf(told['trackingId']),
  ]
}

function parse(data: string): JsonObject {
  try {
    const value: unknown = JSON.parse(data)
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
