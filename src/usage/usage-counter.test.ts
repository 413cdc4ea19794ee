import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import type { Operation } from '../access/policy.ts'
import { UsageCounter } from './usage-counter.ts'

const DAY_MS = 86_400_000
const policy = { isPublic: false, isAnyToken: true, userScopes: null, applicationScopes: null, userLevels: [] }
const operationAt = (path: string, method = 'GET'): Operation => ({
  catalog: 'orders',
  version: 'v3',
  method,
  path,
  operationId: null,
  summary: null,
  isDeprecated: false,
  policy: { ...policy, isExperimental: false, assumed: null },
})

async function counting(t: TestContext) {
  const { makeTenant, clock, database } = await openTestInstallation(t)
  const { tenantId } = (await makeTenant('acme'))()
  const errors: unknown[] = []
  const outage = { isOn: false }
  const makeCounter = () =>
    new UsageCounter({
      databaseOf: (tenant) => {
        if (outage.isOn) throw new Error('connect ECONNREFUSED')
        return database.forTenant(tenant)
      },
      nowMs: () => clock.nowMs,
      onError: (error) => errors.push(error),
    })
  const counter = makeCounter()
  const readRows = () =>
    database.forTenant(tenantId).selectFrom('usage_count').selectAll().where('tenant_id', '=', tenantId).execute()
  const rows = async (kind: string) =>
    (await readRows())
      .filter((row) => row.kind === kind)
      .map((row) => [row.client_id, row.method, row.subject, row.count].filter((part) => part !== '').join(' '))
      .sort()
  return { counter, makeCounter, tenantId, rows, readRows, clock, errors, outage }
}

test('calls add up by client, operation, network and tenant over flushes', async (t) => {
  const { counter, tenantId, rows } = await counting(t)
  const app = { tenantId, clientId: 'app' }
  const orders = operationAt('/v3/orders/{id}')

  counter.countCall(app, orders, '10.0.0.1')
  counter.countCall(app, operationAt('/v3/orders/{id}'), '10.0.0.1')
  await counter.flush()
  counter.countCall(app, orders, '10.0.0.2')
  counter.countCall({ tenantId, clientId: 'other' }, orders, '10.0.0.1')
  counter.countDenial(app, 'scope.missing')
  counter.countShadowRefusal(app, orders)
  await counter.flush()
  await counter.flush()

  assert.deepEqual(await rows('client'), ['app 3', 'other 1'])
  assert.deepEqual(await rows('call'), ['app GET /v3/orders/{id} 3', 'other GET /v3/orders/{id} 1'])
  assert.deepEqual(await rows('operation'), ['GET /v3/orders/{id} 4'])
  assert.deepEqual(await rows('network'), ['app 10.0.0.1 2', 'app 10.0.0.2 1', 'other 10.0.0.1 1'])
  assert.deepEqual(await rows('denial'), ['app scope.missing 1'])
  assert.deepEqual(await rows('shadow'), ['app GET /v3/orders/{id} 1'])
})

test('each day has counts of its own, also when midnight falls between two writes', async (t) => {
  const { counter, tenantId, readRows, clock } = await counting(t)
  const app = { tenantId, clientId: 'app' }
  clock.nowMs = DAY_MS * 20_000 - 1

  counter.countCall(app, operationAt('/v3/orders'), '10.0.0.1')
  clock.nowMs += 1
  counter.countCall(app, operationAt('/v3/orders'), '10.0.0.1')
  await counter.stop()

  const totals = (await readRows()).filter(({ kind }) => kind === 'client')
  assert.deepEqual(
    totals.map(({ day, count, last_at }) => [day, count, last_at]),
    [
      [19_999, 1, DAY_MS * 20_000 - 1],
      [20_000, 1, DAY_MS * 20_000],
    ],
  )
})

test('a client that calls from ten thousand addresses and to five thousand operations makes few rows, and none of its calls is lost', async (t) => {
  const { counter, tenantId, rows, readRows } = await counting(t)
  const app = { tenantId, clientId: 'app' }

  for (let call = 0; call < 10_000; call++) {
    counter.countCall(app, operationAt(`/v3/things-${call % 5000}`), `10.1.${call >> 8}.${call & 255}`)
    if (call % 1000 === 999) await counter.flush()
  }

  const networks = await rows('network')
  const calls = await rows('call')
  const sum = (texts: string[]) => texts.reduce((total, text) => total + Number(text.split(' ').at(-1)), 0)
  assert.equal(networks.length, 51)
  assert.equal(calls.length, 1001)
  assert.deepEqual([sum(networks), sum(calls), sum(await rows('client'))], [10_000, 10_000, 10_000])
  assert.ok((await readRows()).length < 7000)
})

test('an IPv6 caller counts by its /64, however it spells its address', async (t) => {
  const { counter, tenantId, rows } = await counting(t)
  const app = { tenantId, clientId: 'app' }

  for (const address of ['2001:db8:1:2::1', '2001:DB8:1:2:ffff::9', '2001:db8:1:2:0:0:0:7', '::1'])
    counter.countCall(app, operationAt('/v3/orders'), address)
  await counter.flush()

  assert.deepEqual(await rows('network'), ['app 0:0:0:0::/64 1', 'app 2001:db8:1:2::/64 3'])
})

test('what cannot be written is kept within bounds, and written when the database is back', async (t) => {
  const { counter, tenantId, rows, readRows, outage, errors } = await counting(t)
  const orders = operationAt('/v3/orders')
  outage.isOn = true
  for (let client = 0; client < 12_000; client++)
    counter.countCall({ tenantId, clientId: `app-${client}` }, orders, '10.0.0.1')
  await counter.flush()

  outage.isOn = false
  await counter.flush()

  assert.equal(errors.length, 1)
  assert.deepEqual(await rows('operation'), ['GET /v3/orders 12000'])
  assert.ok((await readRows()).length <= 20_010)
  const named = (await readRows()).filter(({ kind }) => kind === 'client')
  assert.equal(
    named.reduce((sum, { count }) => sum + count, 0),
    12_000,
  )
})

test('two processes that write the same counts at once lose none', async (t) => {
  const { counter, makeCounter, tenantId, rows } = await counting(t)
  const other = makeCounter()
  for (let client = 0; client < 200; client++) {
    counter.countCall({ tenantId, clientId: `app-${client}` }, operationAt('/v3/orders'), '10.0.0.1')
    other.countCall({ tenantId, clientId: `app-${199 - client}` }, operationAt('/v3/orders'), '10.0.0.1')
  }

  await Promise.all([counter.flush(), other.flush()])

  assert.deepEqual(await rows('operation'), ['GET /v3/orders 400'])
  assert.deepEqual(new Set((await rows('client')).map((row) => row.split(' ').at(-1))), new Set(['2']))
})

test('a path too long for an index is cut, and does not keep the others back', async (t) => {
  const { counter, tenantId, rows } = await counting(t)
  const app = { tenantId, clientId: 'app' }

  counter.countCall(app, operationAt(`/v3/${'long'.repeat(2000)}`), '10.0.0.1')
  counter.countCall(app, operationAt('/v3/orders'), '10.0.0.1')
  await counter.flush()

  assert.equal((await rows('call')).length, 2)
})
