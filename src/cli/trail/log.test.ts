import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { runCommandLine, startCannedServer } from '../../../test/support/command-line.ts'
import { startServedTenant } from '../../../test/support/served-tenant.ts'
import { share } from '../../../test/support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { registerLog } from './log.ts'

// Room for a test that asks again until it has seen what it waits for.
const rateLimit = { requests: 10_000, windowSeconds: 10 }
const server = share((owner) =>
  startServedTenant(owner, tenantFileFor('acme', { isDefault: true, tenant: { settings: { rateLimit } } })),
)

function environmentOf(name: string): NodeJS.ProcessEnv {
  const { clientId, clientSecret } = credentialOf('acme', name)
  return { SALLYPORT_URL: server().url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
}

const run = (args: readonly string[], name = 'ada') =>
  runCommandLine(registerLog, ['log', ...args], { env: environmentOf(name), nowMs: Date.now() })

const refuse = async (): Promise<string> => {
  const answer = await fetch(new URL('/v3/transforms', server().url))
  return answer.headers.get('slpt-request-id') ?? ''
}

/** Lets a tail run while requests are refused, until it has seen enough. */
async function tailed(args: readonly string[]) {
  const seen = new Set<string>()
  const state = { isDone: false }
  const tail = run(['tail', ...args]).finally(() => (state.isDone = true))
  while (!state.isDone) seen.add(await refuse())
  return { ...(await tail), seen }
}

test('a tail prints refusals as they happen, one line for each', async () => {
  const { stdout, stderr, exitCode, seen } = await tailed(['-n', '2'])

  const lines = stdout.trimEnd().split('\n')
  assert.equal(exitCode, 0)
  assert.equal(lines.length, 2)
  for (const line of lines) {
    const [, status, reason, method, path, client, trackingId = ''] = line.split('\t')
    assert.deepEqual([status, reason, method, path, client], ['401', 'auth.missing', 'GET', '/v3/transforms', 'nobody'])
    assert.ok(seen.has(trackingId))
  }
  assert.match(stderr, /^Listening to .+\. Ctrl-C ends\.\n$/)
})

test('with --json each refusal is an object on a line of its own', async () => {
  const { stdout } = await tailed(['-n', '1', '--json', '--client', 'nobody'])

  const told = JSON.parse(stdout)
  assert.equal(stdout.trimEnd().includes('\n'), false)
  assert.deepEqual([told.reason, told.clientId], ['auth.missing', null])
})

test('whoever may not listen is told so once, with the exit code for it', async () => {
  const { exitCode, stderr } = await run(['tail'], 'paul')

  assert.equal(exitCode, 5)
  assert.match(stderr, /^You may not ask for GET \/sallyport\/v1\/log\. \(403\)\n/)
})

for (const args of [
  ['tail', '-n', '0'],
  ['tail', '-n', 'x'],
  ['denials', '--since', 'yesterday'],
])
  test(`log ${args.join(' ')} is a mistake on the command line`, async () => {
    assert.equal((await run(args)).exitCode, 2)
  })

test('denials are listed with a tracking id to ask about', async () => {
  const trackingId = await refuse()
  const list = () => run(['denials', '--client', 'nobody', '--since', '1h', '--json'])
  let groups = JSON.parse((await list()).stdout)
  while (!JSON.stringify(groups).includes(trackingId)) groups = JSON.parse((await list()).stdout)

  const { stdout } = await run(['denials', '--client', 'nobody'])

  assert.equal(groups[0].trackingId, trackingId)
  assert.match(stdout, /^\d+\tauth\.missing\tGET \/v3\/transforms\tnobody\t/)
})

const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** A server whose streams end after one refusal each; the second time it asks, it is away for once. */
const startFickleServer = (t: TestContext) => {
  let streams = 0
  return startCannedServer(t, ({ path }) => {
    if (path === '/oauth/token') return { status: 200, body: { access_token: 'token' } }
    streams += 1
    if (streams === 2) return { status: 503, body: { messages: [] } }
    const body = event('open', { covers: 'all' }) + event('denied', { trackingId: `t${streams}`, path: '/x\u001b[2J' })
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body }
  })
}

test('a tail connects again when the stream breaks or the server is away, and says what may be missing', async (t) => {
  const { origin } = await startFickleServer(t)
  const env = { SALLYPORT_URL: origin, SALLYPORT_CLIENT_ID: 'a', SALLYPORT_CLIENT_SECRET: 'b' }

  const { stdout, stderr, exitCode } = await runCommandLine(registerLog, ['log', 'tail', '-n', '2'], { env })

  assert.equal(exitCode, 0)
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t').at(-1)),
    ['t1', 't3'],
  )
  assert.equal(stderr.match(/Connecting again in/g)?.length, 2)
  assert.equal(stdout.includes('\u001b'), false)
})
