import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureSurge } from './failure-surge.ts'

const NORMAL = { requests: 3, windowSeconds: 10 }

function startSurge(): { surge: FailureSurge; clock: { nowMs: number } } {
  const clock = { nowMs: 1000 }
  return { surge: new FailureSurge(() => clock.nowMs, NORMAL), clock }
}

test('a surge begins once, with the first failure beyond what is normal', () => {
  const { surge } = startSurge()

  const begins = Array.from({ length: 6 }, () => surge.count('acme'))

  assert.deepEqual(begins, [false, false, false, true, false, false])
  assert.equal(surge.isOn('acme'), true)
})

test('as many failures as are normal are no surge, however long they go on', () => {
  const { surge, clock } = startSurge()

  for (let at = 0; at < 100; at++) {
    assert.equal(surge.count('acme'), false)
    clock.nowMs += 3334
  }

  assert.equal(surge.isOn('acme'), false)
})

test('a surge ends when no failure was beyond what is normal for a whole window, and may begin anew', () => {
  const { surge, clock } = startSurge()
  const countMany = () => Array.from({ length: 4 }, () => surge.count('acme')).at(-1)
  const seen = [countMany()]

  clock.nowMs += 5000
  seen.push(surge.count('acme'))
  clock.nowMs += 9999
  seen.push(surge.isOn('acme'))
  clock.nowMs += 1
  seen.push(surge.isOn('acme'), countMany())

  assert.deepEqual(seen, [true, false, true, false, true])
})

test('a surge of one key is none of another', () => {
  const { surge } = startSurge()

  for (let at = 0; at < 10; at++) surge.count('acme')

  assert.deepEqual([surge.isOn('acme'), surge.isOn('globex')], [true, false])
})
