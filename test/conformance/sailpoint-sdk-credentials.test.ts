import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { type TestContext, test } from 'node:test'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, identityIdOf, tenantFileFor } from '../support/tenant-fixtures.ts'

type Call = (parameters?: object) => Promise<{ status: number; data: Record<string, unknown> & unknown[] }>
interface Api {
  createPersonalAccessToken: Call
  listPersonalAccessTokens: Call
  patchPersonalAccessToken: Call
  deletePersonalAccessToken: Call
  createOauthClient: Call
  listOauthClients: Call
  getOauthClient: Call
  patchOauthClient: Call
  deleteOauthClient: Call
}
type ApiClass = new (configuration: object) => Api
/** What is used here of the official SDK for TypeScript; its own types are too many to check each time. */
interface Sdk extends Record<string, unknown> {
  Configuration: new (parameters: object) => object
}

const sdk = createRequire(import.meta.url)('sailpoint-api-client') as Sdk
const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))

/** How the SDK ends its names for the versions it knows: beta, v3 and v2024. */
const VERSIONS = ['Beta', '', 'V2024']

function open(t: TestContext, className: string, name = 'ada'): Api {
  for (const method of ['log', 'error'] as const) t.mock.method(console, method, () => {})
  const { url } = server()
  const Class = sdk[className] as ApiClass
  return new Class(
    new sdk.Configuration({ baseurl: url, tokenUrl: `${url}/oauth/token`, ...credentialOf('acme', name) }),
  )
}

/** What a refused call of the SDK carries. */
async function refusalOf(
  refused: Promise<unknown>,
): Promise<{ status: number; data: { detailCode: string; messages: { text: string }[] } }> {
  const error = (await refused.then(
    () => assert.fail('it was not refused'),
    (reason: unknown) => reason,
  )) as {
    isAxiosError?: boolean
    response?: { status: number; data: { detailCode: string; messages: { text: string }[] } }
  }
  assert.equal(error.isAxiosError, true)
  return error.response ?? assert.fail('there was no answer')
}

for (const version of VERSIONS)
  test(`PersonalAccessTokens${version}Api: makes, lists, patches and deletes a token, and reads refusals`, async (t) => {
    const api = open(t, `PersonalAccessTokens${version}Api`)
    const body = { name: `of ${version}` }
    const made = await api.createPersonalAccessToken({ [`createPersonalAccessTokenRequest${version}`]: body })
    const id = String(made.data['id'])
    const listed = await api.listPersonalAccessTokens({ ownerId: 'me', filters: 'lastUsed isnull' })
    const operations = [{ op: 'replace', path: '/name', value: `new of ${version}` }]
    const patched = await api.patchPersonalAccessToken({ id, [`jsonPatchOperation${version}`]: operations })
    const unpatchable = [{ op: 'replace', path: '/id', value: 'x' }]
    const refusal = await refusalOf(api.patchPersonalAccessToken({ id, [`jsonPatchOperation${version}`]: unpatchable }))
    const deleted = await api.deletePersonalAccessToken({ id })
    const gone = await refusalOf(api.deletePersonalAccessToken({ id }))

    assert.deepEqual([made.status, patched.status, deleted.status], [200, 200, 204])
    assert.equal(String(made.data['secret']).length, 64)
    assert.ok(listed.data.some((token) => (token as { id: string }).id === id))
    assert.equal(patched.data['name'], `new of ${version}`)
    assert.deepEqual([refusal.status, refusal.data.detailCode], [400, '400.1.1 Illegal update attempt'])
    assert.deepEqual([gone.status, gone.data.detailCode], [404, '404 Not found'])
    assert.ok(gone.data.messages[0]?.text)
  })

for (const version of VERSIONS)
  test(`OAuthClients${version}Api: makes, lists, reads, patches and deletes a client, and reads refusals`, async (t) => {
    const api = open(t, `OAuthClients${version}Api`)
    const body = {
      name: `of ${version}`,
      description: 'made by the SDK',
      accessTokenValiditySeconds: 750,
      grantTypes: ['CLIENT_CREDENTIALS'],
      accessType: 'OFFLINE',
      enabled: true,
    }
    const create = (more: object = {}) =>
      api.createOauthClient({ [`createOAuthClientRequest${version}`]: { ...body, ...more } })
    const made = await create()
    const id = String(made.data['id'])
    const listed = await api.listOauthClients({})
    const operations = [{ op: 'replace', path: '/enabled', value: false }]
    const patched = await api.patchOauthClient({ id, [`jsonPatchOperation${version}`]: operations })
    const read = await api.getOauthClient({ id })
    const refusal = await refusalOf(create({ grantTypes: ['REFRESH_TOKEN'] }))
    const deleted = await api.deleteOauthClient({ id })

    assert.deepEqual([made.status, patched.status, read.status, deleted.status], [200, 200, 200, 204])
    assert.equal(String(made.data['secret']).length, 64)
    assert.ok(listed.data.some((client) => (client as { id: string }).id === id))
    assert.deepEqual([read.data['enabled'], read.data['secret']], [false, null])
    assert.deepEqual([refusal.status, refusal.data.detailCode], [400, '400.1.3 Illegal value'])
    assert.equal((await refusalOf(api.getOauthClient({ id }))).status, 404)
  })

test('the refusal for want of a right reaches the SDK with the body it knows', async (t) => {
  const api = open(t, 'PersonalAccessTokensApi', 'paul')
  const refusal = await refusalOf(api.listPersonalAccessTokens({ ownerId: identityIdOf('acme', 'sam') }))

  assert.deepEqual([refusal.status, refusal.data.detailCode], [403, '403 Forbidden'])
})
