import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import type { RequestContext } from '../request-context.ts'
import { Identities } from './find.ts'
import { createIdentity, type IdentityChanges, updateIdentity } from './manage.ts'

async function world(t: TestContext) {
  const { makeTenant, changes } = await openTestInstallation(t)
  const contextOf = await makeTenant('acme')
  const ctx = contextOf()
  const create = (input: Parameters<typeof createIdentity>[2]) =>
    writeTransaction(ctx.db, (tx) => createIdentity(tx, ctx, input))
  const update = (id: string, change: IdentityChanges) =>
    writeTransaction(ctx.db, (tx) => updateIdentity(tx, ctx, { id, changes: change }))
  const find = (id: string) => new Identities(changes).find(ctx.db, ctx.tenantId, id)
  return { ctx, create, update, find, makeTenant }
}

async function isCutOff({ db }: RequestContext, position: number): Promise<boolean> {
  const row = await db.selectFrom('change_log').select('is_cut_off').where('seq', '=', position).executeTakeFirst()
  return row?.is_cut_off === 1
}

test('an identity is made with its defaults, a number of its own, and its levels once each', async (t) => {
  const { create, find } = await world(t)

  const ada = await create({ alias: 'ada', userLevels: ['ORG_ADMIN', 'HELPDESK', 'ORG_ADMIN'] })
  const bot = await create({ alias: 'bot', kind: 'MACHINE', isEnabled: false, email: 'bot@acme.test' })

  assert.match(ada, /^[0-9a-f]{32}$/)
  assert.deepEqual(await find(ada), {
    id: ada,
    userNumber: 100_001,
    alias: 'ada',
    displayName: 'ada',
    email: null,
    kind: 'HUMAN',
    isEnabled: true,
    userLevels: ['HELPDESK', 'ORG_ADMIN'],
  })
  assert.partialDeepStrictEqual(await find(bot), { userNumber: 100_002, kind: 'MACHINE', isEnabled: false })
})

test('an alias or an id that is taken is a conflict, in this tenant alone', async (t) => {
  const { create, makeTenant } = await world(t)
  const id = await create({ alias: 'ada' })
  const globex = (await makeTenant('globex'))()

  await assert.rejects(create({ alias: 'ada' }), { code: 'conflict' })
  await assert.rejects(create({ alias: 'other', id }), { code: 'conflict' })

  assert.equal(await writeTransaction(globex.db, (tx) => createIdentity(tx, globex, { alias: 'ada', id })), id)
})

test('of twenty that want one alias at once, one gets it; numbers are never shared', async (t) => {
  const { ctx, create } = await world(t)

  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 20 }, () => create({ alias: 'ada' })),
    ...Array.from({ length: 10 }, (_, turn) => create({ alias: `person-${turn}` })),
  ])

  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 11)
  const rows = await ctx.db.selectFrom('identity').select('user_number').where('tenant_id', '=', ctx.tenantId).execute()
  assert.equal(new Set(rows.map(({ user_number }) => user_number)).size, 11)
})

const endings: Record<string, { change: IdentityChanges; isCutOff: boolean }> = {
  'losing a level': { change: { userLevels: ['HELPDESK'] }, isCutOff: true },
  'losing every level': { change: { userLevels: [] }, isCutOff: true },
  'exchanging a level': { change: { userLevels: ['HELPDESK', 'SOURCE_ADMIN'] }, isCutOff: true },
  'being disabled': { change: { isEnabled: false }, isCutOff: true },
  'a new password': { change: { passwordHash: '$argon2id$new' }, isCutOff: true },
  'losing the password': { change: { passwordHash: null }, isCutOff: true },
  'the same levels in another order': { change: { userLevels: ['ORG_ADMIN', 'HELPDESK'] }, isCutOff: false },
  'gaining a level': { change: { userLevels: ['HELPDESK', 'ORG_ADMIN', 'SOURCE_ADMIN'] }, isCutOff: false },
  'being enabled': { change: { isEnabled: true }, isCutOff: false },
  'the same password': { change: { passwordHash: '$argon2id$old' }, isCutOff: false },
  'another name': { change: { displayName: 'Ada Admin', alias: 'ada.admin', email: 'a@acme.test' }, isCutOff: false },
  'no change at all': { change: {}, isCutOff: false },
}

for (const [name, { change, isCutOff: ends }] of Object.entries(endings))
  test(`${name} ${ends ? 'ends' : 'leaves'} the tokens issued before`, async (t) => {
    const { ctx, create, update } = await world(t)
    const id = await create({ alias: 'ada', userLevels: ['HELPDESK', 'ORG_ADMIN'], passwordHash: '$argon2id$old' })

    const position = await update(id, change)

    assert.equal(await isCutOff(ctx, position), ends)
  })

test('disabling ends tokens every time, so that none slips between an enabling and a disabling at once', async (t) => {
  const { ctx, create, update } = await world(t)
  const id = await create({ alias: 'ada', isEnabled: false })

  assert.equal(await isCutOff(ctx, await update(id, { isEnabled: false })), true)
})

test('a change says what it was given and leaves the rest', async (t) => {
  const { create, update, find } = await world(t)
  const id = await create({ alias: 'ada', displayName: 'Ada', email: 'ada@acme.test', userLevels: ['HELPDESK'] })

  await update(id, { displayName: 'Ada Admin' })
  const renamed = await find(id)
  await update(id, { email: null })

  assert.partialDeepStrictEqual(renamed, { alias: 'ada', displayName: 'Ada Admin', email: 'ada@acme.test' })
  assert.partialDeepStrictEqual(await find(id), { email: null, userLevels: ['HELPDESK'], isEnabled: true })
})

test('a change to an alias that is taken is a conflict and changes nothing; of a stranger, it is not found', async (t) => {
  const { create, update, find } = await world(t)
  await create({ alias: 'ada' })
  const id = await create({ alias: 'sam', userLevels: ['HELPDESK'] })

  await assert.rejects(update(id, { alias: 'ada', userLevels: [] }), {
    code: 'conflict',
    message: 'The alias ada is taken by another identity.',
  })
  await assert.rejects(update('0'.repeat(32), { alias: 'zoe' }), { code: 'not_found' })

  assert.partialDeepStrictEqual(await find(id), { alias: 'sam', userLevels: ['HELPDESK'] })
})

test('levels that are given and taken at once are judged by what they replace', async (t) => {
  const { ctx, create, update, find } = await world(t)
  const id = await create({ alias: 'ada', userLevels: ['A'] })

  const positions = await Promise.all([update(id, { userLevels: ['A', 'B'] }), update(id, { userLevels: ['A'] })])

  const [latest = 0] = positions.toSorted((a, b) => b - a)
  const { userLevels } = (await find(id)) ?? {}
  // Either the level was taken last, which ends tokens, or it was given last.
  assert.equal(await isCutOff(ctx, latest), userLevels?.length === 1)
})
