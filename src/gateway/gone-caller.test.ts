import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { startUpstream } from '../../test/support/upstream.ts'
import { forward } from './forward.ts'
import { Upstreams } from './upstreams.ts'

test('a caller who is gone before the request is on its way counts for no failure of the upstream', async (t) => {
  const { url } = await startUpstream(t)
  const failures: object[] = []
  const upstreams = new Upstreams({ monotonicMs: () => 0, onFailure: (failure) => failures.push(failure) })
  t.after(() => upstreams.close())
  const upstream = upstreams.connect({ kind: 'http', url, timeouts: { connect: 1000, firstByte: 1000, idle: 1000 } })
  await upstream.pool.request({ path: '/', method: 'GET' }).then(({ body }) => body.dump())
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const forwarded = Promise.withResolvers<void>()
  const server = createServer((received, response) => {
    response.destroy()
    const rest = { target: '/', added: [], trackingId: 'x', isOriginShared: false }
    forward({ request: received, response, upstreams, upstream, ...rest })
    forwarded.resolve()
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')

  const caller = request(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { agent: false }).end()
  caller.on('error', () => {})
  await forwarded.promise
  t.mock.timers.tick(upstream.queueMsMax + 1)

  assert.deepEqual([upstream.counts.timeout, upstream.counts.unavailable, failures], [0, 0, []])
})
