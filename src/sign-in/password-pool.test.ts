import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword } from '../identities/password.ts'
import { PasswordPool, PasswordPoolFull } from './password-pool.ts'

test('no more work runs at a time than there are places, in the order it came', async () => {
  const pool = new PasswordPool(2)
  const order: number[] = []
  let running = 0
  let most = 0

  await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      pool.run(async () => {
        most = Math.max(most, ++running)
        order.push(index)
        await new Promise(setImmediate)
        running -= 1
      }),
    ),
  )

  assert.equal(most, 2)
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('whoever finds the queue full is sent away, and places are free again afterwards', async () => {
  const pool = new PasswordPool(1)
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const taken = Array.from({ length: 51 }, () => pool.run(() => held))

  await assert.rejects(
    pool.run(async () => {}),
    PasswordPoolFull,
  )
  release()
  await Promise.all(taken)

  assert.equal(await pool.run(async () => 'done'), 'done')
})

test('work that fails gives its place back', async () => {
  const pool = new PasswordPool(1)

  await assert.rejects(
    pool.run(() => Promise.reject(new Error('broken'))),
    /broken/,
  )

  assert.equal(await pool.run(async () => 'done'), 'done')
})

test('without a hash no password is right, not even the one the time is spent on', async () => {
  const pool = new PasswordPool(1)

  assert.equal(await pool.verify(undefined, 'a password that nobody has'), false)
  assert.equal(await pool.verify(await hashPassword('mine'), 'mine'), true)
  assert.equal(await pool.verify(await hashPassword('mine'), 'yours'), false)
})
