import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import SQLite from 'better-sqlite3'
import { emptyPlace } from '../support/data-places.ts'
import { eventually } from '../support/eventually.ts'
import { startSallyport } from '../support/sallyport-process.ts'

const SECRET = 'c0ffee-canary'
/** It does not stand in the source, which is part of the stack. */
const ERROR = `new Error(['planted "c0ffee', 'canary"'].join('-'))`

/** Starts a server that does this when it gets SIGUSR2: what a bug would do. */
function startWithBug(t: TestContext, data: string, bug: string) {
  const source = `process.on('SIGUSR2', () => { ${bug} })`
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(source)}` }
  return startSallyport(t, ['--demo', '--data', data], { env })
}

for (const [what, bug] of [
  ['an error that is thrown where nothing catches it', `throw ${ERROR}`],
  ['a rejection that nobody awaits', `Promise.reject(${ERROR})`],
] as const) {
  test(`${what} is logged without what it quotes, and the server ends with 1 to be started anew`, async (t) => {
    const server = await startWithBug(t, emptyPlace(t).data, bug)

    server.child.kill('SIGUSR2')

    const { exitCode, stdout, stderr } = await server.ended
    assert.equal(exitCode, 1)
    const line = JSON.parse(stdout.split('\n').find((each) => each.startsWith('{')) ?? '')
    assert.deepEqual([line.level, line.err.type, line.err.message], ['fatal', 'Error', 'planted "..."'])
    assert.doesNotMatch(stdout + stderr, new RegExp(SECRET))
    await assert.rejects(fetch(`${server.url}/livez`))
  })
}

test('a server whose output nobody reads any more serves on, and ends well', async (t) => {
  const { data } = emptyPlace(t)
  const server = await startWithBug(t, data, `process.stdout.write('more\\n'); process.stderr.write('more\\n')`)
  await server.says(/^Paul is a person.*\ncurl .*\n/m)
  server.child.stdout?.destroy()
  server.child.stderr?.destroy()
  const database = new SQLite(join(data, 'sallyport.db'))
  database.exec('alter table oauth_client rename to gone')
  database.close()

  server.child.kill('SIGUSR2')
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: crypto.randomUUID() })
  const failing = await fetch(`${server.url}/oauth/token`, { method: 'POST', body: form })
  const healthy = await fetch(`${server.url}/oauth/info`)

  assert.deepEqual([failing.status, healthy.status], [500, 200])
  server.child.kill('SIGTERM')
  const [exitCode] = await once(server.child, 'exit')
  assert.equal(exitCode, 0)
})

test('when as many connections are open as it can hold, it turns more away and stays observable', async (t) => {
  const options = { command: ['sh', '-c', 'ulimit -n 128 && exec bin/sallyport "$@"', 'sh'] as const }
  const server = await startSallyport(t, ['--data', emptyPlace(t).data], options)
  const { hostname, port } = new URL(server.url)
  const sockets: Socket[] = []
  t.after(() => sockets.forEach((socket) => socket.destroy()))
  for (let opened = 0; opened < 200; opened += 1) {
    const socket = connect(Number(port), hostname).on('error', () => {})
    sockets.push(socket)
    await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  }

  const probe = await fetch(`${server.opsUrl}/livez`)
  const dropped = async () => {
    const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text()
    return Number(/^sallyport_connections_dropped_total (\d+)$/m.exec(metrics)?.[1])
  }

  assert.equal(probe.status, 200)
  assert.ok((await eventually(dropped, (count) => count > 100, 5000)) > 100)
  for (const socket of sockets) socket.destroy()
  const status = () =>
    fetch(`${server.url}/livez`).then(
      (answer) => answer.status,
      () => 0,
    )
  assert.equal(await eventually(status, (each) => each === 200, 5000), 200)
})
