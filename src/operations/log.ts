import { type Logger, pino, stdTimeFunctions } from 'pino'
import { describeError } from './error-description.ts'

export interface LogOptions {
  logLevel: string
  logFormat: 'json' | 'text'
}

/** Where lines go: something like a pino destination. */
export interface LogSink {
  write(line: string): unknown
  /** Calls back when everything written before is out. */
  flush(done: () => void): void
  on(event: 'drop' | 'error', listener: () => void): unknown
}

/** The log of this process. */
export interface ProcessLog {
  readonly logger: Logger
  /** Lines that were lost because nobody read them, or could not be written. */
  readonly droppedLines: number
  /** Resolves when what was logged is written, or after a second in which it could not be. */
  flush(): Promise<void>
}

const BUFFER_BYTES_MAX = 1024 * 1024
const FLUSH_MS_MAX = 1000

/**
 * The process's log, to standard output. Callers log events with named fields, never requests, headers, bodies or
 * URLs: what is not named cannot leak. A reader that is slow, gone or out of space costs lines, never answers.
 */
export function makeLog({ logLevel, logFormat }: LogOptions, sink: LogSink = standardOutput()): ProcessLog {
  let droppedLines = 0
  for (const event of ['drop', 'error'] as const) sink.on(event, () => void (droppedLines += 1))
  const options = {
    level: logLevel,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    serializers: { err: describeError, error: describeError, req: leaveOut, res: leaveOut },
  }
  const asText = { write: (line: string) => void sink.write(textOf(JSON.parse(line) as LogLine)) } // our own line
  return {
    logger: pino(options, logFormat === 'text' ? asText : sink),
    get droppedLines() {
      return droppedLines
    },
    flush: () =>
      new Promise((resolve) => {
        const giveUp = setTimeout(resolve, FLUSH_MS_MAX)
        sink.flush(() => {
          clearTimeout(giveUp)
          resolve()
        })
      }),
  }
}

/** Written from another thread, so that a reader that is stuck does not stop the event loop. */
const standardOutput = (): LogSink => pino.destination({ dest: 1, sync: false, maxLength: BUFFER_BYTES_MAX })

const leaveOut = (): undefined => undefined

interface LogLine {
  time: string
  level: string
  msg: string
  trackingId?: string
  err?: ReturnType<typeof describeError>
}

/** A line for a person at a terminal. */
function textOf({ time, level, msg, trackingId, err }: LogLine): string {
  const about = trackingId === undefined ? '' : ` (tracking id ${trackingId})`
  const cause =
    err === undefined ? '' : `\n  ${err.type}: ${err.message}${err.stack.map((frame) => `\n    ${frame}`).join('')}`
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${msg}${about}${cause}\n`
}
