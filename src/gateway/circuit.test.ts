import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Circuit } from './circuit.ts'

/** A circuit after this many failures in a row, at the time 0. */
function failedTimes(times: number): Circuit {
  const circuit = new Circuit()
  for (let at = 0; at < times; at++) circuit.failed(0)
  return circuit
}

test('four failures change nothing, the fifth gives the upstream a second', () => {
  assert.equal(failedTimes(4).waitMs(0), 0)
  assert.deepEqual([failedTimes(5).waitMs(0), failedTimes(5).waitMs(400)], [1000, 600])
})

test('failures count in a row only: a connection in between forgives them', () => {
  const circuit = failedTimes(4)
  circuit.connected()

  for (let at = 0; at < 4; at++) circuit.failed(0)

  assert.equal(circuit.isOpen, false)
})

test('many requests that fail together make the rest no longer', () => {
  assert.equal(failedTimes(500).waitMs(0), 1000)
})

test('after the rest one request tries, and the others wait for it', () => {
  const circuit = failedTimes(5)

  assert.deepEqual([circuit.waitMs(1000), circuit.waitMs(1000), circuit.waitMs(1001)], [0, 2000, 1999])
})

test('a try that fails doubles the rest, up to half a minute', () => {
  const circuit = failedTimes(5)
  const rests = []
  let nowMs = 0

  for (let at = 0; at < 7; at++) {
    const waitMs = circuit.waitMs(nowMs)
    rests.push(waitMs)
    nowMs += waitMs
    assert.equal(circuit.waitMs(nowMs), 0)
    circuit.failed(nowMs)
  }

  assert.deepEqual(rests, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
})

test('a try that connects closes it, and the next outage begins with a second again', () => {
  const circuit = failedTimes(5)
  circuit.waitMs(1000)
  circuit.connected()

  const wasOpen = circuit.isOpen
  for (let at = 0; at < 5; at++) circuit.failed(5000)

  assert.deepEqual([wasOpen, circuit.waitMs(5000)], [false, 1000])
})

test('whatever happens, nobody is kept waiting for more than half a minute', () => {
  const events = fc.array(fc.tuple(fc.nat(40_000), fc.constantFrom('ask', 'connected', 'failed')), { maxLength: 80 })
  fc.assert(
    fc.property(events, (happenings) => {
      const circuit = new Circuit()
      let nowMs = 0
      for (const [later, event] of happenings) {
        nowMs += later
        if (event === 'ask') assert.ok(circuit.waitMs(nowMs) <= 30_000)
        else if (event === 'connected') circuit.connected()
        else circuit.failed(nowMs)
      }
      assert.ok(circuit.waitMs(nowMs) <= 30_000)
      assert.equal(circuit.waitMs(nowMs + 60_000), 0)
    }),
  )
})
