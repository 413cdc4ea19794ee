import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../test/support/test-app.ts'
import { appendChange } from '../change-log/change.ts'
import { isCutOffSince } from './durable-cut-offs.ts'

test('what was issued before a cut-off of one of its subjects is over, what was issued at it or later is not', async (t) => {
  const { contextOf } = await startTestApp(t)
  const ctx = await contextOf('acme')
  const cutOff = (isCutOff: boolean) => ({ kind: 'identity', subject: 'ada', isCutOff }) as const
  const position = await ctx.db.transaction().execute((tx) => appendChange(tx, ctx, cutOff(true)))
  await ctx.db.transaction().execute((tx) => appendChange(tx, ctx, cutOff(false)))
  const ada = { kind: 'identity', subject: 'ada' } as const
  const client = { kind: 'client', subject: 'ada' } as const

  const answers = await Promise.all([
    isCutOffSince(ctx.db, ctx.tenantId, [client, ada], position - 1),
    isCutOffSince(ctx.db, ctx.tenantId, [client, ada], position),
    isCutOffSince(ctx.db, ctx.tenantId, [client], 0),
  ])

  assert.deepEqual(answers, [true, false, false])
})

test("another tenant's cut-off does not count", async (t) => {
  const { contextOf } = await startTestApp(t)
  const globex = await contextOf('globex')
  const acme = await contextOf('acme')
  const subject = { kind: 'identity', subject: 'ada' } as const
  await globex.db.transaction().execute((tx) => appendChange(tx, globex, { ...subject, isCutOff: true }))

  assert.equal(await isCutOffSince(globex.db, globex.tenantId, [subject], 0), true)
  assert.equal(await isCutOffSince(acme.db, acme.tenantId, [subject], 0), false)
})
