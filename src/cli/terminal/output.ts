import { type Command, Option } from 'commander'
import { excerpt, printable } from '../../config/printable.ts'
import { DomainError, type DomainErrorCode, OperatorError } from '../../errors.ts'
import { type ExitName, exitCodes } from './exit-codes.ts'
import { CliFailure, usageFailure, WrittenMistakes } from './failure.ts'
import { sharedHeadings } from './help-format.ts'
import type { Io } from './io.ts'

const formats = ['table', 'tsv', 'json'] as const
const COLUMN_GAP = '  '
// JSON escapes the other control characters itself.
const UNSAFE_IN_TERMINALS = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

// Of the operating system, of SQLite, of PostgreSQL (SQLSTATE).
const MACHINE_CODE = /^(E[A-Z0-9]{2,}|SQLITE_[A-Z_]+|[0-9A-Z]{5})$/

const exitsOfRefusals: Readonly<Record<DomainErrorCode, ExitName>> = {
  unauthenticated: 'credential',
  forbidden: 'denied',
  resource_denied: 'denied',
  beyond_token: 'denied',
  not_found: 'notFound',
  conflict: 'conflict',
  in_use: 'conflict',
  invalid: 'usage',
  illegal_update: 'usage',
  illegal_value: 'usage',
  required_missing: 'usage',
  reference_not_found: 'notFound',
  limit_exceeded: 'failed',
  unavailable: 'unreachable',
}

export type OutputFormat = (typeof formats)[number]

/** The options that `addOutputOptions` makes. */
export interface OutputOptions {
  readonly output?: string
  readonly json?: boolean
}

/** Gives a command `-o, --output`, which takes these formats, and `--json`. */
export function addOutputOptions(command: Command, formatNames = 'table, tsv or json'): Command {
  const format = new Option('-o, --output <format>', `how to print: ${formatNames} (SALLYPORT_OUTPUT)`)
  const json = new Option('--json', 'the same as --output json')
  for (const option of [format, json]) command.addOption(option.helpGroup(sharedHeadings.output))
  return command
}

/**
 * The format to print in: what was asked for, else SALLYPORT_OUTPUT, else aligned columns on a terminal and
 * tab-separated ones elsewhere.
 *
 * @throws CliFailure for a format that does not exist.
 */
export function outputFormat({ output, json }: OutputOptions, io: Io): OutputFormat {
  if (json) return 'json'
  const asked = output ?? io.env['SALLYPORT_OUTPUT']
  if (asked === undefined || asked === '') return io.isTty ? 'table' : 'tsv'
  const format = formats.find((each) => each === asked)
  if (format !== undefined) return format
  throw usageFailure(
    `There is no output format ${excerpt(asked)}.`,
    'The formats are table, tsv and json.',
    'Give -o json, for example.',
  )
}

/** Prints JSON for programs, indented for people who look at it; what could act on a terminal is escaped. */
export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2).replace(UNSAFE_IN_TERMINALS, escapeCharacter)}\n`)
}

/** Prints JSON on one line, for programs that read while more is coming. */
export function printJsonLine(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value).replace(UNSAFE_IN_TERMINALS, escapeCharacter)}\n`)
}

/** Prints lines of words as data, control characters made harmless. */
export function printLines(io: Io, ...lines: readonly string[]): void {
  for (const line of lines) io.stdout.write(`${printable(line)}\n`)
}

/** Prints rows in aligned columns for `table`, else separated by tabs. */
export function printRows(io: Io, rows: readonly (readonly string[])[], format: OutputFormat): void {
  const clean = rows.map((row) => row.map(printable))
  const widths = format === 'table' ? columnWidths(clean) : []
  const gap = format === 'table' ? COLUMN_GAP : '\t'
  for (const row of clean) {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
    const line = cells.join(gap)
    io.stdout.write(`${format === 'table' ? line.trimEnd() : line}\n`)
  }
}

/** Prints a hint on standard error, where it does not mix with data. */
export function printHint(io: Io, words: string): void {
  io.stderr.write(`${printable(words)}\n`)
}

/**
 * Runs the body of a command: a failure is printed in words, or as JSON where JSON was asked for, and decides the exit
 * code. Anything unforeseen is thrown on.
 */
export async function runCommand(io: Io, options: OutputOptions, body: () => Promise<void> | void): Promise<void> {
  try {
    await body()
  } catch (error) {
    printFailure(io, options, failureOf(error))
  }
}

/** What went wrong, for people line by line, and for scripts. */
interface Failure {
  readonly exit: ExitName
  readonly lines: readonly string[]
  readonly error: object
}

function failureOf(error: unknown): Failure {
  if (error instanceof CliFailure) {
    const { exit, code, what, why, fix, trackingId = null } = error.story
    return {
      exit,
      lines: [what, why, fix, ...(trackingId === null ? [] : [`Tracking id: ${trackingId}`])],
      error: { code, message: what, reason: why, suggestion: fix, trackingId },
    }
  }
  if (error instanceof OperatorError) {
    const exit = error instanceof WrittenMistakes ? 'usage' : 'failed'
    return { exit, lines: error.problems, error: { code: exit, message: error.message } }
  }
  if (error instanceof DomainError) {
    const { code, message } = error
    return { exit: exitsOfRefusals[code], lines: [message], error: { code, message } }
  }
  if (error instanceof Error && 'code' in error && MACHINE_CODE.test(String(error.code))) {
    const message = `The machine or the database refused: ${error.message} (${String(error.code)})`
    return { exit: 'failed', lines: [message], error: { code: String(error.code), message } }
  }
  throw error
}

function printFailure(io: Io, { json, output }: OutputOptions, { exit, lines, error }: Failure): void {
  io.setExitCode(exitCodes[exit])
  if (json || (output ?? io.env['SALLYPORT_OUTPUT']) === 'json') io.stderr.write(`${JSON.stringify({ error })}\n`)
  else for (const line of lines) printHint(io, line)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return widths
}
