import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Owner } from './on-end.ts'

const root = join(import.meta.dirname, '..', '..')
const PATIENCE_MS = 30_000
const GRACE_MS = 5000

/** How a program is to be run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** What is run in place of bin/sallyport, before the arguments. */
  readonly command?: readonly [string, ...string[]]
}

interface Output {
  stdout: string
  stderr: string
}

/** How a program ended, and what it printed. */
export interface Ending extends Readonly<Output> {
  readonly exitCode: number | null
}

/** A program that runs. It ends with its test, whatever happens. */
export interface RunningProgram {
  readonly child: ChildProcess
  readonly ended: Promise<Ending>
  /** What it printed so far. */
  readonly printed: Readonly<Output>
  /** Resolves with the match as soon as what it printed to either stream matches. @throws Error when it ends before. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
}

/** A `sallyport serve` that is ready. */
export interface SallyportProcess extends RunningProgram {
  /** Where it says that it is ready. */
  readonly url: string
  /** Where its operations listener is. */
  readonly opsUrl: string
}

/** Runs bin/sallyport to its end, as a user would. */
export function runSallyport(t: Owner, args: readonly string[], options?: RunOptions): Promise<Ending> {
  return startProgram(t, args, options).ended
}

/** Starts a server on free ports and waits until it is ready. @throws Error with what it printed when it never is. */
export async function startSallyport(
  t: Owner,
  args: readonly string[],
  options?: RunOptions,
): Promise<SallyportProcess> {
  const program = startProgram(t, ['serve', '--port', '0', '--ops-port', '0', ...args], options)
  const [, url = ''] = await program.says(/^Sallyport is ready on (\S+)$/m)
  const [, opsUrl = ''] = await program.says(/^ {2}operations: (\S+)\/metrics$/m)
  return { ...program, url, opsUrl }
}

/** Starts a program in the folder of the project, without settings of Sallyport in its environment. */
export function startProgram(
  t: Owner,
  args: readonly string[],
  { env = {}, command = [join(root, 'bin', 'sallyport')] }: RunOptions = {},
): RunningProgram {
  const [file, ...before] = command
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SALLYPORT|SAIL)_/.test(name))
  const child = spawn(file, [...before, ...args], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => void (output[name] += text))
  const ended = new Promise<Ending>((resolve) => child.on('close', (exitCode) => resolve({ exitCode, ...output })))
  t.after(async () => {
    child.kill('SIGTERM') // npm passes this on to what it runs
    const insist = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    await ended
    clearTimeout(insist)
  })
  return { child, ended, printed: output, says: (pattern) => untilSaid({ child, ended, output }, pattern) }
}

interface Speaker {
  child: ChildProcess
  ended: Promise<Ending>
  output: Output
}

function untilSaid({ child, ended, output }: Speaker, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const giveUp = (why: string) => reject(new Error(`${why} it said ${pattern}:\n${output.stdout}${output.stderr}`))
    const timer = setTimeout(() => giveUp('No longer waiting until'), PATIENCE_MS)
    const look = () => {
      const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr)
      if (!match) return
      clearTimeout(timer)
      resolve(match)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    void ended.then(() => {
      clearTimeout(timer)
      giveUp('It ended before')
    })
    look()
  })
}

/** Tells a server to stop, and answers how it ended. */
export async function stopSallyport({ child, ended }: RunningProgram): Promise<Ending> {
  child.kill('SIGTERM')
  return ended
}
