import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { createIdentity } from '../identities/manage.ts'
import type { RequestContext } from '../request-context.ts'
import { verifyAuditChain } from './chain.ts'
import { recordAudit } from './record.ts'

const actionsOf = async ({ db, tenantId }: RequestContext): Promise<string[]> => {
  const rows = await db
    .selectFrom('audit_event')
    .select(['action', 'target_id'])
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .execute()
  return rows.map(({ action, target_id }) => `${action} ${target_id}`)
}

test('fifty changes at once leave one whole chain, and a reading of it meanwhile finds it whole', async (t) => {
  const { makeTenant } = await openTestInstallation(t)
  const contextOf = await makeTenant('acme')
  const { db, tenantId, auditKey } = contextOf()

  const changes = Array.from({ length: 50 }, (_, turn) =>
    writeTransaction(db, (tx) => createIdentity(tx, contextOf(), { alias: `person-${turn}` })),
  )
  const meanwhile = await Promise.all(Array.from({ length: 10 }, () => verifyAuditChain(db, tenantId, auditKey)))
  await Promise.all(changes)

  assert.deepEqual(
    meanwhile.filter(({ brokenAt }) => brokenAt !== undefined),
    [],
  )
  assert.deepEqual(await verifyAuditChain(db, tenantId, auditKey), { events: 51, brokenAt: undefined })
})

test('an event says who did what to what, when, from where and in which request', async (t) => {
  const { makeTenant, clock } = await openTestInstallation(t)
  const ctx: RequestContext = {
    ...(await makeTenant('acme'))(),
    actor: { kind: 'identity', id: 'ada', clientId: 'cli' },
    network: '192.0.2.7',
  }

  const entry = { action: 'test.refused', targetKind: 'test', targetId: 'thing', outcome: 'refused' } as const
  await writeTransaction(ctx.db, (tx) => recordAudit(tx, ctx, { ...entry, details: { why: 'because' } }))

  const row = await ctx.db
    .selectFrom('audit_event')
    .selectAll()
    .where('tenant_id', '=', ctx.tenantId)
    .orderBy('position', 'desc')
    .executeTakeFirstOrThrow()
  const { mac, ...event } = row
  assert.equal(mac.length, 32)
  assert.deepEqual(event, {
    tenant_id: ctx.tenantId,
    position: 2,
    recorded_at: clock.nowMs,
    actor_kind: 'identity',
    actor_id: 'ada',
    action: 'test.refused',
    target_kind: 'test',
    target_id: 'thing',
    outcome: 'refused',
    network: '192.0.2.7',
    tracking_id: ctx.trackingId,
    details: '{"why":"because"}',
  })
})

test('a change that is taken back leaves no event, and the next one takes its place', async (t) => {
  const { makeTenant } = await openTestInstallation(t)
  const contextOf = await makeTenant('acme')
  const ctx = contextOf()
  const failing = writeTransaction(ctx.db, async (tx) => {
    await createIdentity(tx, ctx, { alias: 'ada' })
    throw new Error('taken back')
  })

  await assert.rejects(failing, /taken back/)
  const id = await writeTransaction(ctx.db, (tx) => createIdentity(tx, ctx, { alias: 'sam' }))

  assert.deepEqual(await actionsOf(ctx), [`tenant.created ${ctx.tenantId}`, `identity.created ${id}`])
  assert.equal((await verifyAuditChain(ctx.db, ctx.tenantId, ctx.auditKey)).brokenAt, undefined)
})

test('a change whose event cannot be written is not made', async (t) => {
  const { makeTenant } = await openTestInstallation(t)
  const ctx = (await makeTenant('acme'))()
  const [event] = await ctx.db.selectFrom('audit_event').selectAll().where('tenant_id', '=', ctx.tenantId).execute()
  assert.ok(event)
  // Whoever puts an event where the next one goes stops the trail, and with it every change.
  await ctx.db
    .insertInto('audit_event')
    .values({ ...event, position: 2 })
    .execute()

  await assert.rejects(writeTransaction(ctx.db, (tx) => createIdentity(tx, ctx, { alias: 'ada' })))

  const identities = await ctx.db.selectFrom('identity').select('id').where('tenant_id', '=', ctx.tenantId).execute()
  assert.deepEqual(identities, [])
})
