import type { Command } from 'commander'
import { excerpt, printable } from '../config/printable.ts'
import { OperatorError } from '../errors.ts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure, usageFailure } from './failure.ts'
import type { Io } from './io.ts'

const formats = ['table', 'tsv', 'json'] as const
const COLUMN_GAP = '  '
// JSON escapes the other control characters itself.
const UNSAFE_IN_TERMINALS = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

export type OutputFormat = (typeof formats)[number]

/** The options that `addOutputOptions` makes. */
export interface OutputOptions {
  readonly output?: string
  readonly json?: boolean
}

/** Gives a command `-o, --output` and `--json`. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('-o, --output <format>', 'how to print: table, tsv or json (SALLYPORT_OUTPUT)')
    .option('--json', 'the same as --output json')
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
 * Runs the body of a command: a failure is printed in its three lines, or as JSON where JSON was asked for, and decides
 * the exit code. Anything unforeseen is thrown on.
 */
export async function runCommand(io: Io, options: OutputOptions, body: () => Promise<void> | void): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (error instanceof CliFailure) printFailure(io, options, error)
    else if (error instanceof OperatorError) printProblems(io, error)
    else throw error
  }
}

function printFailure(io: Io, { json, output }: OutputOptions, { story }: CliFailure): void {
  io.setExitCode(exitCodes[story.exit])
  const { code, what, why, fix, trackingId = null } = story
  if (json || (output ?? io.env['SALLYPORT_OUTPUT']) === 'json') {
    const error = { code, message: what, reason: why, suggestion: fix, trackingId }
    io.stderr.write(`${JSON.stringify({ error })}\n`)
    return
  }
  for (const line of [what, why, fix]) printHint(io, line)
  if (trackingId !== null) printHint(io, `Tracking id: ${trackingId}`)
}

function printProblems(io: Io, { problems }: OperatorError): void {
  io.setExitCode(exitCodes.usage)
  for (const problem of problems) printHint(io, problem)
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
