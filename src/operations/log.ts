import { type Logger, pino, stdTimeFunctions } from 'pino'

export interface LogOptions {
  logLevel: string
  logFormat: 'json' | 'text'
}

/**
 * The process's log, to standard output. Callers log events with named fields, never requests, headers, bodies or
 * URLs: what is not named cannot leak.
 */
export function makeLog({ logLevel, logFormat }: LogOptions): Logger {
  const options = { level: logLevel, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: labelOnly } }
  return logFormat === 'text' ? pino(options, { write: writeAsText }) : pino(options)
}

const labelOnly = (level: string): object => ({ level })

interface LogLine {
  time: string
  level: string
  msg: string
  trackingId?: string
  err?: { message?: string; stack?: string }
}

/** A line for a person at a terminal. */
function writeAsText(line: string): void {
  const { time, level, msg, trackingId, err } = JSON.parse(line) as LogLine
  const about = trackingId === undefined ? '' : ` (tracking id ${trackingId})`
  const cause = err === undefined ? '' : `\n  ${err.stack ?? err.message ?? ''}`
  process.stdout.write(`${time.slice(11, 19)} ${level.padEnd(5)} ${msg}${about}${cause}\n`)
}
