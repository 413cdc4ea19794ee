import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation, type TestInstallation } from '../../test/support/test-installation.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { appendChange, type ChangeKind } from './change.ts'
import { ChangeLog } from './change-log.ts'
import { onEnd } from '../../test/support/on-end.ts'

interface World extends TestInstallation {
  ctx: RequestContext
  monotonic: { ms: number }
  /** A reader of the log as another process would be. */
  reader: () => { log: ChangeLog; heard: (string | null)[] }
}

async function world(t: TestContext): Promise<World> {
  // A log is read when the test says so, never by the clock.
  t.mock.timers.enable({ apis: ['setInterval'] })
  const installation = await openTestInstallation(t)
  const ctx = (await installation.makeTenant('acme'))()
  const monotonic = { ms: 0 }
  const reader = () => {
    const options = {
      directory: installation.database.directory,
      monotonicMs: () => monotonic.ms,
      maxStalenessMs: 1000,
    }
    const log = new ChangeLog(options)
    const heard: (string | null)[] = []
    log.onChange((change) => void heard.push(change && change.subject))
    onEnd(t, () => log.stop())
    return { log, heard }
  }
  return { ...installation, ctx, monotonic, reader }
}

const change = (ctx: RequestContext, subject: string, kind: ChangeKind = 'client'): Promise<number> =>
  writeTransaction(ctx.db, (tx) => appendChange(tx, ctx, { kind, subject }))

const subjects = (count: number, prefix = 'change'): string[] =>
  Array.from({ length: count }, (_, turn) => `${prefix}-${turn}`)

const loggedAfter = async ({ database }: TestInstallation, position: number): Promise<string[]> => {
  const query = database.directory.selectFrom('change_log').select('subject').where('seq', '>', position)
  return (await query.orderBy('seq').execute()).map(({ subject }) => subject)
}

test('fifty writers at once get positions in the order of their commits, without a gap', async (t) => {
  const installation = await world(t)
  const { log, heard } = installation.reader()
  await log.start()
  const start = log.position

  const positions = await Promise.all(
    subjects(50).map(async (subject) => {
      const position = await change(installation.ctx, subject)
      await log.catchUp()
      assert.ok(log.position >= position, 'a change that was acknowledged is applied')
      return position
    }),
  )

  assert.deepEqual(
    positions.toSorted((a, b) => a - b),
    Array.from({ length: 50 }, (_, turn) => start + 1 + turn),
  )
  assert.deepEqual(heard.slice(1), await loggedAfter(installation, start))
})

test('a change that is taken back leaves no gap', async (t) => {
  const { ctx, reader } = await world(t)
  const { log, heard } = reader()
  await log.start()
  const failing = writeTransaction(ctx.db, async (tx) => {
    await appendChange(tx, ctx, { kind: 'client', subject: 'never' })
    throw new Error('taken back')
  })
  await assert.rejects(failing, /taken back/)

  await change(ctx, 'next')
  await log.catchUp()

  assert.deepEqual(heard, [null, 'next'])
})

test('a log begins at its head, and tells its listeners to begin anew', async (t) => {
  const { ctx, reader } = await world(t)
  const { log, heard } = reader()
  await change(ctx, 'before')

  await log.catchUp()
  assert.deepEqual([log.position, heard], [0, []])
  await log.start()
  await log.catchUp()

  assert.deepEqual(heard, [null])
  assert.ok(log.position >= 2)
})

test('more changes than a page holds are each told once, in order', async (t) => {
  const { ctx, reader } = await world(t)
  const { log, heard } = reader()
  await log.start()
  const many = subjects(2500)
  await writeTransaction(ctx.db, async (tx) => {
    for (const subject of many) await appendChange(tx, ctx, { kind: 'client', subject })
  })

  await Promise.all([log.catchUp(), log.catchUp(), log.catchUp()])

  assert.deepEqual(heard, [null, ...many])
})

test('changes that the log no longer holds are told as a loss, and the position moves to the head', async (t) => {
  const { ctx, reader, database } = await world(t)
  const { log, heard } = reader()
  await log.start()
  for (const subject of ['lost', 'kept']) await change(ctx, subject)
  await database.directory.deleteFrom('change_log').where('subject', '=', 'lost').execute()

  await log.catchUp()
  const position = await change(ctx, 'next')
  await log.catchUp()

  assert.deepEqual(heard, [null, null, 'next'])
  assert.equal(log.position, position)
})

test('a hole further on is found when it is reached', async (t) => {
  const { ctx, reader, database } = await world(t)
  const { log, heard } = reader()
  await log.start()
  for (const subject of ['first', 'lost', 'last']) await change(ctx, subject)
  await database.directory.deleteFrom('change_log').where('subject', '=', 'lost').execute()

  await log.catchUp()

  assert.deepEqual(heard, [null, 'first', null])
})

test('a head that moved back, as after a restore, is told as a loss', async (t) => {
  const { ctx, reader, database } = await world(t)
  const { log, heard } = reader()
  await change(ctx, 'before')
  await log.start()
  const { position, revision } = log

  await database.directory.deleteFrom('change_log').where('seq', '=', position).execute()
  await database.directory
    .updateTable('pod_clock')
    .set({ seq: position - 1 })
    .execute()
  await log.catchUp()

  assert.deepEqual(heard, [null, null])
  assert.equal(log.position, position - 1)
  assert.ok(log.revision > revision, 'what was known before the loss must not pass for known')
})

test('a listener that cannot take a loss in is told again, and the position waits for it', async (t) => {
  const { ctx, reader, database } = await world(t)
  const { log } = reader()
  const told: boolean[] = []
  await log.start()
  log.onChange((loss) => {
    told.push(loss === null)
    if (told.length === 1) throw new Error('the database is away')
  })
  const { position } = log
  await change(ctx, 'lost')
  await change(ctx, 'kept')
  await database.directory.deleteFrom('change_log').where('subject', '=', 'lost').execute()

  await assert.rejects(log.catchUp(), /the database is away/)
  assert.equal(log.position, position)
  await log.catchUp()

  assert.deepEqual(told, [true, true])
  assert.equal(log.position, position + 2)
})

test('what this process writes it applies before the answer', async (t) => {
  const { ctx, reader } = await world(t)
  const { log, heard } = reader()
  await log.start()

  const position = await log.write(ctx, (tx) => appendChange(tx, ctx, { kind: 'client', subject: 'own' }))

  assert.deepEqual([heard.at(-1), log.position], ['own', position])
})

test('a write of a log that was not started is committed, and nobody is told', async (t) => {
  const { ctx, reader } = await world(t)
  const { log, heard } = reader()

  const position = await log.write(ctx, (tx) => appendChange(tx, ctx, { kind: 'client', subject: 'own' }))

  assert.ok(position > 0)
  assert.deepEqual(heard, [])
})
