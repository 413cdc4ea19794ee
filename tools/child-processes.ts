import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const GRACE_MS = 10_000

type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** What a program answered: its exit code (1 when a signal ended it), and what it printed unless that was shown. */
export interface Outcome {
  readonly exitCode: number
  readonly output: string
  readonly seconds: number
}

/** Whether to pass a program's output on as it comes, and what to add to its environment. */
export interface RunOptions {
  readonly showOutput?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** This process was told to end and its programs have ended: clean up, and leave the exit code as it is. */
export class Interrupted extends Error {}

/**
 * Runs programs on this Node, each in a process group of its own, so that everything a program starts ends with it:
 * when it is done, and when this process is told to end.
 */
export class ChildProcesses {
  readonly #groups = new Set<number>()
  #isEnding = false

  /**
   * Runs `node` with `args` in the project's folder and waits for it. Does not fail when the program does.
   * @throws Interrupted when this process was told to end meanwhile.
   */
  async run(args: readonly string[], { showOutput = false, env = {} }: RunOptions = {}): Promise<Outcome> {
    const startedMs = performance.now()
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: showOutput ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    if (child.pid !== undefined) this.#watch(child, child.pid)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
    if (this.#isEnding) throw new Interrupted()
    return { exitCode: exitCode ?? 1, output, seconds: (performance.now() - startedMs) / 1000 }
  }

  /** From now on, ends all groups when this process ends, also when it is interrupted or told to end. */
  endWithThisProcess(): void {
    process.on('exit', () => this.#signalAll('SIGKILL'))
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#end(signal))
  }

  #watch(child: ChildProcess, group: number): void {
    this.#groups.add(group)
    child.once('exit', () => {
      signalGroup(group, 'SIGKILL') // whatever the program left running
      this.#groups.delete(group)
    })
  }

  #end(signal: EndingSignal): void {
    if (this.#isEnding) return
    this.#isEnding = true
    process.exitCode = 128 + constants.signals[signal]
    if (this.#groups.size === 0) process.exit()
    this.#signalAll('SIGTERM')
    setTimeout(() => this.#signalAll('SIGKILL'), GRACE_MS).unref()
  }

  #signalAll(signal: NodeJS.Signals): void {
    for (const group of this.#groups) signalGroup(group, signal)
  }
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // nothing of it is left
  }
}
