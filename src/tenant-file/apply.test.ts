import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ApplyWorld, openApplyWorld } from '../../test/support/apply-world.ts'
import { verifyAuditChain } from '../audit/chain.ts'
import { ensureSecret } from '../credentials/ensure-secret.ts'
import { newSecret } from '../credentials/secret.ts'
import { findIdentityIdByAlias, findSignInFacts } from '../identities/find.ts'
import { updateIdentity } from '../identities/manage.ts'
import { readOauthClient } from '../oauth-clients/find.ts'
import { replaceOauthClient } from '../oauth-clients/manage.ts'
import { readPersonalAccessToken } from '../personal-access-tokens/find.ts'
import { deletePersonalAccessToken } from '../personal-access-tokens/manage.ts'
import { findTenantByName } from '../tenants/find.ts'
import { updateTenant } from '../tenants/manage.ts'

const TOKEN = '86f1dc6fe8f54414950454cbb11278fa'
const CLIENT = 'b61429f5-203d-494c-94c3-04f54e17bc5c'
const [TOKEN_SECRET, CLIENT_SECRET] = ['1d'.repeat(32), 'c9'.repeat(32)]

interface Words {
  tenant?: object
  ada?: object
  token?: object
  client?: object
}

/** A tenant file with one entry of each kind, and what a test says differently. */
const fileWith = ({ tenant, ada, token, client }: Words = {}) => ({
  tenant: { name: 'acme', displayName: 'Acme', ...tenant },
  identities: [
    {
      alias: 'ada',
      userLevels: ['ORG_ADMIN'],
      ...ada,
      personalAccessTokens: [{ name: 'ci', id: TOKEN, secret: TOKEN_SECRET, ...token }],
    },
  ],
  oauthClients: [{ name: 'Nightly', id: CLIENT, secret: CLIENT_SECRET, grantTypes: ['CLIENT_CREDENTIALS'], ...client }],
  scopeGrants: { 'orders:read': ['USER'] },
  catalogs: [{ name: 'orders', file: 'orders.yaml', upstream: 'sample' }],
})

const ORDERS = `
openapi: 3.0.3
info: { title: Orders, version: '1' }
paths:
  /orders: { get: { responses: { '200': { description: All } } } }
`

const writeOrders = ({ folder }: ApplyWorld): void => writeFileSync(join(folder, 'orders.yaml'), ORDERS)

async function ada({ contextOf }: ApplyWorld) {
  const { db, tenantId } = await contextOf()
  const id = await findIdentityIdByAlias(db, tenantId, 'ada')
  assert.ok(id)
  const facts = await findSignInFacts(db, tenantId, { id })
  assert.ok(facts)
  return facts
}

const token = async ({ contextOf }: ApplyWorld) => {
  const { db, tenantId } = await contextOf()
  return (await readPersonalAccessToken(db, tenantId, TOKEN))?.token
}

const client = async ({ contextOf }: ApplyWorld) => {
  const { db, tenantId } = await contextOf()
  return (await readOauthClient(db, tenantId, CLIENT))?.client
}

test('a tenant file makes all it names, and a second apply writes nothing at all', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)

  const first = await world.outcomes(fileWith())
  const { db, tenantId, auditKey } = await world.contextOf()
  const { events } = await verifyAuditChain(db, tenantId, auditKey)
  const second = await world.outcomes(fileWith())

  assert.deepEqual(first, [
    'tenant created',
    'identity ada created',
    'personalAccessToken ada/ci created',
    'oauthClient Nightly created',
    'scopeGrant orders:read created',
    'catalog orders created (1 operation, 1 note)',
  ])
  assert.deepEqual(second, [])
  assert.deepEqual(await verifyAuditChain(db, tenantId, auditKey), { events, brokenAt: undefined })
  assert.equal(await world.proves(TOKEN, TOKEN_SECRET), true)
  assert.equal(await world.proves(CLIENT, CLIENT_SECRET), true)
})

test('what was deleted, disabled, rotated or edited since stays so while its entry does not change', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)
  await world.apply(fileWith())
  const { id } = await ada(world)
  const secret = newSecret()
  await world.write((tx, ctx) => deletePersonalAccessToken(tx, ctx, TOKEN))
  await world.write((tx, ctx) => updateIdentity(tx, ctx, { id, changes: { isEnabled: false, displayName: 'Edited' } }))
  await world.write((tx, ctx) => updateTenant(tx, ctx, { displayName: 'Edited' }))
  await world.write(async (tx, ctx) => {
    await replaceOauthClient(tx, ctx, { id: CLIENT, name: 'Edited', grantTypes: [], isEnabled: false })
    await ensureSecret(tx, ctx, { credentialId: CLIENT, secret, key: world.keys.secrets, mayRevive: false })
  })

  assert.deepEqual(await world.outcomes(fileWith()), [])

  assert.equal(await token(world), undefined)
  assert.partialDeepStrictEqual(await ada(world), { displayName: 'Edited', isEnabled: false })
  assert.partialDeepStrictEqual(await client(world), { name: 'Edited', isEnabled: false })
  assert.equal((await findTenantByName(world.database.directory, 'acme'))?.displayName, 'Edited')
  assert.deepEqual([await world.proves(CLIENT, secret), await world.proves(CLIENT, CLIENT_SECRET)], [true, false])
})

