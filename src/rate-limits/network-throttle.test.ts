import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkThrottle, networkOf } from './network-throttle.ts'

for (const [address, network] of [
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
] as const)
  test(`${address || 'no address'} belongs to ${network || 'no network'}`, () => {
    assert.equal(networkOf(address), network)
  })

test('looking counts nothing, counting does, and time forgives', () => {
  let nowMs = 0
  const throttle = new NetworkThrottle(() => nowMs, { requests: 2, windowSeconds: 10 })
  const verdicts = []

  for (let attempt = 0; attempt < 3; attempt++) verdicts.push(throttle.check('acme', '2001:db8::1').allowed)
  throttle.count('acme', '2001:db8::1')
  throttle.count('acme', '2001:db8::2')
  verdicts.push(throttle.check('acme', '2001:db8::3').allowed, throttle.check('globex', '2001:db8::3').allowed)
  nowMs = 10_000
  verdicts.push(throttle.check('acme', '2001:db8::3').allowed)

  assert.deepEqual(verdicts, [true, true, true, false, true, true])
})

test('a look with a smaller limit is refused earlier, and forgets nothing', () => {
  const throttle = new NetworkThrottle(() => 0, { requests: 3, windowSeconds: 10 })
  const allowed = (failuresMax?: number) => throttle.check('acme', '192.0.2.7', failuresMax).allowed
  const verdicts = []

  for (let failures = 0; failures < 4; failures++) {
    verdicts.push([allowed(1), allowed(), allowed(99)])
    throttle.count('acme', '192.0.2.7')
  }

  assert.deepEqual(verdicts, [
    [true, true, true],
    [false, true, true],
    [false, true, true],
    [false, false, false],
  ])
})

test('attempts under way and failures are together no more than the limit', () => {
  const throttle = new NetworkThrottle(() => 0, { requests: 3, windowSeconds: 10 })
  const reserve = (failuresMax?: number) => throttle.reserve('acme', '192.0.2.7', failuresMax)
  const release = () => throttle.release('acme', '192.0.2.7')
  const seen = [[reserve(), reserve(2), reserve(2), reserve(), reserve()]]

  release()
  seen.push([reserve(), reserve()])
  throttle.count('acme', '192.0.2.7')
  release()
  seen.push([reserve()])
  for (let at = 0; at < 2; at++) release()
  seen.push([reserve(1), reserve(), reserve(), reserve()])

  assert.deepEqual(seen, [[true, true, false, true, false], [true, false], [false], [false, true, true, false]])
  assert.equal(throttle.reserve('acme', '192.0.2.8'), true)
})

test('a refusal says when to come again', () => {
  const throttle = new NetworkThrottle(() => 0, { requests: 1, windowSeconds: 10 })
  throttle.count('acme', '192.0.2.7')

  assert.deepEqual(throttle.check('acme', '192.0.2.7'), { allowed: false, retryAfterSeconds: 10 })
})
