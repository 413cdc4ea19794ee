import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import type { RequestContext } from '../request-context.ts'
import { appendChange, type Change } from './change.ts'
import { ChangeCache } from './change-cache.ts'
import type { ChangeLog } from './change-log.ts'

interface Value {
  version: number
}

async function world(t: TestContext): Promise<{ changes: ChangeLog; ctx: RequestContext; other: RequestContext }> {
  const { makeTenant, changes } = await openTestInstallation(t)
  const [ctx, other] = [(await makeTenant('acme'))(), (await makeTenant('globex'))()]
  await changes.start()
  return { changes, ctx, other }
}

const append = (changes: ChangeLog, ctx: RequestContext, change: Change) =>
  changes.write(ctx, (tx) => appendChange(tx, ctx, change))

/** Reads that answer 1, 2, 3 ..., so that a test sees which of them it got. */
function versions(): () => Promise<Value> {
  let version = 0
  return async () => ({ version: ++version })
}

test('what was read is remembered until it changes, for its tenant, subject and kind alone', async (t) => {
  const { changes, ctx, other } = await world(t)
  const cache = new ChangeCache<Value>(changes, ['client', 'key'], 10)
  const read = versions()
  const get = () => cache.get(ctx.tenantId, 'app', read)

  assert.deepEqual([await get(), await get()], [{ version: 1 }, { version: 1 }])
  await append(changes, ctx, { kind: 'client', subject: 'other' })
  await append(changes, ctx, { kind: 'identity', subject: 'app' })
  await append(changes, other, { kind: 'client', subject: 'app' })
  assert.deepEqual(cache.peek(ctx.tenantId, 'app'), { version: 1 })
  await append(changes, ctx, { kind: 'key', subject: 'app' })

  assert.equal(cache.peek(ctx.tenantId, 'app'), undefined)
  assert.deepEqual(await get(), { version: 2 })
})

test('a value that was being read while it changed goes to its caller and is not remembered', async (t) => {
  const { changes, ctx } = await world(t)
  const cache = new ChangeCache<Value>(changes, ['client'], 10)
  const held = Promise.withResolvers<Value>()

  const reading = cache.get(ctx.tenantId, 'app', () => held.promise)
  await append(changes, ctx, { kind: 'client', subject: 'app' })
  held.resolve({ version: 1 })

  assert.deepEqual(await reading, { version: 1 })
  assert.equal(cache.peek(ctx.tenantId, 'app'), undefined)
})

test('a value that was being read while changes were lost is not remembered, even before the loss is over', async (t) => {
  const { changes, ctx } = await world(t)
  const cache = new ChangeCache<Value>(changes, ['client'], 10)
  const held = Promise.withResolvers<Value>()
  const reading = cache.get(ctx.tenantId, 'app', () => held.promise)
  // A listener after the cache takes its time; the value arrives meanwhile.
  changes.onChange(async (change) => {
    if (change !== null) return
    held.resolve({ version: 1 })
    await reading
  })
  const { db } = ctx

  await db.updateTable('pod_clock').set({ seq: 0 }).execute()
  await changes.catchUp()

  assert.deepEqual(await reading, { version: 1 })
  assert.equal(cache.peek(ctx.tenantId, 'app'), undefined)
})

test('a loss drops everything', async (t) => {
  const { changes, ctx, other } = await world(t)
  const cache = new ChangeCache<Value>(changes, ['client'], 10)
  for (const { tenantId } of [ctx, other]) await cache.get(tenantId, 'app', versions())

  await ctx.db.updateTable('pod_clock').set({ seq: 0 }).execute()
  await changes.catchUp()

  assert.deepEqual([cache.peek(ctx.tenantId, 'app'), cache.peek(other.tenantId, 'app')], [undefined, undefined])
})

test('absence is not remembered', async (t) => {
  const { changes, ctx } = await world(t)
  const cache = new ChangeCache<Value>(changes, ['client'], 10)

  assert.equal(await cache.get(ctx.tenantId, 'app', async () => undefined), undefined)

  assert.deepEqual(await cache.get(ctx.tenantId, 'app', versions()), { version: 1 })
})

test('a cache of something else than the subject drops what it is told to', async (t) => {
  const { changes, ctx } = await world(t)
  const cache = new ChangeCache<Value>(changes, ['client'], 10, () => 'all')
  await cache.get(ctx.tenantId, 'all', versions())

  await append(changes, ctx, { kind: 'client', subject: 'app' })

  assert.equal(cache.peek(ctx.tenantId, 'all'), undefined)
})

test('the least used is forgotten when there is no room', async (t) => {
  const { changes, ctx } = await world(t)
  const cache = new ChangeCache<Value>(changes, ['client'], 2)
  for (const subject of ['a', 'b', 'c']) await cache.get(ctx.tenantId, subject, versions())

  assert.equal(cache.peek(ctx.tenantId, 'a'), undefined)
  assert.deepEqual(cache.peek(ctx.tenantId, 'c'), { version: 1 })
})
