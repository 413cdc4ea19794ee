import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { ensureSecret } from '../credentials/ensure-secret.ts'
import { newSecret } from '../credentials/secret.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { createIdentity } from '../identities/manage.ts'
import { readPersonalAccessToken } from './find.ts'
import {
  createPersonalAccessToken,
  deletePersonalAccessToken,
  type NewPersonalAccessToken,
  replacePersonalAccessToken,
} from './manage.ts'

async function world(t: TestContext) {
  const { makeTenant, keys } = await openTestInstallation(t)
  const ctx = (await makeTenant('acme'))()
  const makeOwner = (alias: string) => writeTransaction(ctx.db, (tx) => createIdentity(tx, ctx, { alias }))
  const ownerId = await makeOwner('ada')
  const create = (name: string, more: Partial<NewPersonalAccessToken> = {}) =>
    writeTransaction(ctx.db, (tx) => createPersonalAccessToken(tx, ctx, { ownerId, perOwnerMax: 10, name, ...more }))
  const remove = (id: string) => writeTransaction(ctx.db, (tx) => deletePersonalAccessToken(tx, ctx, id))
  const held = async (): Promise<number> => {
    const query = ctx.db.selectFrom('personal_access_token').select('id').where('tenant_id', '=', ctx.tenantId)
    return (await query.where('owner_id', '=', ownerId).execute()).length
  }
  const read = (id: string) => readPersonalAccessToken(ctx.db, ctx.tenantId, id)
  return { ctx, keys, ownerId, makeOwner, create, remove, held, read }
}

test('of twenty tokens made at once, exactly ten are made and ten are told why not', async (t) => {
  const { create, held } = await world(t)

  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, turn) => create(`token-${turn}`)))

  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
  assert.equal(await held(), 10)
  assert.deepEqual(
    refusals.map(({ code, message }) => `${code}: ${message}`),
    Array.from(
      { length: 10 },
      () => 'limit_exceeded: The owner holds as many personal access tokens as allowed. Delete one first.',
    ),
  )
})

test('a limit of the tenant below ten holds, whatever slots are free', async (t) => {
  const { create, remove, held } = await world(t)
  const ids = []
  for (let turn = 0; turn < 5; turn++) ids.push(await create(`token-${turn}`))
  for (const id of ids.slice(0, 3)) await remove(id)

  await create('within', { perOwnerMax: 3 })

  await assert.rejects(create('beyond', { perOwnerMax: 3 }), { code: 'limit_exceeded' })
  assert.equal(await held(), 3)
})

test('no setting allows more than ten', async (t) => {
  const { create } = await world(t)
  for (let turn = 0; turn < 10; turn++) await create(`token-${turn}`, { perOwnerMax: 50 })

  await assert.rejects(create('eleventh', { perOwnerMax: 50 }), { code: 'limit_exceeded' })
})

test('each owner has ten places of his own, and a deleted token gives its place back', async (t) => {
  const { create, remove, makeOwner } = await world(t)
  const sam = await makeOwner('sam')
  const ids = []
  for (let turn = 0; turn < 10; turn++) ids.push(await create(`token-${turn}`))

  await create('token-0', { ownerId: sam })
  await remove(ids[4] ?? '')

  await create('again')
})

test('a name is unique to its owner: of many that want it at once, one gets it', async (t) => {
  const { create, held } = await world(t)

  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => create('ci')))

  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
  assert.equal(await held(), 1)
  assert.deepEqual(new Set(refusals.map(({ code }) => code)), new Set(['conflict']))
  assert.equal(refusals[0].message, 'The owner has a personal access token named ci already. Choose another name.')
})

test('an id that is taken, or was, is a conflict', async (t) => {
  const { create, remove, makeOwner } = await world(t)
  const id = 'ab'.repeat(16)
  await create('ci', { id })

  await assert.rejects(create('other', { id }), { code: 'conflict', message: /There is a personal access token abab/ })
  await remove(id)
  await assert.rejects(create('other', { id, ownerId: await makeOwner('sam') }), {
    code: 'conflict',
    message: `The id ${id} belonged to a token that was deleted. Choose another id.`,
  })
})

test('a deleted token keeps no live secret, and ends what it minted', async (t) => {
  const { ctx, keys, create, remove, read } = await world(t)
  const id = await create('ci')
  const wanted = { credentialId: id, secret: newSecret(), key: keys.secrets, mayRevive: false }
  await writeTransaction(ctx.db, (tx) => ensureSecret(tx, ctx, wanted))

  await remove(id)

  assert.equal(await read(id), undefined)
  const secrets = await ctx.db
    .selectFrom('credential_secret')
    .select('retired_at')
    .where('tenant_id', '=', ctx.tenantId)
    .execute()
  assert.deepEqual(secrets, [{ retired_at: ctx.nowMs }])
  const cutOffs = await ctx.db.selectFrom('change_log').select('subject').where('is_cut_off', '=', 1).execute()
  assert.deepEqual(cutOffs, [{ subject: id }])
  await assert.rejects(remove(id), { code: 'not_found' })
})

test('a replaced token says what it was given and takes the defaults for the rest', async (t) => {
  const { ctx, create, read } = await world(t)
  const expiresAtMs = ctx.nowMs + 1000
  const id = await create('ci', { scope: ['idn:identity:read'], accessTokenValiditySeconds: 60, expiresAtMs })
  const before = (await read(id))?.token

  await writeTransaction(ctx.db, (tx) => replacePersonalAccessToken(tx, ctx, { id, name: 'cd', expiresAtMs: null }))

  assert.partialDeepStrictEqual(before, { scope: ['idn:identity:read'], accessTokenValiditySeconds: 60, expiresAtMs })
  const after = { name: 'cd', scope: ['sp:scopes:all'], accessTokenValiditySeconds: 43_200, expiresAtMs: null }
  assert.partialDeepStrictEqual((await read(id))?.token, after)
  const [row] = await ctx.db
    .selectFrom('personal_access_token')
    .select('never_expires_acknowledged')
    .where('tenant_id', '=', ctx.tenantId)
    .execute()
  assert.equal(row?.never_expires_acknowledged, 1)
})

test('a name that the owner uses already is a conflict for a replacement too; a stranger is not found', async (t) => {
  const { ctx, create, read } = await world(t)
  await create('ci')
  const id = await create('cd')
  const replace = (input: { id: string; name: string }) =>
    writeTransaction(ctx.db, (tx) => replacePersonalAccessToken(tx, ctx, input))

  await assert.rejects(replace({ id, name: 'ci' }), { code: 'conflict' })
  await assert.rejects(replace({ id: '0'.repeat(32), name: 'new' }), { code: 'not_found' })

  assert.equal((await read(id))?.token.name, 'cd')
})
