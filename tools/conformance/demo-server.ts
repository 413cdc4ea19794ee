import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '..', '..')
/** The personal access token of the demo's administrator. */
const ADMINISTRATOR = 'a1da0000000000000000000000000001'
const PATIENCE_MS = 60_000

/** What a server answered. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** A server of the demo tenant, which an administrator calls. */
export interface DemoServer {
  call: (method: string, path: string, body?: unknown) => Promise<Answer>
  stop: () => Promise<void>
}

/** Starts `sallyport serve --demo` on a free port and an empty data directory, and signs in as its administrator. */
export async function startDemoServer(): Promise<DemoServer> {
  const data = mkdtempSync(join(tmpdir(), 'sallyport-conformance-'))
  const command = ['serve', '--demo', '--port', '0', '--ops-port', '0', '--data', data]
  const child = spawn(join(ROOT, 'bin', 'sallyport'), command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    rmSync(data, { recursive: true, force: true })
  }
  try {
    const origin = await readyAddress(child.stdout, once(child, 'exit'))
    const token = await fetchToken(origin, readFileSync(join(data, 'demo', 'ada.secret'), 'utf8').trim())
    return { stop, call: (method, path, body) => call(new URL(path, origin), token, { method, body }) }
  } catch (error) {
    await stop()
    throw error
  }
}

async function readyAddress(output: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<string> {
  let printed = ''
  const ready = new Promise<string>((resolve) => {
    output.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const [, address] = /^Sallyport is ready on (\S+)$/m.exec(printed) ?? []
      if (address !== undefined) resolve(address)
    })
  })
  const address = await Promise.race([ready, ended, wait(PATIENCE_MS, undefined, { ref: false })])
  if (typeof address !== 'string') throw new Error(`The server did not start. It printed:\n${printed}`)
  return address
}

async function fetchToken(origin: string, clientSecret: string): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: ADMINISTRATOR, client_secret: clientSecret }
  const answer = await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token } = (await answer.json()) as { access_token: string } // RFC 6749 §5.1
  return access_token
}

async function call(url: URL, token: string, { method, body }: { method: string; body: unknown }): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'x-sailpoint-experimental': 'true',
      ...(body !== undefined && {
        'content-type': method === 'PATCH' ? 'application/json-patch+json' : 'application/json',
      }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (answer.status === 429) {
    await wait(1000 * Number(answer.headers.get('retry-after') ?? 1))
    return call(url, token, { method, body })
  }
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}
