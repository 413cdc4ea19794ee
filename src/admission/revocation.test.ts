import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentialOf, identityIdOf, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { postToken, proofOf } from '../../test/support/token-requests.ts'
import { appendChange } from '../change-log/change.ts'
import type { Tx } from '../database/schema.ts'
import { retireSecrets } from '../credentials/secrets.ts'
import { updateIdentity } from '../identities/manage.ts'
import { replaceOauthClient } from '../oauth-clients/manage.ts'
import { deletePersonalAccessToken, replacePersonalAccessToken } from '../personal-access-tokens/manage.ts'
import type { RequestContext } from '../request-context.ts'
import { updateTenant } from '../tenants/manage.ts'

const SOURCES = '/v3/sources'
const nightly = { id: credentialOf('acme', 'app-nightly').clientId, name: 'app-nightly' }
const grants = { grantTypes: ['CLIENT_CREDENTIALS'] as const }
const ada = identityIdOf('acme', 'ada')

type Change = (tx: Tx, ctx: RequestContext) => Promise<unknown>

async function change({ contextOf, installation }: TestApp, make: Change): Promise<void> {
  const ctx = await contextOf()
  await ctx.db.transaction().execute((tx) => make(tx, ctx))
  await installation.changes.catchUp()
}

/** Status and reason of a call with a token. */
async function seen({ call }: TestApp, token: string, path = SOURCES): Promise<[number, unknown]> {
  const { status, headers } = await call('GET', path, { token })
  return [status, headers['sallyport-reason']]
}

const setEnabled =
  (isEnabled: boolean): Change =>
  (tx, ctx) =>
    updateIdentity(tx, ctx, { id: ada, changes: { isEnabled } })
const setClient =
  (isEnabled: boolean): Change =>
  (tx, ctx) =>
    replaceOauthClient(tx, ctx, { ...nightly, ...grants, isEnabled })
const setLevels =
  (...userLevels: string[]): Change =>
  (tx, ctx) =>
    updateIdentity(tx, ctx, { id: ada, changes: { userLevels } })

const deadly: [title: string, who: 'ada' | 'app-nightly', make: Change, reason: string][] = [
  [
    'deleting a personal access token',
    'ada',
    (tx, ctx) => deletePersonalAccessToken(tx, ctx, credentialOf('acme', 'ada').clientId),
    'auth.revoked',
  ],
  ['disabling an API client', 'app-nightly', setClient(false), 'client.disabled'],
  ['disabling an owner', 'ada', setEnabled(false), 'owner.disabled'],
  ['taking a level away', 'ada', setLevels(), 'auth.revoked'],
  ['exchanging one level for another', 'ada', setLevels('SOURCE_ADMIN'), 'auth.revoked'],
  [
    'a new password',
    'ada',
    (tx, ctx) => updateIdentity(tx, ctx, { id: ada, changes: { passwordHash: '$argon2id$new' } }),
    'auth.revoked',
  ],
]

for (const [title, who, make, reason] of deadly) {
  test(`${title} ends live tokens at once, those never used before too`, async (t) => {
    const app = await startTestApp(t)
    const [used, unused, other] = [await app.tokenFor(who), await app.tokenFor(who), await app.tokenFor('sam')]
    const before = await seen(app, used)

    await change(app, make)

    assert.deepEqual(before, [200, undefined])
    assert.deepEqual(await seen(app, used), [401, reason])
    assert.deepEqual(await seen(app, unused), [401, reason])
    assert.deepEqual(await seen(app, other), [200, undefined])
  })
}

const cutTenant: Change = (tx, ctx) => appendChange(tx, ctx, { kind: 'tenant', subject: ctx.tenantId, isCutOff: true })

for (const [title, first, second] of [
  ['its client, then its tenant', setClient(false), cutTenant],
  ['its tenant, then its client', cutTenant, setClient(false)],
] as const) {
  test(`a token that ${title} cut off is dead for both: neither cut-off hides the other`, async (t) => {
    const app = await startTestApp(t)
    const [before, ada] = [await app.tokenFor('app-nightly'), await app.tokenFor('ada')]

    await change(app, first)
    const between = await app.tokenFor('sam')
    await change(app, second)
    await change(app, setClient(true))

    const isTenantLast = second === cutTenant
    assert.deepEqual(await seen(app, before), [401, 'auth.revoked'])
    assert.deepEqual(await seen(app, ada), [401, 'auth.revoked'])
    assert.deepEqual(await seen(app, between), isTenantLast ? [401, 'auth.revoked'] : [200, undefined])
    assert.deepEqual(await seen(app, await app.tokenFor('app-nightly')), [200, undefined])
  })
}