test('a changed entry is applied, and nothing else is', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)
  await world.apply(fileWith())

  const outcomes = await world.outcomes(fileWith({ token: { scope: ['idn:identity:read'] } }))

  assert.deepEqual(outcomes, ['personalAccessToken ada/ci updated'])
  assert.deepEqual((await token(world))?.scope, ['idn:identity:read'])
  assert.equal(await world.proves(TOKEN, TOKEN_SECRET), true)
})

test('a changed entry never revives a deleted credential; a reset does, and says so', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)
  await world.apply(fileWith())
  await world.write((tx, ctx) => deletePersonalAccessToken(tx, ctx, TOKEN))
  const changed = fileWith({ token: { scope: ['idn:identity:read'] } })
  const renamed = fileWith({ token: { name: 'renamed' } })

  assert.deepEqual(await world.outcomes(changed), [
    'personalAccessToken ada/ci left (it was deleted since; apply with --reset to bring it back)',
  ])
  assert.deepEqual(await world.outcomes(renamed), [
    'personalAccessToken ada/renamed left (it was deleted since; apply with --reset to bring it back)',
  ])
  assert.equal(await token(world), undefined)
  const reset = await world.outcomes(changed, { isReset: true })

  assert.ok(reset.includes('personalAccessToken ada/ci created (it was deleted since, and is back)'), reset.join('\n'))
  assert.deepEqual((await token(world))?.scope, ['idn:identity:read'])
  assert.equal(await world.proves(TOKEN, TOKEN_SECRET), true)
})

test('a changed entry never revives a retired secret; a reset does, and says so', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)
  await world.apply(fileWith())
  const secret = newSecret()
  await world.write((tx, ctx) =>
    ensureSecret(tx, ctx, { credentialId: CLIENT, secret, key: world.keys.secrets, mayRevive: false }),
  )
  const changed = fileWith({ client: { description: 'Every night' } })

  assert.deepEqual(await world.outcomes(changed), [
    'oauthClient Nightly updated (its secret was retired since and stays so; apply with --reset to bring it back)',
  ])
  assert.deepEqual([await world.proves(CLIENT, secret), await world.proves(CLIENT, CLIENT_SECRET)], [true, false])
  const reset = await world.outcomes(changed, { isReset: true })

  assert.ok(reset.includes('oauthClient Nightly updated (its secret was retired since, and is valid again)'))
  assert.deepEqual([await world.proves(CLIENT, secret), await world.proves(CLIENT, CLIENT_SECRET)], [false, true])
})

test('a new secret in the file takes the place of the old one', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)
  await world.apply(fileWith())
  const secret = newSecret()

  await world.apply(fileWith({ token: { secret } }))

  assert.deepEqual([await world.proves(TOKEN, secret), await world.proves(TOKEN, TOKEN_SECRET)], [true, false])
})

test('a changed entry that does not speak of it enables nobody; one that does, or a reset, does', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)
  await world.apply(fileWith())
  const { id } = await ada(world)
  const disable = async () => {
    await world.write((tx, ctx) => updateIdentity(tx, ctx, { id, changes: { isEnabled: false } }))
    const off = { id: CLIENT, name: 'Nightly', grantTypes: ['CLIENT_CREDENTIALS'], isEnabled: false } as const
    await world.write((tx, ctx) => replaceOauthClient(tx, ctx, off))
  }
  const areEnabled = async () => [(await ada(world)).isEnabled, (await client(world))?.isEnabled]

  await disable()
  await world.apply(fileWith({ ada: { displayName: 'Ada' }, client: { description: 'new' } }))
  assert.deepEqual(await areEnabled(), [false, false])
  await world.apply(fileWith({ ada: { enabled: true }, client: { enabled: true } }))
  assert.deepEqual(await areEnabled(), [true, true])
  await disable()
  await world.apply(fileWith(), { isReset: true })

  assert.deepEqual(await areEnabled(), [true, true])
})

test('a password is set when the file first gives it or changes it, not when something else changes', async (t) => {
  const world = await openApplyWorld(t)
  writeOrders(world)
  await world.apply(fileWith({ ada: { password: 'correct horse battery staple' } }))
  const { id, passwordHash: given } = await ada(world)
  await world.write((tx, ctx) => updateIdentity(tx, ctx, { id, changes: { passwordHash: '$argon2id$own' } }))

  await world.apply(fileWith({ ada: { password: 'correct horse battery staple', displayName: 'Ada' } }))
  assert.equal((await ada(world)).passwordHash, '$argon2id$own')
  await world.apply(fileWith({ ada: { password: 'another horse battery staple' } }))

  assert.match(given ?? '', /^\$argon2id\$/)
  assert.match((await ada(world)).passwordHash ?? '', /^\$argon2id\$v=19/)
})
