import type { Command } from 'commander'
import type { CheckResult, Explanation } from './explanation.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { type OutputFormat, outputFormat, printJson, printLines, printRows, runCommand } from '../terminal/output.ts'
import { addPersonaOptions, type PersonaOptions } from './persona.ts'

const marks = { pass: 'ok', fail: 'FAIL', not_reached: '-' } as const

/** Adds `sallyport explain METHOD PATH` and `sallyport explain TRACKINGID`. */
export function registerExplain(program: Command, io: Io): void {
  const command = program
    .command('explain <method-or-tracking-id> [path]')
    .description('why a request passes or is refused, check by check, and what would help')
  addPersonaOptions(command).action((first: string, path: string | undefined, options: PersonaOptions) =>
    runCommand(io, options, () => explain(io, { first, path }, options)),
  )
}

async function explain(
  io: Io,
  { first, path }: { first: string; path: string | undefined },
  options: PersonaOptions,
): Promise<void> {
  const format = outputFormat(options, io)
  const { askAbout, askAboutTrackingId } = await import('./question.ts')
  const explanation =
    path === undefined
      ? await askAboutTrackingId(io, parseTrackingId(first), options)
      : await askAbout(io, first, path, options)
  if (format === 'json') printJson(io, explanation)
  else printExplanation(io, explanation, format)
}

function parseTrackingId(text: string): string {
  const trackingId = text.toLowerCase().replaceAll('-', '')
  if (/^[0-9a-f]{32}$/.test(trackingId)) return trackingId
  throw usageFailure(
    'That is neither a tracking id nor a method with its path.',
    'A tracking id has 32 hexadecimal characters: the SLPT-Request-ID of an answer.',
    'For example: sallyport explain GET /v3/sources',
  )
}

function printExplanation(io: Io, explanation: Explanation, format: OutputFormat): void {
  const { checks, fixes } = explanation
  printLines(io, verdictOf(explanation), '')
  printRows(io, checks.map(rowOf), format)
  if (fixes.length > 0)
    printLines(io, '', 'What would help:', ...fixes.map(({ message }, index) => `${index + 1}. ${message}`))
  if (explanation.now) printLines(io, '', `Now, with a new token: ${verdictOf(explanation.now)}`)
}

function verdictOf({
  allowed,
  status,
  reason,
  refusedAt,
}: Pick<Explanation, 'allowed' | 'status' | 'reason' | 'refusedAt'>): string {
  if (allowed) return 'Allowed: every check that can be made beforehand passes.'
  const when = refusedAt === undefined ? '' : ` on ${refusedAt}`
  return `Denied${when} (${status}): ${reason?.message ?? 'no reason was given.'}`
}

function rowOf({ name, outcome, message }: CheckResult): string[] {
  return [marks[outcome], name, message ?? '']
}
