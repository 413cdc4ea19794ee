import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { ensureSecret } from '../credentials/ensure-secret.ts'
import { newSecret } from '../credentials/secret.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { readOauthClient } from './find.ts'
import { createOauthClient, type OauthClientInput, replaceOauthClient } from './manage.ts'

const nightly: OauthClientInput = { name: 'Nightly', grantTypes: ['CLIENT_CREDENTIALS'] }

async function world(t: TestContext) {
  const { makeTenant, keys } = await openTestInstallation(t)
  const ctx = (await makeTenant('acme'))()
  const create = (input: Parameters<typeof createOauthClient>[2]) =>
    writeTransaction(ctx.db, (tx) => createOauthClient(tx, ctx, input))
  const replace = (id: string, input: OauthClientInput) =>
    writeTransaction(ctx.db, (tx) => replaceOauthClient(tx, ctx, { ...input, id }))
  const give = (credentialId: string) =>
    writeTransaction(ctx.db, (tx) =>
      ensureSecret(tx, ctx, { credentialId, secret: newSecret(), key: keys.secrets, mayRevive: false }),
    )
  const read = (id: string) => readOauthClient(ctx.db, ctx.tenantId, id)
  const cutOffs = async (): Promise<number> =>
    (await ctx.db.selectFrom('change_log').select('seq').where('is_cut_off', '=', 1).execute()).length
  return { ctx, create, replace, give, read, cutOffs }
}

test("a client is made with ISC's defaults, its id a dashed UUID", async (t) => {
  const { create, read } = await world(t)

  const id = await create(nightly)

  assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.deepEqual((await read(id))?.client, {
    id,
    name: 'Nightly',
    type: 'CONFIDENTIAL',
    grantTypes: ['CLIENT_CREDENTIALS'],
    redirectUris: [],
    scope: ['sp:scopes:all'],
    accessTokenValiditySeconds: 750,
    refreshTokenValiditySeconds: 30 * 86_400,
    accessType: 'OFFLINE',
    isPkceRequired: false,
    isStrongAuthSupported: false,
    isClaimsSupported: false,
    isInternal: false,
    isEnabled: true,
  })
})

test('a PUBLIC client must use PKCE unless it says otherwise', async (t) => {
  const { create, read } = await world(t)
  const input: OauthClientInput = { name: 'SPA', type: 'PUBLIC', grantTypes: ['AUTHORIZATION_CODE'] }

  const ids = [await create(input), await create({ ...input, isPkceRequired: false })]

  assert.deepEqual(await Promise.all(ids.map(async (id) => (await read(id))?.client.isPkceRequired)), [true, false])
})

test('an id that is taken is a conflict; of many that want it at once, one gets it', async (t) => {
  const { create } = await world(t)
  const id = 'b61429f5-203d-494c-94c3-04f54e17bc5c'

  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => create({ ...nightly, id })))

  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
  assert.equal(refusals.length, 7)
  assert.deepEqual(new Set(refusals.map(({ code }) => code)), new Set(['conflict']))
})

test('disabling a client ends its tokens, each time; other changes do not', async (t) => {
  const { create, replace, read, cutOffs } = await world(t)
  const id = await create(nightly)

  await replace(id, { ...nightly, name: 'Renamed', scope: [] })
  assert.equal(await cutOffs(), 0)
  await replace(id, { ...nightly, isEnabled: false })
  await replace(id, { ...nightly, isEnabled: false })
  assert.equal(await cutOffs(), 2)
  await replace(id, { ...nightly, isEnabled: true })

  assert.equal(await cutOffs(), 2)
  assert.equal((await read(id))?.client.isEnabled, true)
})

test('a replacement that does not speak of it leaves a disabled client disabled', async (t) => {
  const { create, replace, read } = await world(t)
  const id = await create({ ...nightly, isEnabled: false })

  await replace(id, { ...nightly, name: 'Renamed' })

  assert.partialDeepStrictEqual((await read(id))?.client, { name: 'Renamed', isEnabled: false })
})

test('a client that becomes PUBLIC has no live secret any more', async (t) => {
  const { ctx, create, replace, give, read } = await world(t)
  const id = await create(nightly)
  await give(id)

  await replace(id, { ...nightly, type: 'PUBLIC', grantTypes: ['AUTHORIZATION_CODE'] })

  assert.deepEqual(
    (await read(id))?.secrets.map(({ retired_at }) => retired_at),
    [ctx.nowMs],
  )
})

test('a stranger is not found', async (t) => {
  const { replace } = await world(t)

  await assert.rejects(replace('b61429f5-203d-494c-94c3-04f54e17bc5c', nightly), { code: 'not_found' })
})
