import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { pinnedCommand } from './cores.ts'
import { processTree } from './process-usage.ts'

/** A server that said it was ready. `stop` asks it to end, insists after five seconds, and returns when it is gone. */
export interface ServerProcess {
  pid: number
  origin: string
  stop: () => Promise<void>
}

/** How to start a server: `command` runs on `core`, or anywhere, with exactly `env`. */
export interface ServerCommand {
  name: string
  port: number
  core: number | undefined
  command: readonly string[]
  env: NodeJS.ProcessEnv
  /** For programs that print nothing: ready is who takes connections. */
  isReadyWhenOpen?: boolean
}

const READY_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 5_000
const KEPT_OUTPUT_CHARACTERS = 4_000

/** A port of the loopback interface that nobody listens on at this moment. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}

/** Starts the server on its core and waits for its line `... ready on http://localhost:PORT`. */
export async function startServer(options: ServerCommand): Promise<ServerProcess> {
  const [file = '', ...args] = pinnedCommand(options.core, options.command)
  const child = spawn(file, args, { env: options.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const killOnExit = () => killTree(child)
  process.once('exit', killOnExit)
  const stop = async () => {
    await endProcess(child)
    process.off('exit', killOnExit)
  }
  const origin = `http://localhost:${options.port}`
  try {
    await (options.isReadyWhenOpen ? waitUntilOpen(child, options.port) : waitUntilReady(child, origin))
  } catch (error) {
    await stop()
    throw new Error(`${options.name} did not start: ${error instanceof Error ? error.message : error}`)
  }
  if (child.pid === undefined) throw new Error(`${options.name} has no process id.`)
  return { pid: child.pid, origin, stop }
}

/** Resolves at the ready line. Output is read on for good: a full pipe would stall the server. */
function waitUntilReady(child: ChildProcess, origin: string): Promise<void> {
  let output = ''
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ready line within a minute.\n${output}`)), READY_LIMIT_MS)
    const read = (chunk: string) => {
      output = (output + chunk).slice(-KEPT_OUTPUT_CHARACTERS)
      if (output.includes(`ready on ${origin}`)) settle(resolve)
    }
    const settle = (act: () => void) => {
      clearTimeout(timer)
      act()
    }
    child.stdout?.setEncoding('utf8').on('data', read)
    child.stderr?.setEncoding('utf8').on('data', read)
    child.once('error', (error) => settle(() => reject(error)))
    child.once('close', (code) => settle(() => reject(new Error(`it ended with code ${code}.\n${output}`))))
  })
}

async function waitUntilOpen(child: ChildProcess, port: number): Promise<void> {
  let output = ''
  const read = (chunk: Buffer) => void (output = (output + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS))
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  child.on('error', (error) => void (output += error.message))
  const giveUpAtMs = performance.now() + READY_LIMIT_MS
  while (!(await isOpen(port))) {
    if (hasEnded(child)) throw new Error(`it ended with code ${child.exitCode}.\n${output}`)
    if (performance.now() > giveUpAtMs) throw new Error(`nobody listens after a minute.\n${output}`)
    await delay(50)
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { ref: false })])
  if (hasEnded(child)) return
  killTree(child)
  await ended
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

/** Only our own child and what it started: the ids are read from the live tree below it. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined || hasEnded(child)) return
  for (const pid of processTree(child.pid).slice(1)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
  child.kill('SIGKILL')
}
