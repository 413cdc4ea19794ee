/**
 * The whole of `npm test`: static checks, then all tests on SQLite, then those that use a database again on PostgreSQL.
 *
 *   node tools/test.ts                    everything
 *   node tools/test.ts --quick            without PostgreSQL (npm run check)
 *   node tools/test.ts 'src/keys/**'      only these test files, without static checks
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ChildProcesses, Interrupted } from './child-processes.ts'
import { runStaticChecks, staticChecks } from './static-checks.ts'
import type { Tally } from './tally-reporter.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { findTestFiles, usesDatabase } from './test-files.ts'

const TEST_TIMEOUT_MS = 120_000
const root = join(import.meta.dirname, '..')
// Each test file is a process that loads much the same thousand modules: what is compiled once serves them all.
const { NODE_COMPILE_CACHE = join(root, 'node_modules/.cache/sallyport-tests') } = process.env
const children = new ChildProcesses()

async function checkStatically(): Promise<Tally> {
  console.log('Static checks')
  const failed = await runStaticChecks(children)
  return { passed: staticChecks.length - failed.length, failed: failed.length, skipped: [] }
}

async function runTests(database: 'sqlite' | 'postgres', files: readonly string[]): Promise<Tally> {
  console.log(`\nTests on ${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`)
  const folder = makeTemporaryFolder()
  try {
    const tallyFile = join(folder, 'tally.json')
    const env = { NODE_COMPILE_CACHE, TEST_DATABASE: database, TMPDIR: folder }
    const { exitCode, seconds } = await children.run([...testOptions(database, tallyFile), ...files], {
      showOutput: true,
      env,
    })
    const tally = readTally(tallyFile)
    // A run can also fail as a whole, as when PostgreSQL does not start.
    if (exitCode !== 0 && tally.failed + tally.skipped.length === 0) tally.failed = 1
    console.log(`  ${tally.passed} passed, ${tally.failed} failed  (${seconds.toFixed(1)} s)`)
    return tally
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 }) // PostgreSQL may still be about to end.
  }
}

function testOptions(database: 'sqlite' | 'postgres', tallyFile: string): string[] {
  return [
    '--test',
    '--test-concurrency=2',
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    '--test-reporter=./tools/file-reporter.ts',
    '--test-reporter-destination=stdout',
    '--test-reporter=./tools/tally-reporter.ts',
    `--test-reporter-destination=${tallyFile}`,
    ...(database === 'postgres' ? ['--test-global-setup=test/support/global-setup.ts'] : []),
  ]
}

function readTally(path: string): Tally {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Tally // our own reporter wrote it
  } catch {
    return { passed: 0, failed: 1, skipped: [] }
  }
}

async function runEverything(isQuick: boolean, patterns: readonly string[]): Promise<Tally[]> {
  const files = findTestFiles(root, patterns)
  const tallies = patterns.length === 0 ? [await checkStatically()] : []
  if (files.length === 0) {
    console.error(`No test file matches ${patterns.join(' ') || 'the usual patterns'}.`)
    return [...tallies, { passed: 0, failed: 1, skipped: [] }]
  }
  tallies.push(await runTests('sqlite', files))
  const again = isQuick ? [] : files.filter((file) => usesDatabase(root, file))
  if (again.length > 0) tallies.push(await runTests('postgres', again))
  return tallies
}

function summarize(tallies: readonly Tally[]): void {
  const skipped = tallies.flatMap((tally) => tally.skipped)
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, skipped.length)
  if (skipped.length > 0) {
    console.log(`\nNothing may be skipped; these count as failed:\n${skipped.map((one) => `  ${one}`).join('\n')}`)
  }
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

children.endWithThisProcess()
const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true })
try {
  summarize(await runEverything(values.quick ?? false, positionals))
} catch (error) {
  if (!(error instanceof Interrupted)) throw error
}
