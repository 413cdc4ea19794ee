import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { type Owner, onEnd } from './on-end.ts'

const command = fileURLToPath(new URL('../../bin/sallyport', import.meta.url))

/** `sallyport serve` as a process of its own. */
export interface ServeProcess {
  url: string
  /** From its start to its first line. */
  readyAfterMs: number
  /** Ends it as a crash would. */
  kill: () => Promise<void>
  /** The status of the token endpoint for a personal access token. */
  mint: (token: { id: string; secret: string }) => Promise<number>
}

/** Starts `sallyport serve` with these flags on a free port, and answers once it says that it is ready; killed with its owner. */
export async function startServeProcess(owner: Owner, flags: readonly string[]): Promise<ServeProcess> {
  const startedMs = performance.now()
  const args = ['serve', '--port', '0', '--ops-port', 'off', ...flags]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] } })
  onEnd(owner, () => killNine(child))
  const url = await readyUrl(child)
  return {
    url,
    readyAfterMs: performance.now() - startedMs,
    kill: () => killNine(child),
    mint: async ({ id, secret }) => {
      const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
      const { statusCode, body } = await request(`${url.replace('localhost', '127.0.0.1')}/oauth/token`, {
        method: 'POST',
        headers: { host: new URL(url).host, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      })
      await body.dump()
      return statusCode
    },
  }
}

/** Ends a process with SIGKILL and waits until it is gone. */
export async function killNine(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the server has no output')
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^Sallyport is ready on (\S+)$/.exec(line) ?? []
    if (url === undefined) continue
    child.stdout.resume()
    return url
  }
  throw new Error('the server ended before it was ready')
}
