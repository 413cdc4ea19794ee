import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation, type TestInstallation } from '../../test/support/test-installation.ts'
import { appendChange, type Change } from '../change-log/change.ts'
import { ChangeLog } from '../change-log/change-log.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { ACCESS_TOKEN_SECONDS_MAX, CutOffs } from './cut-offs.ts'

const LONGEST_LIFE_MS = ACCESS_TOKEN_SECONDS_MAX * 1000

interface World extends TestInstallation {
  ctx: () => RequestContext
  /** The cut-offs that a process knows, with the log it reads them from. */
  process: () => Promise<{ cutOffs: CutOffs; log: ChangeLog }>
  append: (change: Change) => Promise<number>
}

async function world(t: TestContext): Promise<World> {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const installation = await openTestInstallation(t)
  const ctx = await installation.makeTenant('acme')
  const process = async () => {
    const { directory } = installation.database
    const log = new ChangeLog({ directory, monotonicMs: () => 0, maxStalenessMs: 1000 })
    const cutOffs = new CutOffs(directory, log, installation.options.nowMs ?? Date.now)
    await log.start()
    return { cutOffs, log }
  }
  const append = (change: Change) => writeTransaction(ctx().db, (tx) => appendChange(tx, ctx(), change))
  return { ...installation, ctx, process, append }
}

test('what was issued before a cut-off is dead, what was issued since is not', async (t) => {
  const { ctx, process, append } = await world(t)
  const { cutOffs, log } = await process()
  const { tenantId } = ctx()

  const position = await append({ kind: 'client', subject: 'app', isCutOff: true })
  assert.equal(cutOffs.isCutOff(tenantId, 'client', 'app', position - 1), false)
  await log.catchUp()

  assert.equal(cutOffs.isCutOff(tenantId, 'client', 'app', position - 1), true)
  assert.equal(cutOffs.isCutOff(tenantId, 'client', 'app', position), false)
})

test('a cut-off is of one tenant, kind and subject, and a plain change is none', async (t) => {
  const { ctx, process, append, makeTenant } = await world(t)
  const other = (await makeTenant('globex'))().tenantId
  const { cutOffs, log } = await process()
  await append({ kind: 'client', subject: 'app', isCutOff: true })
  await append({ kind: 'client', subject: 'changed' })
  await log.catchUp()
  const { tenantId } = ctx()

  assert.equal(cutOffs.isCutOff(other, 'client', 'app', 0), false)
  assert.equal(cutOffs.isCutOff(tenantId, 'identity', 'app', 0), false)
  assert.equal(cutOffs.isCutOff(tenantId, 'client', 'ap', 0), false)
  assert.equal(cutOffs.isCutOff(tenantId, 'client', 'changed', 0), false)
})

test('a cut-off is final: a later one moves it on, nothing moves it back', async (t) => {
  const { ctx, process, append } = await world(t)
  const { cutOffs, log } = await process()
  const first = await append({ kind: 'identity', subject: 'ada', isCutOff: true })
  const second = await append({ kind: 'identity', subject: 'ada', isCutOff: true })
  await append({ kind: 'identity', subject: 'ada' })
  await log.catchUp()
  await cutOffs.load()
  const { tenantId } = ctx()

  assert.equal(cutOffs.isCutOff(tenantId, 'identity', 'ada', first), true)
  assert.equal(cutOffs.isCutOff(tenantId, 'identity', 'ada', second - 1), true)
  assert.equal(cutOffs.isCutOff(tenantId, 'identity', 'ada', second), false)
})

test('a process that starts knows the cut-offs from before, as long as a token from before can live', async (t) => {
  const { ctx, process, append, clock } = await world(t)
  const early = await append({ kind: 'client', subject: 'early', isCutOff: true })
  clock.nowMs += LONGEST_LIFE_MS
  const late = await append({ kind: 'client', subject: 'late', isCutOff: true })

  const now = await process()
  clock.nowMs += LONGEST_LIFE_MS
  const later = await process()

  const { tenantId } = ctx()
  assert.equal(now.cutOffs.isCutOff(tenantId, 'client', 'early', early - 1), true)
  assert.equal(now.cutOffs.isCutOff(tenantId, 'client', 'late', late - 1), true)
  assert.equal(later.cutOffs.isCutOff(tenantId, 'client', 'early', early - 1), false)
  assert.equal(later.cutOffs.isCutOff(tenantId, 'client', 'late', late - 1), true)
})

test('a process that lost changes reads the cut-offs among them before it goes on', async (t) => {
  const { ctx, process, append, database } = await world(t)
  const { cutOffs, log } = await process()
  await append({ kind: 'client', subject: 'lost' })
  const position = await append({ kind: 'client', subject: 'app', isCutOff: true })
  await database.directory.deleteFrom('change_log').where('subject', '=', 'lost').execute()

  await log.catchUp()

  assert.equal(cutOffs.isCutOff(ctx().tenantId, 'client', 'app', position - 1), true)
})

test('a database that went back in time takes no cut-off away that a process knows', async (t) => {
  const { ctx, process, append, database } = await world(t)
  const { cutOffs, log } = await process()
  const position = await append({ kind: 'client', subject: 'app', isCutOff: true })
  await log.catchUp()
  await database.directory.deleteFrom('change_log').where('seq', '=', position).execute()
  await database.directory
    .updateTable('pod_clock')
    .set({ seq: position - 1 })
    .execute()

  await log.catchUp()

  assert.equal(cutOffs.isCutOff(ctx().tenantId, 'client', 'app', position - 1), true)
})

test('cut-offs of tokens that are over are forgotten, those that matter are kept', async (t) => {
  const { ctx, process, clock } = await world(t)
  const { cutOffs, log } = await process()
  const cutOffMany = (prefix: string) =>
    writeTransaction(ctx().db, async (tx) => {
      const now = ctx()
      for (let token = 0; token < 1500; token++)
        await appendChange(tx, now, { kind: 'token', subject: `${prefix}-${token}`, isCutOff: true })
    })
  await cutOffMany('old')
  await log.catchUp()
  clock.nowMs += 2 * LONGEST_LIFE_MS

  await cutOffMany('new')
  await log.catchUp()

  const { tenantId } = ctx()
  assert.equal(cutOffs.isCutOff(tenantId, 'token', 'old-0', 0), false)
  assert.equal(cutOffs.isCutOff(tenantId, 'token', 'new-0', 0), true)
  assert.equal(cutOffs.isCutOff(tenantId, 'token', 'new-1499', 0), true)
})