const revived: [title: string, who: 'ada' | 'app-nightly', off: Change, on: Change][] = [
  ['an API client', 'app-nightly', setClient(false), setClient(true)],
  ['an owner', 'ada', setEnabled(false), setEnabled(true)],
  ['a level', 'ada', setLevels(), setLevels('ORG_ADMIN')],
]

for (const [title, who, off, on] of revived) {
  test(`giving back ${title} revives no token from before, and new ones are good`, async (t) => {
    const app = await startTestApp(t)
    const token = await app.tokenFor(who)

    await change(app, off)
    await change(app, on)

    assert.deepEqual(await seen(app, token), [401, 'auth.revoked'])
    assert.deepEqual(await seen(app, await app.tokenFor(who)), [200, undefined])
  })
}

test('a token minted right after a cut-off is good, however often the clock was set back', async (t) => {
  const app = await startTestApp(t)
  await change(app, setEnabled(false))
  await change(app, setEnabled(true))

  app.clock.advance(-3_600_000)
  const token = await app.tokenFor('ada')
  app.clock.advance(3_600_000)

  assert.deepEqual(await seen(app, token), [200, undefined])
})

test('levels are read live: one that is given counts for live tokens at once', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('paul')
  const before = await seen(app, token)

  await change(app, (tx, ctx) =>
    updateIdentity(tx, ctx, { id: identityIdOf('acme', 'paul'), changes: { userLevels: ['SOURCE_ADMIN'] } }),
  )

  assert.deepEqual(before, [403, 'level.missing'])
  assert.deepEqual(await seen(app, token), [200, undefined])
})

test('scopes are as issued: what a credential loses, its live tokens keep until they end', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  const id = credentialOf('acme', 'ada').clientId

  await change(app, (tx, ctx) => replacePersonalAccessToken(tx, ctx, { id, name: 'test', scope: ['idn:none:read'] }))

  assert.deepEqual(await seen(app, token), [200, undefined])
  assert.deepEqual(await seen(app, await app.tokenFor('ada')), [403, 'scope.missing'])
})

test('an ordinary retirement of a secret lets live tokens run out, and mints no more', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  const { clientId } = credentialOf('acme', 'ada')

  await change(app, async (tx, ctx) => {
    await retireSecrets(tx, ctx.tenantId, clientId, ctx.nowMs)
    await replacePersonalAccessToken(tx, ctx, { id: clientId, name: 'test' })
  })

  assert.deepEqual(await seen(app, token), [200, undefined])
  assert.equal((await postToken(app, proofOf('ada'))).status, 400)
})

test('a deleted personal access token mints no more, and its secret is as unknown as any', async (t) => {
  const app = await startTestApp(t)
  await app.tokenFor('ada')

  await change(app, (tx, ctx) => deletePersonalAccessToken(tx, ctx, credentialOf('acme', 'ada').clientId))

  const { status, text } = await postToken(app, proofOf('ada'))
  const unknown = await postToken(app, { ...proofOf('ada'), client_id: 'f'.repeat(32) })
  assert.deepEqual([status, text], [400, unknown.text])
})

test('what happens in one tenant ends no token of another', async (t) => {
  const app = await startTestApp(t)
  const globex = { host: 'globex.api.localhost:8080', token: await app.tokenFor('ada', 'globex') }

  await change(app, setEnabled(false))

  assert.equal((await app.call('GET', SOURCES, globex)).status, 200)
})

test('a network rule holds for live tokens from the moment it is made, and not for public operations', async (t) => {
  const app = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true })] })
  const token = await app.tokenFor('ada')
  const network = { range: ['10.0.0.0/8'], whitelisted: true }

  await change(app, (tx, ctx) => updateTenant(tx, ctx, { settings: { network } }))

  const answer = await app.call('GET', SOURCES, { token })
  assert.deepEqual([answer.status, answer.headers['sallyport-reason']], [403, 'network.denied'])
  assert.equal(answer.json().detailCode, '403 Forbidden')
  assert.equal(answer.headers['www-authenticate'], undefined)
  assert.deepEqual(await seen(app, token, '/v3/ping'), [200, undefined])
})

test('behind a trusted proxy the network rule is about the caller, not the proxy', async (t) => {
  const settings = { network: { range: ['203.0.113.0/24'], whitelisted: true } }
  const app = await startTestApp(t, {
    tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } })],
    isTrustedProxy: (address) => address === '127.0.0.1',
  })
  const from = (address: string) => postToken(app, proofOf('ada'), { headers: { 'x-forwarded-for': address } })

  const [inside, outside] = [await from('203.0.113.9'), await from('203.0.113.9, 198.51.100.1')]

  assert.deepEqual([inside.status, outside.status], [200, 400])
})
