import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { emptyPlace } from '../support/data-places.ts'
import { ADA, demoSecret, fetchToken, secretsIn } from '../support/demo-secrets.ts'
import { eventually } from '../support/eventually.ts'
import { type SallyportProcess, startProgram, startSallyport, stopSallyport } from '../support/sallyport-process.ts'

const SECOND_START_MS_MAX = 3000
const root = join(import.meta.dirname, '..', '..')
const expected = ['200 ', '403 context.user_required', '403 scope.beyond_level']

/** The curls that a demo prints. */
function printedCalls(stdout: string): string[] {
  return stdout.split('\n').filter((line) => line.startsWith('curl '))
}

/** Runs a printed call as people do, by pasting it into a shell; where there is no curl, what it says is done by hand. */
async function statusAndReason(call: string): Promise<string> {
  const answer = hasCurl()
    ? (await promisify(execFile)('bash', ['-c', call], { cwd: root })).stdout
    : await byHand(call)
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? []
  const [, reason = ''] = /^sallyport-reason: (\S+)/im.exec(answer) ?? []
  return `${status} ${reason}`
}

function hasCurl(): boolean {
  try {
    execFileSync('bash', ['-c', 'command -v curl'])
    return true
  } catch {
    return false
  }
}

async function byHand(call: string): Promise<string> {
  const [, target = ''] = /^curl -i (\S+)/.exec(call) ?? []
  const [, origin = '', clientId = ''] = /curl -s (\S+)\/oauth\/token .*-d client_id=(\S+)/.exec(call) ?? []
  const [, file = ''] = /client_secret@(.+?)'? \| sed/.exec(call) ?? []
  const secret = readFileSync(file.replaceAll(`'\\''`, "'"), 'utf8')
  const authorization = `Bearer ${await fetchToken(origin, clientId, secret)}`
  const { status, headers } = await fetch(target, { headers: { authorization } })
  return `HTTP/1.1 ${status}\nsallyport-reason: ${headers.get('sallyport-reason') ?? ''}`
}

test('the demo prints three calls that show the two gates when they are pasted into a shell', async (t) => {
  const data = join(emptyPlace(t).data, "it's my data")
  const server = await startSallyport(t, ['--demo', '--data', data])
  await server.says(/^Paul is a person.*\ncurl .*\n/m)

  const answers = await Promise.all(printedCalls(server.printed.stdout).map(statusAndReason))

  assert.deepEqual(answers, expected)
})

/** Starts the demo once more, up to three times while other work on the machine slows it down. */
async function startQuickly(t: TestContext, data: string, triesLeft = 3): Promise<[SallyportProcess, number]> {
  const startedMs = performance.now()
  const server = await startSallyport(t, ['--demo', '--data', data])
  const startMs = performance.now() - startedMs
  if (startMs < SECOND_START_MS_MAX || triesLeft === 1) return [server, startMs]
  await stopSallyport(server)
  return startQuickly(t, data, triesLeft - 1)
}

test('a second start is quick, keeps the credentials, and neither start prints a secret', async (t) => {
  const { data } = emptyPlace(t)
  const first = await stopSallyport(await startSallyport(t, ['--demo', '--data', data]))
  const secretBefore = demoSecret(data, 'ada')

  const [server, startMs] = await startQuickly(t, data)

  assert.ok(startMs < SECOND_START_MS_MAX, `it took ${startMs} ms`)
  assert.equal((await fetchToken(server.url, ADA, secretBefore)).split('.').length, 3)
  const second = await stopSallyport(server)
  assert.deepEqual([first.exitCode, second.exitCode], [0, 0])
  for (const secret of secretsIn(data))
    for (const { stdout, stderr } of [first, second]) assert.ok(!(stdout + stderr).includes(secret))
})

test('npm start passes on the signal to stop, and ends when the server has', async (t) => {
  const { data } = emptyPlace(t)
  const options = ['--port', '0', '--ops-port', 'off', '--data', data]
  const npm = startProgram(t, options, { command: ['npm', 'start', '--ignore-scripts', '--'] })
  const [, url = ''] = await npm.says(/^Sallyport is ready on (\S+)$/m)

  const { stderr } = await stopSallyport(npm)

  assert.match(stderr, /^SIGTERM: finishing the requests under way/m)
  await assert.rejects(fetch(`${url}/livez`))
})

/** Megabytes that a server may hold once it has started. Where the C library is another, it was never measured. */
const RESIDENT_MB_MAX = process.platform === 'linux' ? 130 : 200

test(`a server that has started, and waits, holds less than ${RESIDENT_MB_MAX} MB`, async (t) => {
  const { data } = emptyPlace(t)
  const server = await startSallyport(t, ['--demo', '--data', data])
  const residentMb = async (): Promise<number> => {
    const text = await (await fetch(`${server.opsUrl}/metrics`)).text()
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 1e6
  }

  const settled = await eventually(residentMb, (megabytes) => megabytes < RESIDENT_MB_MAX, 10_000)

  assert.ok(settled < RESIDENT_MB_MAX, `${settled} MB`)
})
