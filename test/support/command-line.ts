import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { Command } from 'commander'
import type { Io } from '../../src/cli/terminal/io.ts'
import { runCommandLine as runWholeCommandLine } from '../../src/cli/program.ts'

/** What a command left behind. */
export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export interface World {
  readonly env?: NodeJS.ProcessEnv
  readonly stdin?: string
  readonly isTty?: boolean
  readonly nowMs?: number
}

/** Runs one command with these arguments in a world of its own. */
export async function runCommandLine(
  register: (program: Command, io: Io) => void,
  args: readonly string[],
  world: World = {},
): Promise<CommandResult> {
  const { io, result } = ioOf(world)
  const program = new Command().exitOverride().configureOutput({ writeErr: (words) => io.stderr.write(words) })
  register(program, io)
  await program.parseAsync([...args], { from: 'user' })
  return result
}

/** Runs the whole command line with these arguments in a world of its own. */
export async function runProgram(args: readonly string[], world: World = {}): Promise<CommandResult> {
  const { io, result } = ioOf(world)
  await runWholeCommandLine(io, args)
  return result
}

function ioOf({ env = {}, stdin, isTty = false, nowMs = 0 }: World): { io: Io; result: CommandResult } {
  const written = { stdout: '', stderr: '', exitCode: 0 }
  const io: Io = {
    stdin: Object.assign(chunksOf(stdin), { isTTY: stdin === undefined }),
    stdout: { write: (words) => (written.stdout += words) },
    stderr: { write: (words) => (written.stderr += words) },
    env,
    isTty,
    nowMs: () => nowMs,
    setExitCode: (code) => {
      written.exitCode = code
    },
  }
  return { io, result: written }
}

async function* chunksOf(input = ''): AsyncGenerator<Uint8Array> {
  yield Buffer.from(input)
}

/** A request that a canned server was sent. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a canned server answers with; an object is sent as JSON. */
export interface CannedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string
}

/** A server on a loopback port that answers as told and keeps what it was asked; closed when the test ends. */
export async function startCannedServer(
  t: TestContext,
  answerTo: (request: SeenRequest) => CannedAnswer,
): Promise<{ origin: string; requests: readonly SeenRequest[] }> {
  const requests: SeenRequest[] = []
  const server = createServer((message, response) => {
    void readRequest(message).then((request) => {
      requests.push(request)
      const { status, headers = {}, body = '' } = answerTo(request)
      response.writeHead(status, { ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.closeAllConnections())
  t.after(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo // a TCP server, so not a string
  return { origin: `http://127.0.0.1:${port}`, requests }
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url = '', headers } = message
  return { method, path: url, headers, body: await text(message) }
}
