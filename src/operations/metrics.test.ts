import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeMetrics } from './metrics.ts'

const nothing = {
  activity: { totals: () => [] },
  changes: { position: 0, isFresh: true },
  droppedLogLines: () => 0,
  droppedConnections: () => 0,
  upstreams: { states: () => [], tunnels: { open: 0 } },
}

test('what was counted is shown by action and reason, and rises with it', async () => {
  const totals = [{ action: 'token.minted' as const, reason: '', count: 3 }]
  const registry = makeMetrics({ ...nothing, activity: { totals: () => totals } })
  await registry.metrics()
  totals[0] = { action: 'token.minted', reason: '', count: 5 }

  const text = await registry.metrics()

  assert.match(text, /^sallyport_activity_total\{action="token\.minted",reason=""\} 5$/m)
})

test('the state of the change log, lost log lines and connections turned away are shown', async () => {
  const text = await makeMetrics({
    ...nothing,
    changes: { position: 42, isFresh: false },
    droppedLogLines: () => 7,
    droppedConnections: () => 8,
  }).metrics()

  assert.match(text, /^sallyport_change_log_position 42$/m)
  assert.match(text, /^sallyport_change_log_fresh 0$/m)
  assert.match(text, /^sallyport_log_lines_dropped_total 7$/m)
  assert.match(text, /^sallyport_connections_dropped_total 8$/m)
})

test('each upstream is shown by its origin: what came of its requests, and whether it is spared', async () => {
  const counts = { answered: 5, unavailable: 2, timeout: 1, spared: 4, repeated: 0 }
  const one = { ...counts, origin: 'http://a.test:9000', isSpared: true, connections: 3, waiting: 6 }
  const states = () => [one, { ...one, isSpared: false }]

  const text = await makeMetrics({ ...nothing, upstreams: { states, tunnels: { open: 9 } } }).metrics()

  assert.match(text, /^sallyport_upstream_requests_total\{upstream="http:\/\/a\.test:9000",outcome="spared"\} 8$/m)
  assert.match(text, /^sallyport_upstream_spared\{upstream="http:\/\/a\.test:9000"\} 1$/m)
  assert.match(text, /^sallyport_upstream_waiting\{upstream="http:\/\/a\.test:9000"\} 12$/m)
  assert.match(text, /^sallyport_tunnels_open 9$/m)
})

test('every metric of ours says what it is, and the process is described too', async () => {
  const text = await makeMetrics(nothing).metrics()

  for (const [, name = ''] of text.matchAll(/^# TYPE (sallyport_\w+) /gm))
    assert.match(text, new RegExp(`^# HELP ${name} \\w`, 'm'))
  assert.match(text, /^process_resident_memory_bytes \d/m)
})
