import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { type RateLimit, SlidingWindow } from './sliding-window.ts'

/** A window on a clock that a test sets, with room for as many keys as it says. */
function startWindow(keysMax?: number): { window: SlidingWindow; clock: { nowMs: number } } {
  const clock = { nowMs: 1_000_000 }
  return { window: new SlidingWindow(() => clock.nowMs, keysMax), clock }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const HUNDRED: RateLimit = { requests: 100, windowSeconds: 10 }

test('a hundred requests are admitted at once, the next one after the whole window', () => {
  const { window, clock } = startWindow()
  const admitted = Array.from({ length: 100 }, () => window.admit('a', HUNDRED))

  const refused = window.admit('a', HUNDRED)
  clock.nowMs += 9_999
  const early = window.admit('a', HUNDRED)
  clock.nowMs += 1

  assert.ok(admitted.every(({ allowed }) => allowed))
  assert.deepEqual(refused, { allowed: false, retryAfterSeconds: 10 })
  assert.deepEqual(early, { allowed: false, retryAfterSeconds: 1 })
  assert.deepEqual(window.admit('a', HUNDRED), { allowed: true })
})

test('keys do not share a budget', () => {
  const { window } = startWindow()
  const one = { requests: 1, windowSeconds: 10 }
  window.admit('a', one)

  assert.equal(window.admit('b', one).allowed, true)
  assert.equal(window.admit('a', one).allowed, false)
})

test('a refused request costs nothing, and neither does a look', () => {
  const { window, clock } = startWindow()
  const two = { requests: 2, windowSeconds: 10 }
  window.admit('a', two)
  clock.nowMs += 5000
  window.look('a', two)
  window.admit('a', two)
  for (let at = 0; at < 50; at++) window.admit('a', two)

  clock.nowMs += 5000

  assert.equal(window.look('a', two).allowed, true)
  assert.equal(window.admit('a', two).allowed, true)
  assert.deepEqual(window.look('a', two), { allowed: false, retryAfterSeconds: 5 })
})

test('a limit that is raised admits the difference, one that is lowered counts what was admitted before', () => {
  const { window, clock } = startWindow()
  const limit = (requests: number) => ({ requests, windowSeconds: 10 })
  const admitMany = (requests: number) =>
    Array.from({ length: 20 }, () => window.admit('a', limit(requests))).filter(({ allowed }) => allowed).length
  admitMany(3)
  clock.nowMs += 1

  assert.equal(admitMany(5), 2)
  assert.equal(admitMany(4), 0)
  assert.equal(admitMany(5), 0)
})

test('waiting as long as asked is always enough', () => {
  fc.assert(
    fc.property(gaps, limits, (waits, limit) => {
      const { window, clock } = startWindow()
      for (const wait of waits) {
        clock.nowMs += wait
        const verdict = window.admit('a', limit)
        if (verdict.allowed) continue
        clock.nowMs += verdict.retryAfterSeconds * 1000
        assert.equal(window.admit('a', limit).allowed, true)
      }
    }),
  )
})

/** Milliseconds between requests: bursts, trickles and pauses. */
const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(700), fc.constantFrom(999, 1000, 1001, 3000)), {
  maxLength: 150,
})
const limits = fc.record({ requests: fc.integer({ min: 1, max: 8 }), windowSeconds: fc.integer({ min: 1, max: 3 }) })

test('never are more admitted than the limit, in whatever window one looks, and none is refused without need', () => {
  fc.assert(
    fc.property(gaps, limits, (waits, limit) => {
      const { window, clock } = startWindow()
      const admittedMs: number[] = []
      for (const wait of waits) {
        clock.nowMs += wait
        const inWindow = admittedMs.filter((atMs) => atMs > clock.nowMs - limit.windowSeconds * 1000).length

        const { allowed } = window.admit('a', limit)

        assert.equal(allowed, inWindow < limit.requests)
        if (allowed) admittedMs.push(clock.nowMs)
      }
    }),
    { numRuns: 500 },
  )
})

test('under changing limits too, a request is admitted only when fewer than its limit were in its window', () => {
  const changing = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 8 })), { maxLength: 150 })
  fc.assert(
    fc.property(changing, (requests) => {
      const { window, clock } = startWindow()
      const admittedMs: number[] = []
      for (const [wait, limit] of requests) {
        clock.nowMs += wait
        const inWindow = admittedMs.filter((atMs) => atMs > clock.nowMs - 1000).length

        const { allowed } = window.admit('a', { requests: limit, windowSeconds: 1 })

        assert.ok(!allowed || inWindow < limit)
        if (allowed) admittedMs.push(clock.nowMs)
      }
    }),
    { numRuns: 500 },
  )
})

test('a key that was forgotten for want of room goes on where it was', () => {
  const { window, clock } = startWindow(1)
  const three = { requests: 3, windowSeconds: 10 }
  window.admit('a', three)
  window.admit('a', three)
  clock.nowMs += 1000

  window.admit('b', three)
  const again = [window.admit('a', three), window.admit('a', three)]
  clock.nowMs += 9000

  assert.deepEqual(again, [{ allowed: true }, { allowed: false, retryAfterSeconds: 9 }])
  assert.equal(window.admit('a', three).allowed, true)
})

test('who floods the window with other keys gets not one request more under any of them', () => {
  const requests = fc.array(fc.tuple(fc.nat(300), fc.constantFrom('a', 'a', 'b', 'c', 'd', 'e')), { maxLength: 200 })
  fc.assert(
    fc.property(requests, limits, fc.integer({ min: 1, max: 4 }), (sent, limit, keysMax) => {
      const { window, clock } = startWindow(keysMax)
      const admitted: [key: string, atMs: number][] = []
      for (const [wait, key] of sent) {
        clock.nowMs += wait
        const since = clock.nowMs - limit.windowSeconds * 1000
        const inWindow = admitted.filter(([each, atMs]) => each === key && atMs > since).length

        const { allowed } = window.admit(key, limit)

        assert.ok(!allowed || inWindow < limit.requests, `${inWindow} were admitted before`)
        if (allowed) admitted.push([key, clock.nowMs])
      }
    }),
    { numRuns: 500 },
  )
})

test('ever more keys take no more memory, and the first of them is not admitted anew', () => {
  const { window } = startWindow()
  const one = { requests: 1, windowSeconds: 3600 }
  const flood = (from: number): number => {
    for (let at = from; at < from + 80_000; at++) window.admit(`key ${at}`, one)
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  window.admit('first', one)

  const before = flood(0)
  const after = flood(80_000)

  assert.ok(after - before < 10_000_000, `${(after - before) / 1e6} MB more`)
  assert.equal(window.admit('first', one).allowed, false)
})
