import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { type ChainVerdict, verifyAuditChain } from './chain.ts'
import { recordAudit } from './record.ts'

const LENGTH = 6

/** A tenant with an audit trail of six events, the first of which is its making. */
async function sixEvents(t: TestContext): Promise<RequestContext> {
  const { makeTenant } = await openTestInstallation(t)
  const ctx = (await makeTenant('acme'))()
  for (let position = 2; position <= LENGTH; position++) await record(ctx, `thing ${position}`)
  return ctx
}

const record = (ctx: RequestContext, targetId: string): Promise<void> =>
  writeTransaction(ctx.db, (tx) =>
    recordAudit(tx, ctx, { action: 'test.done', targetKind: 'test', targetId, details: { note: 'é\u0000"' } }),
  )

const verify = ({ db, tenantId, auditKey }: RequestContext): Promise<ChainVerdict> =>
  verifyAuditChain(db, tenantId, auditKey)

const events = ({ db, tenantId }: RequestContext) => ({
  change: (position: number) =>
    db.updateTable('audit_event').where('tenant_id', '=', tenantId).where('position', '=', position),
  remove: (position: number) =>
    db.deleteFrom('audit_event').where('tenant_id', '=', tenantId).where('position', '=', position).execute(),
  read: (position: number) =>
    db
      .selectFrom('audit_event')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('position', '=', position)
      .executeTakeFirstOrThrow(),
})

const head = ({ db, tenantId }: RequestContext) => db.updateTable('audit_chain').where('tenant_id', '=', tenantId)

test('a trail that nobody touched is whole, whatever the events say', async (t) => {
  const ctx = await sixEvents(t)

  assert.deepEqual(await verify(ctx), { events: LENGTH, brokenAt: undefined })
})

const edits = {
  recorded_at: 1,
  actor_kind: 'identity',
  actor_id: 'mallory',
  action: 'test.undone',
  target_kind: 'other',
  target_id: 'thing 99',
  outcome: 'refused',
  network: '192.0.2.1',
  tracking_id: 'f'.repeat(32),
  details: '{}',
  mac: Buffer.alloc(32),
}

for (const [column, value] of Object.entries(edits))
  test(`an event whose ${column} was edited is where the trail breaks`, async (t) => {
    const ctx = await sixEvents(t)

    await events(ctx)
      .change(4)
      .set({ [column]: value })
      .execute()

    assert.deepEqual(await verify(ctx), { events: 3, brokenAt: 4 })
  })

const damages: Record<string, { damage: (ctx: RequestContext) => Promise<unknown>; brokenAt: number }> = {
  'an event was deleted': { damage: (ctx) => events(ctx).remove(3), brokenAt: 3 },
  'the first event was deleted': { damage: (ctx) => events(ctx).remove(1), brokenAt: 1 },
  'the last event was deleted': { damage: (ctx) => events(ctx).remove(LENGTH), brokenAt: LENGTH },
  'two events were exchanged': {
    damage: async (ctx) => {
      await events(ctx).change(3).set({ position: 100 }).execute()
      await events(ctx).change(4).set({ position: 3 }).execute()
      await events(ctx).change(100).set({ position: 4 }).execute()
    },
    brokenAt: 3,
  },
  'an event was deleted and the later ones moved up': {
    damage: async (ctx) => {
      await events(ctx).remove(3)
      for (let position = 4; position <= LENGTH; position++)
        await events(ctx)
          .change(position)
          .set({ position: position - 1 })
          .execute()
      await head(ctx)
        .set({ position: LENGTH - 1 })
        .execute()
    },
    brokenAt: 3,
  },
  'the end was cut off': {
    damage: async (ctx) => {
      for (const position of [5, 6]) await events(ctx).remove(position)
    },
    brokenAt: 5,
  },
  'the end was cut off and the head moved back to the event before': {
    damage: async (ctx) => {
      const { mac } = await events(ctx).read(4)
      for (const position of [5, 6]) await events(ctx).remove(position)
      await head(ctx).set({ position: 4, mac }).execute()
    },
    brokenAt: 5,
  },
  'the head was moved on': { damage: (ctx) => head(ctx).set({ position: 9 }).execute(), brokenAt: 7 },
  'a copy of an event was put behind the end': { damage: (ctx) => insertCopy(ctx, LENGTH + 1), brokenAt: 7 },
  'a copy of an event was put before the first': { damage: (ctx) => insertCopy(ctx, 0), brokenAt: 1 },
  'everything was removed': {
    damage: async ({ db, tenantId }) => {
      await db.deleteFrom('audit_event').where('tenant_id', '=', tenantId).execute()
      await db.deleteFrom('audit_chain').where('tenant_id', '=', tenantId).execute()
    },
    brokenAt: 1,
  },
}

async function insertCopy(ctx: RequestContext, position: number): Promise<void> {
  const event = await events(ctx).read(2)
  await ctx.db
    .insertInto('audit_event')
    .values({ ...event, position })
    .execute()
}

for (const [name, { damage, brokenAt }] of Object.entries(damages))
  test(`the trail breaks at event ${brokenAt} when ${name}`, async (t) => {
    const ctx = await sixEvents(t)

    await damage(ctx)

    assert.deepEqual(await verify(ctx), { events: brokenAt - 1, brokenAt })
  })

test("another tenant's key proves nothing", async (t) => {
  const { makeTenant } = await openTestInstallation(t)
  const [acme, globex] = [(await makeTenant('acme'))(), (await makeTenant('globex'))()]

  const verdict = await verifyAuditChain(acme.db, acme.tenantId, globex.auditKey)

  assert.equal(verdict.brokenAt, 1)
})

test('a trail longer than a page is verified to its end', async (t) => {
  const ctx = await sixEvents(t)
  await writeTransaction(ctx.db, async (tx) => {
    for (let more = 0; more < 2000; more++)
      await recordAudit(tx, ctx, { action: 'test.done', targetKind: 'test', targetId: 'thing' })
  })

  assert.deepEqual(await verify(ctx), { events: LENGTH + 2000, brokenAt: undefined })
})
