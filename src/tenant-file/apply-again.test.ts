import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ApplyWorld, openApplyWorld } from '../../test/support/apply-world.ts'
import { verifyAuditChain } from '../audit/chain.ts'
import { findIdentityIdByAlias } from '../identities/find.ts'
import { readOauthClient } from '../oauth-clients/find.ts'
import { readPersonalAccessToken } from '../personal-access-tokens/find.ts'
import type { MadeSecret } from './applying.ts'

const ADA = 'ff80818155fe8c080155fe8d925b0316'
const TOKEN = '86f1dc6fe8f54414950454cbb11278fa'
const CLIENT = 'b61429f5-203d-494c-94c3-04f54e17bc5c'

/** A file of twenty people with two tokens each, whose secrets are made. */
const bigFile = {
  tenant: { name: 'acme', default: true },
  identities: Array.from({ length: 20 }, (_, turn) => ({
    alias: `person-${turn}`,
    userLevels: ['HELPDESK'],
    personalAccessTokens: [{ name: 'one' }, { name: 'two' }],
  })),
  oauthClients: [{ name: 'Nightly', grantTypes: ['CLIENT_CREDENTIALS'] }],
}
const ENTRIES = 1 + 20 + 40 + 1

async function countOf({ contextOf }: ApplyWorld, table: 'identity' | 'personal_access_token' | 'oauth_client') {
  const { db, tenantId } = await contextOf()
  return (await db.selectFrom(table).select('id').where('tenant_id', '=', tenantId).execute()).length
}

async function isTrailWhole({ contextOf }: ApplyWorld): Promise<boolean> {
  const { db, tenantId, auditKey } = await contextOf()
  return (await verifyAuditChain(db, tenantId, auditKey)).brokenAt === undefined
}

test('several processes that apply one file at once make everything once, and each secret is told to one', async (t) => {
  const world = await openApplyWorld(t)

  const reports = await Promise.all(Array.from({ length: 4 }, () => world.apply(bigFile)))

  assert.deepEqual(
    await Promise.all(
      (['identity', 'personal_access_token', 'oauth_client'] as const).map((one) => countOf(world, one)),
    ),
    [20, 40, 1],
  )
  const made = reports.flatMap(({ entries }) => entries.filter(({ outcome }) => outcome === 'created'))
  assert.equal(made.length, ENTRIES)
  const secrets = reports.flatMap(({ madeSecrets }) => madeSecrets)
  assert.equal(new Set(secrets.map(({ clientId }) => clientId)).size, 41)
  assert.equal(secrets.length, 41)
  for (const { clientId, clientSecret } of secrets) assert.equal(await world.proves(clientId, clientSecret), true)
  assert.equal(await isTrailWhole(world), true)
})

test('an apply that is stopped anywhere goes on where it was, and no secret is lost', async (t) => {
  const world = await openApplyWorld(t)
  const told: MadeSecret[] = []
  const stopAfter = (count: number) => (made: MadeSecret) => {
    told.push(made)
    if (told.length === count) throw new Error('stopped')
  }

  await assert.rejects(world.apply(bigFile, { onMadeSecret: stopAfter(7) }), /stopped/)
  await assert.rejects(world.apply(bigFile, { onMadeSecret: stopAfter(20) }), /stopped/)
  const { entries } = await world.apply(bigFile, { onMadeSecret: (made) => told.push(made) })

  assert.equal(entries.length, ENTRIES)
  assert.deepEqual(
    told.map(({ entry }) => entry),
    entries.map(({ entry }) => entry).filter((entry) => !/^(?:tenant|identity)/.test(entry)),
  )
  for (const { clientId, clientSecret } of told) assert.equal(await world.proves(clientId, clientSecret), true)
  assert.equal(await isTrailWhole(world), true)
})

test('a secret that was made is told at once, even if a later entry cannot be applied, and never again', async (t) => {
  const world = await openApplyWorld(t)
  const told: MadeSecret[] = []
  const file = {
    tenant: { name: 'acme', settings: { tokens: { personalAccessTokensPerUser: 1 } } },
    identities: [{ alias: 'ada', personalAccessTokens: [{ name: 'one' }, { name: 'two' }] }],
  }

  const problems = await world.problems(file, { onMadeSecret: (made) => told.push(made) })
  const again = await world.problems(file, { onMadeSecret: (made) => told.push(made) })

  assert.equal(problems.length, 1)
  assert.deepEqual(again, problems)
  assert.deepEqual(
    told.map(({ entry }) => entry),
    ['personalAccessToken ada/one'],
  )
  assert.equal(await world.proves(told[0]?.clientId ?? '', told[0]?.clientSecret ?? ''), true)
})

