import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureThrottle } from './failure-throttle.ts'

test('twenty failures in a minute are let pass, then they are refused until the first is a minute old', () => {
  const clock = { nowMs: 0 }
  const throttle = new FailureThrottle(() => clock.nowMs)
  const fail = () => throttle.countFailure('acme', 'client', '203.0.113.7')
  const first = Array.from({ length: 20 }, fail)

  const refused = fail()
  clock.nowMs = 60_000

  assert.ok(first.every(({ allowed }) => allowed))
  assert.deepEqual(refused, { allowed: false, retryAfterSeconds: 60 })
  assert.equal(fail().allowed, true)
})

test('tenants, networks and clients are counted apart', () => {
  const throttle = new FailureThrottle(() => 0)
  for (let at = 0; at < 21; at++) throttle.countFailure('acme', 'client', '203.0.113.7')

  assert.equal(throttle.countFailure('acme', 'client', '203.0.113.7').allowed, false)
  assert.equal(throttle.countFailure('globex', 'client', '203.0.113.7').allowed, true)
  assert.equal(throttle.countFailure('acme', 'other', '203.0.113.7').allowed, true)
  assert.equal(throttle.countFailure('acme', 'client', '203.0.113.8').allowed, true)
})
