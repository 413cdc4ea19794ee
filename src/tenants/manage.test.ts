import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { findTenantByName, listTenants } from './find.ts'
import {
  createTenant,
  type NewTenant,
  newTenantId,
  setTenantState,
  type TenantChanges,
  updateTenant,
} from './manage.ts'

async function world(t: TestContext) {
  const { database, contextFor } = await openTestInstallation(t)
  const contextOf = (id: string) => contextFor(id, { kind: 'operator', id: 'test' })
  const create = (input: NewTenant) => {
    const ctx = contextOf(newTenantId(input.id))
    return writeTransaction(ctx.db, (tx) => createTenant(tx, ctx, input)).then(() => ctx.tenantId)
  }
  const update = (id: string, changes: TenantChanges) => {
    const ctx = contextOf(id)
    return writeTransaction(ctx.db, (tx) => updateTenant(tx, ctx, changes))
  }
  const setState = (id: string, state: 'active' | 'suspended' | 'deleted') => {
    const ctx = contextOf(id)
    return writeTransaction(ctx.db, (tx) => setTenantState(tx, ctx, state))
  }
  const find = (name: string) => findTenantByName(database.directory, name)
  const defaults = async () => (await listTenants(database.directory)).filter((one) => one.isDefault)
  const cutOffs = async () =>
    (await database.directory.selectFrom('change_log').select('subject').where('is_cut_off', '=', 1).execute()).length
  return { create, update, setState, find, defaults, cutOffs }
}

test('a tenant is made active, with the default settings and what it says of itself', async (t) => {
  const { create, find } = await world(t)

  const id = await create({ name: 'acme', displayName: 'Acme', vanityDomain: 'IGA.Acme.test' })

  assert.partialDeepStrictEqual(await find('acme'), {
    id,
    displayName: 'Acme',
    isDefault: false,
    vanityDomain: 'iga.acme.test',
    isSuspended: false,
    epoch: 0,
    settings: { tokens: { personalAccessTokensPerUser: 10 } },
  })
})

for (const name of ['api', 'login', 'www', 'Acme', '-acme', 'acme-', 'a.b', 'a b', '', 'a'.repeat(64), 'ä'])
  test(`no tenant is named ${JSON.stringify(name)}`, async (t) => {
    const { create } = await world(t)

    await assert.rejects(create({ name }), { code: 'invalid' })
  })

test('a name, an id or a vanity domain is of one tenant', async (t) => {
  const { create, update } = await world(t)
  const id = await create({ name: 'acme', vanityDomain: 'iga.acme.test' })
  const other = await create({ name: 'globex' })

  await assert.rejects(create({ name: 'acme' }), { code: 'conflict' })
  await assert.rejects(create({ name: 'new', id }), { code: 'conflict' })
  await assert.rejects(create({ name: 'new', vanityDomain: 'IGA.acme.test' }), { code: 'conflict' })
  await assert.rejects(update(other, { vanityDomain: 'iga.acme.test' }), {
    code: 'conflict',
    message: 'The vanity domain iga.acme.test is taken by another tenant.',
  })
})

test('there is one default tenant: the latest to become it', async (t) => {
  const { create, update, defaults } = await world(t)
  const first = await create({ name: 'acme', isDefault: true })
  await create({ name: 'globex', isDefault: true })
  assert.deepEqual(
    (await defaults()).map(({ name }) => name),
    ['globex'],
  )

  await update(first, { isDefault: true })
  assert.deepEqual(
    (await defaults()).map(({ name }) => name),
    ['acme'],
  )
  await update(first, { isDefault: false })

  assert.deepEqual(await defaults(), [])
})

test('of many that become the default tenant at once, one is', async (t) => {
  const { create, update, defaults } = await world(t)
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => create({ name })))

  await Promise.all([
    ...ids.map((id) => update(id, { isDefault: true })),
    ...['e', 'f', 'g', 'h'].map((name) => create({ name, isDefault: true })),
  ])

  assert.equal((await defaults()).length, 1)
})

test('suspending ends every token; resuming revives none', async (t) => {
  const { create, setState, find, cutOffs } = await world(t)
  const id = await create({ name: 'acme' })

  await setState(id, 'suspended')
  const suspended = await find('acme')
  await setState(id, 'active')

  assert.deepEqual([suspended?.isSuspended, (await find('acme'))?.isSuspended, await cutOffs()], [true, false, 1])
})

test('deleting frees the name and the domain, never the id, and cannot be undone', async (t) => {
  const { create, update, setState, find, cutOffs } = await world(t)
  const id = await create({ name: 'acme', isDefault: true, vanityDomain: 'iga.acme.test' })

  await setState(id, 'deleted')

  assert.deepEqual([await find('acme'), await cutOffs()], [undefined, 1])
  await assert.rejects(setState(id, 'active'), { code: 'not_found' })
  await assert.rejects(update(id, { displayName: 'Back' }), { code: 'not_found' })
  await assert.rejects(create({ name: 'acme', id }), { code: 'conflict' })
  assert.notEqual(await create({ name: 'acme', vanityDomain: 'iga.acme.test' }), id)
})
