import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { openInstallation } from '../installation.ts'
import { ChangeLog } from './change-log.ts'
import { onEnd } from '../../test/support/on-end.ts'

const MAX_STALENESS_MS = 1000

test('a log is fresh from its start, and for as long after each reading as it may be stale', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { database } = await openTestInstallation(t)
  const clock = { ms: 50_000 }
  const log = new ChangeLog({
    directory: database.directory,
    monotonicMs: () => clock.ms,
    maxStalenessMs: MAX_STALENESS_MS,
  })
  onEnd(t, () => log.stop())
  assert.equal(log.isFresh, false)

  await log.start()
  clock.ms += MAX_STALENESS_MS
  assert.equal(log.isFresh, true)
  clock.ms += 1
  assert.equal(log.isFresh, false)

  await log.catchUp()
  assert.equal(log.isFresh, true)
})

test('the time of a reading counts from its beginning, however long it takes', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { database, makeTenant } = await openTestInstallation(t)
  const clock = { ms: 0 }
  const log = new ChangeLog({
    directory: database.directory,
    monotonicMs: () => clock.ms,
    maxStalenessMs: MAX_STALENESS_MS,
  })
  onEnd(t, () => log.stop())
  await log.start()
  log.onChange(() => void (clock.ms += 5000))
  await makeTenant('acme')

  await log.catchUp()

  assert.equal(log.isFresh, false)
})

test('a database that fails makes a log stale, not wrong, and a poll makes it fresh once it is back', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { options } = await openTestInstallation(t)
  const installation = await openInstallation(options)
  const clock = { ms: 0 }
  let directory = installation.database.directory
  const log = new ChangeLog({
    get directory() {
      return directory
    },
    monotonicMs: () => clock.ms,
    maxStalenessMs: MAX_STALENESS_MS,
  })
  onEnd(t, () => log.stop())
  await log.start()

  await installation.close()
  clock.ms += MAX_STALENESS_MS + 1
  await assert.rejects(log.catchUp())
  t.mock.timers.tick(200)
  assert.equal(log.isFresh, false)

  const back = await openInstallation(options)
  onEnd(t, () => back.close())
  directory = back.database.directory
  t.mock.timers.tick(200)
  while (!log.isFresh) await nextTurn()
})
