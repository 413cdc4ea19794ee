import { exitCodes } from '../terminal/exit-codes.ts'
import type { Io } from '../terminal/io.ts'
import { type OutputFormat, printJson, printLines, printRows } from '../terminal/output.ts'

/** What one check found. `warn` is worth a look and stands in nobody's way; `skipped` was not looked at. */
export interface Finding {
  readonly name: string
  readonly outcome: 'ok' | 'warn' | 'fail' | 'skipped'
  readonly message: string
  /** What to do about it; null where nothing needs doing. */
  readonly fix: string | null
}

/** A finding, with what later checks go on from; without it there is nothing to go on from. */
export interface Found<Value> {
  readonly finding: Finding
  readonly value?: Value
}

export const ok = (name: string, message: string): Finding => ({ name, outcome: 'ok', message, fix: null })
export const skipped = (name: string, message: string): Finding => ({ name, outcome: 'skipped', message, fix: null })
export const warn = (name: string, message: string, fix: string): Finding => ({ name, outcome: 'warn', message, fix })
export const fail = (name: string, message: string, fix: string): Finding => ({ name, outcome: 'fail', message, fix })

const marks = { ok: 'ok', warn: 'WARN', fail: 'FAIL', skipped: '-' } as const

/** Prints findings, the first thing that is wrong at last; it decides the exit code. */
export function printFindings(io: Io, findings: readonly Finding[], format: OutputFormat): void {
  const first = findings.find(({ outcome }) => outcome === 'fail') ?? null
  if (first) io.setExitCode(exitCodes.no)
  if (format === 'json') return printJson(io, { ok: first === null, first, findings })
  printRows(
    io,
    findings.map(({ name, outcome, message, fix }) => [
      marks[outcome],
      name,
      fix !== null && outcome === 'warn' ? `${message} ${fix}` : message,
    ]),
    format,
  )
  if (first) printLines(io, '', `Wrong first: ${first.message}`, `Do this: ${first.fix ?? ''}`)
  else printLines(io, '', 'Nothing is wrong that can be seen from here.')
}
