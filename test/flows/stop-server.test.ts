import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { emptyPlace } from '../support/data-places.ts'
import { openSocket } from '../support/raw-http.ts'
import { startSallyport, stopSallyport } from '../support/sallyport-process.ts'

/** Longer than the time in which a second signal counts as the same wish. */
const CLEARLY_LATER_MS = 700

/** An upstream whose requests wait until the test answers them. */
async function startSlowUpstream(t: TestContext) {
  const asked = Promise.withResolvers<ServerResponse>()
  const server = createServer((_request, response) => asked.resolve(response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: asked.promise }
}

/** A server with one public operation, in front of a slow upstream. */
async function startWithSlowUpstream(t: TestContext, ...flags: string[]) {
  const { data } = emptyPlace(t)
  const upstream = await startSlowUpstream(t)
  const paths = { '/slow': { get: { security: [{}], responses: { 200: { description: 'ok' } } } } }
  writeFileSync(join(data, 'api.json'), JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths }))
  const catalogs = [{ name: 'slow', file: 'api.json', prefix: '', upstream: upstream.url }]
  writeFileSync(join(data, 'acme.json'), JSON.stringify({ tenant: { name: 'acme', default: true }, catalogs }))
  const files = ['--tenant-file', join(data, 'acme.json'), '--data', join(data, 'data')]
  return { server: await startSallyport(t, [...files, ...flags]), asked: upstream.asked }
}

function send(url: string, agent?: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, agent ? { agent } : {}, resolve).on('error', reject))
}

test('SIGTERM lets a request under way finish, turns new ones away, tells balancers, and ends with 0', async (t) => {
  const { server, asked } = await startWithSlowUpstream(t)
  const agent = new Agent({ keepAlive: true })
  const underWay = send(`${server.url}/slow`, agent)
  const upstreamResponse = await asked

  server.child.kill('SIGTERM')
  await server.says(/^SIGTERM: finishing the requests under way/m)

  const readiness = await fetch(`${server.opsUrl}/readyz`)
  assert.deepEqual([readiness.status, await readiness.json()], [503, { status: 'not ready', reason: 'draining' }])
  assert.equal((await fetch(`${server.opsUrl}/livez`)).status, 200)
  await assert.rejects(send(`${server.url}/livez`), { code: 'ECONNREFUSED' })
  upstreamResponse.end('at last')
  const answer = await underWay
  assert.deepEqual([answer.statusCode, await text(answer)], [200, 'at last'])
  assert.equal((await server.ended).exitCode, 0)
  agent.destroy()
})

test('connections on which nothing happens do not hold up the end', async (t) => {
  const server = await startSallyport(t, ['--data', emptyPlace(t).data])
  const agent = new Agent({ keepAlive: true })
  await text(await send(`${server.url}/livez`, agent))
  const silent = openSocket(server.url)
  await once(silent, 'connect')
  const startedMs = performance.now()

  const { exitCode } = await stopSallyport(server)

  assert.equal(exitCode, 0)
  assert.ok(performance.now() - startedMs < 5000)
  agent.destroy()
})

test('a client that never pauses on its connection does not hold up the end', async (t) => {
  const server = await startSallyport(t, ['--data', emptyPlace(t).data])
  const request = `POST /oauth/token HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Length: 0\r\n\r\n`
  const socket = openSocket(server.url)
  socket.on('data', () => socket.write(request))
  socket.write(request)
  await once(socket, 'data')
  const startedMs = performance.now()

  const { exitCode } = await stopSallyport(server)

  assert.equal(exitCode, 0)
  assert.ok(performance.now() - startedMs < 5000)
})

test('a request that takes longer than --drain-seconds is cut off', async (t) => {
  const { server, asked } = await startWithSlowUpstream(t, '--drain-seconds', '1')
  const underWay = assert.rejects(send(`${server.url}/slow`), { code: 'ECONNRESET' })
  await asked

  const { exitCode } = await stopSallyport(server)

  await underWay
  assert.equal(exitCode, 0)
})

test('a second signal ends the server at once, with the code of the signal', async (t) => {
  const [terminated, interrupted] = await Promise.all(
    (['SIGTERM', 'SIGINT'] as const).map(async (signal) => {
      const { server, asked } = await startWithSlowUpstream(t)
      const underWay = assert.rejects(send(`${server.url}/slow`))
      await asked
      server.child.kill(signal)
      await server.says(new RegExp(`^${signal}: `, 'm'))
      await delay(CLEARLY_LATER_MS)
      server.child.kill(signal)
      await underWay
      return (await server.ended).exitCode
    }),
  )

  assert.deepEqual([terminated, interrupted], [143, 130])
})

test('Ctrl-C that arrives twice, from the terminal and from npm, is one wish', async (t) => {
  const { server, asked } = await startWithSlowUpstream(t)
  const underWay = send(`${server.url}/slow`)
  const upstreamResponse = await asked
  server.child.kill('SIGINT')
  await server.says(/^SIGINT: /m)

  server.child.kill('SIGINT')

  upstreamResponse.end('done')
  assert.equal(await text(await underWay), 'done')
  assert.equal((await server.ended).exitCode, 0)
})