test('secrets come from files and from variables, and are told to nobody', async (t) => {
  const world = await openApplyWorld(t)
  writeFileSync(join(world.folder, 'ci.secret'), `${'1d'.repeat(32)}\n`, { mode: 0o600 })
  const file = {
    tenant: { name: 'acme' },
    identities: [{ alias: 'ada', personalAccessTokens: [{ name: 'ci', id: TOKEN, secretFile: 'ci.secret' }] }],
    oauthClients: [{ name: 'N', id: CLIENT, grantTypes: ['CLIENT_CREDENTIALS'], secretEnv: 'NIGHTLY_SECRET' }],
  }

  const report = await world.apply(file, { environment: { NIGHTLY_SECRET: 'c9'.repeat(32) } })

  assert.deepEqual(report.madeSecrets, [])
  assert.deepEqual(
    [await world.proves(TOKEN, '1d'.repeat(32)), await world.proves(CLIENT, 'c9'.repeat(32))],
    [true, true],
  )
})

test('what has an id keeps it under a new name, and an owner keeps its tokens', async (t) => {
  const world = await openApplyWorld(t)
  const file = (alias: string, token: string, client: string) => ({
    tenant: { name: 'acme' },
    identities: [{ alias, id: ADA, personalAccessTokens: [{ name: token, id: TOKEN }, { name: 'other' }] }],
    oauthClients: [{ name: client, id: CLIENT, grantTypes: ['CLIENT_CREDENTIALS'] }],
  })
  await world.apply(file('ada', 'ci', 'Nightly'))

  const outcomes = await world.outcomes(file('ada.admin', 'cd', 'Daily'))

  assert.deepEqual(outcomes, [
    'identity ada.admin updated',
    'personalAccessToken ada.admin/cd updated',
    'oauthClient Daily updated',
  ])
  const { db, tenantId } = await world.contextOf()
  assert.deepEqual(
    [await findIdentityIdByAlias(db, tenantId, 'ada'), await findIdentityIdByAlias(db, tenantId, 'ada.admin')],
    [undefined, ADA],
  )
  assert.equal((await readPersonalAccessToken(db, tenantId, TOKEN))?.token.name, 'cd')
  assert.equal((await readOauthClient(db, tenantId, CLIENT))?.client.name, 'Daily')
  assert.deepEqual([await countOf(world, 'personal_access_token'), await countOf(world, 'oauth_client')], [2, 1])
})

test('a name that is given to another id is a new thing, and the old one stays', async (t) => {
  const world = await openApplyWorld(t)
  const file = (name: string) => ({
    tenant: { name: 'acme' },
    identities: [{ alias: 'ada', personalAccessTokens: [{ name }] }],
  })
  await world.apply(file('ci'))

  assert.deepEqual(await world.outcomes(file('cd')), ['personalAccessToken ada/cd created'])
  assert.equal(await countOf(world, 'personal_access_token'), 2)
})

test('a client that was PUBLIC gets a secret when it becomes CONFIDENTIAL, and loses it when it goes back', async (t) => {
  const world = await openApplyWorld(t)
  const grants = { grantTypes: ['AUTHORIZATION_CODE'], redirectUris: ['https://app.example/cb'] }
  const file = (type: string) => ({
    tenant: { name: 'acme' },
    oauthClients: [{ name: 'App', id: CLIENT, type, ...grants }],
  })
  const before = await world.apply(file('PUBLIC'))

  const { madeSecrets } = await world.apply(file('CONFIDENTIAL'))
  const { clientSecret = '' } = madeSecrets[0] ?? {}
  assert.deepEqual([before.madeSecrets, await world.proves(CLIENT, clientSecret)], [[], true])
  await world.apply(file('PUBLIC'))

  assert.equal(await world.proves(CLIENT, clientSecret), false)
})
