import type { ChildProcesses } from './child-processes.ts'

/** A check that reads the code without running it. */
export interface StaticCheck {
  readonly name: string
  /** Arguments for `node`. */
  readonly command: readonly string[]
}

/** In the order in which they start; the slow ones first. */
export const staticChecks: readonly StaticCheck[] = [
  { name: 'types', command: ['node_modules/.bin/tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'lint', command: ['node_modules/.bin/oxlint', '--deny-warnings'] },
  { name: 'docs', command: ['tools/check-docs.ts'] },
  { name: 'boundaries', command: ['tools/check-boundaries.ts'] },
  { name: 'budgets', command: ['tools/check-budgets.ts'] },
  { name: 'format', command: ['node_modules/.bin/biome', 'format'] },
]

const AT_ONCE = 2

/** Runs all checks, two at a time, and prints a line for each with what it found. Answers the names that failed. */
export async function runStaticChecks(children: ChildProcesses): Promise<string[]> {
  const waiting = [...staticChecks]
  const failed: string[] = []
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { exitCode, output, seconds } = await children.run(check.command)
      console.log(`  ${exitCode === 0 ? 'ok  ' : 'FAIL'}  ${check.name}  (${seconds.toFixed(1)} s)`)
      if (exitCode !== 0) console.log(`\n${output.trimEnd()}\n`)
      if (exitCode !== 0) failed.push(check.name)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return failed
}
