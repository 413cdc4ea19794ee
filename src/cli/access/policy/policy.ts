import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import { exitCodes } from '../../terminal/exit-codes.ts'
import { CliFailure, readWritten } from '../../terminal/failure.ts'
import { type AskOptions, asking } from '../../connection/asking.ts'
import type { Io } from '../../terminal/io.ts'
import {
  type OutputFormat,
  outputFormat,
  printHint,
  printJson,
  printLines,
  printRows,
  runCommand,
} from '../../terminal/output.ts'
import type { Expectation } from './policy-file.ts'
import type { Verdict } from './verdict.ts'

interface PolicyOptions extends AskOptions {
  readonly junit?: string
}

/** Adds `sallyport policy test`: do the rules in force let through what they should, and nothing else? */
export function registerPolicy(program: Command, io: Io): void {
  const policy = program.command('policy').description('expectations of who may call what, tested')
  const command = policy
    .command('test <files...>')
    .description(
      'ask the server about every expectation in these files (YAML or JSON); nothing is called; exit code 10 when one does not hold',
    )
    .option('--junit <file>', 'also write a JUnit report')
  asking(command).action((files: string[], options: PolicyOptions) =>
    runCommand(io, options, () => testPolicy(io, files, options)),
  )
}

async function testPolicy(io: Io, files: readonly string[], options: PolicyOptions): Promise<void> {
  const format = outputFormat(options, io)
  const { readPolicyFile } = await import('./policy-file.ts')
  const expectations = files.flatMap((file) => readWritten(() => readPolicyFile(readText(file), file)))
  const verdicts = await askAll(io, expectations, options)
  if (options.junit !== undefined) {
    const { renderJunit } = await import('./junit.ts')
    writeFileSync(options.junit, renderJunit(verdicts))
  }
  await print(io, verdicts, format)
  const holds = verdicts.every(({ problem }) => problem === undefined)
  io.setExitCode(holds ? exitCodes.ok : exitCodes.no)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new CliFailure(
      {
        exit: 'usage',
        code: 'file.unreadable',
        what: `${file} cannot be read (${code}).`,
        why: 'It holds the expectations to test.',
        fix: 'Check the name and the permissions of the file.',
      },
      { cause },
    )
  }
}

async function askAll(io: Io, expectations: readonly Expectation[], options: PolicyOptions): Promise<Verdict[]> {
  const [{ openClient }, { asExplanation }, { judge }] = await Promise.all([
    import('../../connection/client.ts'),
    import('../explanation.ts'),
    import('./verdict.ts'),
  ])
  const client = await openClient(io, options)
  const verdicts: Verdict[] = []
  for (const expectation of expectations) {
    const { method, path, who } = expectation
    const answer = await patiently(io, () => client.post('/sallyport/v1/explain', { method, path, ...who }))
    verdicts.push(judge(expectation, asExplanation(answer)))
  }
  return verdicts
}

const TRIES = 10
const PAUSE_MS = 2000

/** The server's rate limit holds for questions too: a long list waits instead of failing. */
async function patiently(io: Io, ask: () => Promise<unknown>, tries = TRIES): Promise<unknown> {
  try {
    return await ask()
  } catch (error) {
    const isLimited = error instanceof CliFailure && error.story.exit === 'rateLimited'
    if (!isLimited || tries === 1) throw error
    if (tries === TRIES) printHint(io, 'The rate limit of the server is reached; going on in a moment.')
    await wait(PAUSE_MS)
    return patiently(io, ask, tries - 1)
  }
}

async function print(io: Io, verdicts: readonly Verdict[], format: OutputFormat): Promise<void> {
  const { wordsOf } = await import('./verdict.ts')
  const failed = verdicts.filter(({ problem }) => problem !== undefined)
  if (format === 'json')
    return printJson(
      io,
      verdicts.map(({ expectation: { who: _who, ...expectation }, problem }) => ({
        ...expectation,
        reason: expectation.reason ?? null,
        holds: problem === undefined,
        problem: problem ?? null,
      })),
    )
  const rows = verdicts.map(({ expectation, problem }) => {
    const mark = problem === undefined ? 'ok' : 'FAIL'
    return [mark, expectation.place, expectation.title, wordsOf(expectation), problem ?? '']
  })
  printRows(io, rows, format)
  printLines(io, `${verdicts.length - failed.length} hold, ${failed.length} do not`)
}
