import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEveryVersion, refusalOf, SdkCalls, sdkOperations } from '../support/sailpoint-sdk.ts'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { identityIdOf, tenantFileFor } from '../support/tenant-fixtures.ts'

/** Everything of the SDK about credentials; what may be added in versions to come, too. */
const CREDENTIALS = /^(?:PersonalAccessTokens|OAuthClients)(?:Beta|V\d{4})?Api\./
const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))
const sdk = new SdkCalls(() => server().url)

/** How the SDK ends its names for the versions it knows: beta, v3 and v2024. */
const VERSIONS = ['Beta', '', 'V2024']

for (const version of VERSIONS)
  test(`PersonalAccessTokens${version}Api: makes, lists, patches and deletes a token, and reads refusals`, async (t) => {
    const call = sdk.open(t, `PersonalAccessTokens${version}Api`)
    const body = { name: `of ${version}` }
    const made = await call('createPersonalAccessToken', inEveryVersion('createPersonalAccessTokenRequest', body))
    const id = String(made.data.id)
    const patch = (operation: object) =>
      call('patchPersonalAccessToken', { id, ...inEveryVersion('jsonPatchOperation', [operation]) })
    const listed = await call('listPersonalAccessTokens', { ownerId: 'me', filters: 'lastUsed isnull' })
    const patched = await patch({ op: 'replace', path: '/name', value: `new of ${version}` })
    const refusal = await refusalOf(patch({ op: 'replace', path: '/id', value: 'x' }))
    const deleted = await call('deletePersonalAccessToken', { id })
    const gone = await refusalOf(call('deletePersonalAccessToken', { id }))

    assert.deepEqual([made.status, patched.status, deleted.status], [200, 200, 204])
    assert.equal(String(made.data.secret).length, 64)
    assert.ok(listed.data.some((token: { id: string }) => token.id === id))
    assert.equal(patched.data.name, `new of ${version}`)
    assert.deepEqual([refusal.status, refusal.data.detailCode], [400, '400.1.1 Illegal update attempt'])
    assert.deepEqual([gone.status, gone.data.detailCode], [404, '404 Not found'])
    assert.ok(gone.data.messages[0]?.text)
  })

for (const version of VERSIONS)
  test(`OAuthClients${version}Api: makes, lists, reads, patches and deletes a client, and reads refusals`, async (t) => {
    const call = sdk.open(t, `OAuthClients${version}Api`)
    const body = {
      name: `of ${version}`,
      description: 'made by the SDK',
      accessTokenValiditySeconds: 750,
      grantTypes: ['CLIENT_CREDENTIALS'],
      accessType: 'OFFLINE',
      enabled: true,
    }
    const create = (more: object = {}) =>
      call('createOauthClient', inEveryVersion('createOAuthClientRequest', { ...body, ...more }))
    const refusal = await refusalOf(create({ grantTypes: ['REFRESH_TOKEN'] }))
    const made = await create()
    const id = String(made.data.id)
    const listed = await call('listOauthClients')
    const operations = [{ op: 'replace', path: '/enabled', value: false }]
    const patched = await call('patchOauthClient', { id, ...inEveryVersion('jsonPatchOperation', operations) })
    const read = await call('getOauthClient', { id })
    const deleted = await call('deleteOauthClient', { id })

    assert.deepEqual([made.status, patched.status, read.status, deleted.status], [200, 200, 200, 204])
    assert.equal(String(made.data.secret).length, 64)
    assert.ok(listed.data.some((client: { id: string }) => client.id === id))
    assert.deepEqual([read.data.enabled, read.data.secret], [false, null])
    assert.deepEqual([refusal.status, refusal.data.detailCode], [400, '400.1.3 Illegal value'])
    assert.equal((await refusalOf(call('getOauthClient', { id }))).status, 404)
  })

test('the refusal for want of a right reaches the SDK with the body it knows', async (t) => {
  const call = sdk.open(t, 'PersonalAccessTokensApi', 'paul')
  const refusal = await refusalOf(call('listPersonalAccessTokens', { ownerId: identityIdOf('acme', 'sam') }))

  assert.deepEqual([refusal.status, refusal.data.detailCode], [403, '403 Forbidden'])
})

test('the SDK has no operation on credentials that was not answered here', () => {
  assert.deepEqual(sdk.unanswered(CREDENTIALS), [])
})

test('of every operation on credentials the SDK reads that a token is none', async (t) => {
  const refusals = await sdk.refusals(t, CREDENTIALS, 'no.real.token')

  assert.deepEqual([...refusals.keys()].toSorted(), sdkOperations(CREDENTIALS).toSorted())
  for (const [operation, { status, data }] of refusals)
    assert.deepEqual([status, Object.keys(data)], [401, ['error']], operation)
})
