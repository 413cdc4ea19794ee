import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { type TestContext, test } from 'node:test'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, identityIdOf, tenantFileFor } from '../support/tenant-fixtures.ts'

/** What is used here of the official SDK for TypeScript; its own types are too many to check each time. */
type Api = new (configuration: object) => Record<string, (parameters?: object) => Promise<Answer>>
interface Answer {
  status: number
  headers: Record<string, string>
  // oxlint-disable-next-line typescript/no-explicit-any -- a test knows what it asked for
  data: any
}
interface Sdk {
  Configuration: new (parameters: object) => object
  IdentitiesBetaApi: Api
  IdentitiesV2024Api: Api
  PublicIdentitiesApi: Api
  PublicIdentitiesV2024Api: Api
  PublicIdentitiesConfigApi: Api
  PublicIdentitiesConfigBetaApi: Api
  PublicIdentitiesConfigV2024Api: Api
  AuthUsersApi: Api
  AuthUsersV2024Api: Api
}

const sdk = createRequire(import.meta.url)('sailpoint-api-client') as Sdk
const goners = ['IdentitiesBetaApi', 'IdentitiesV2024Api']
const server = share((owner) =>
  startServedTenant(
    owner,
    tenantFileFor('acme', {
      isDefault: true,
      identities: goners.map((name) => ({ alias: name, id: identityIdOf('acme', name) })),
    }),
  ),
)
const paul = identityIdOf('acme', 'paul')

function as(t: TestContext, name: string, api: Api): Record<string, (parameters?: object) => Promise<Answer>> {
  for (const method of ['log', 'error'] as const) t.mock.method(console, method, () => {})
  const { url: baseurl } = server()
  const parameters = { baseurl, tokenUrl: `${baseurl}/oauth/token`, ...credentialOf('acme', name) }
  return new api(Object.assign(new sdk.Configuration(parameters), { experimental: true }))
}

/** The status and body of a refused call. */
async function refusalOf(call: Promise<unknown> | undefined): Promise<Answer> {
  const error: unknown = await Promise.resolve(call).then(
    () => assert.fail('it was not refused'),
    (refusal: unknown) => refusal,
  )
  return (error as { response?: Answer }).response ?? assert.fail('there was no answer')
}

for (const name of ['IdentitiesBetaApi', 'IdentitiesV2024Api'] as const)
  test(`the SDK lists, reads and deletes identities: ${name}`, async (t) => {
    const identities = as(t, 'ada', sdk[name])
    const id = identityIdOf('acme', name)

    const listed = await identities['listIdentities']?.({
      filters: 'alias sw "p" and cloudStatus eq "ACTIVE"',
      sorters: '-name',
      limit: 10,
      count: true,
    })
    const read = await identities['getIdentity']?.({ id: paul })
    const deleted = await identities['deleteIdentity']?.({ id })

    assert.deepEqual([listed?.status, listed?.headers['x-total-count'], listed?.data[0].id], [200, '1', paul])
    assert.equal(read?.data.emailAddress, 'paul@acme.test')
    assert.equal(deleted?.status, 204)
    assert.equal((await refusalOf(identities['getIdentity']?.({ id }))).data.detailCode, '404 Not found')
  })

for (const name of ['IdentitiesBetaApi', 'IdentitiesV2024Api'] as const)
  test(`the SDK invites, and reads what an identity owns and is assigned: ${name}`, async (t) => {
    const identities = as(t, 'ada', sdk[name])
    const body = { ids: [paul] }

    const invited = await identities['startIdentitiesInvite']?.({
      inviteIdentitiesRequestBeta: body,
      inviteIdentitiesRequestV2024: body,
    })
    const owned = await identities['getIdentityOwnershipDetails']?.({ identityId: paul })
    const roles = await identities['getRoleAssignments']?.({ identityId: paul })
    const role = await refusalOf(identities['getRoleAssignment']?.({ identityId: paul, assignmentId: 'x' }))

    assert.deepEqual([invited?.status, invited?.data.completionStatus], [202, 'SUCCESS'])
    assert.equal(owned?.data.associationDetails[0].entities[0].identityEntity.name, 'test')
    assert.deepEqual([roles?.status, roles?.data, role.status], [200, [], 404])
  })

test('an API client that lists identities gets the 403 of ISC', async (t) => {
  const { status, data } = await refusalOf(as(t, 'app-nightly', sdk.IdentitiesBetaApi)['listIdentities']?.())

  assert.equal(status, 403)
  assert.deepEqual(
    [data.detailCode, data.messages[0].text],
    ['403 Forbidden', 'The server understood the request but refuses to authorize it.'],
  )
})

for (const name of ['PublicIdentitiesApi', 'PublicIdentitiesV2024Api'] as const)
  test(`the SDK lists public identities: ${name}`, async (t) => {
    const listed = await as(t, 'paul', sdk[name])['getPublicIdentities']?.({
      filters: `id eq "${paul}"`,
      addCoreFilters: false,
      count: true,
    })

    assert.equal(listed?.headers['x-total-count'], '1')
    assert.deepEqual([listed?.data[0].alias, listed?.data[0].identityState], ['paul', 'ACTIVE'])
  })

for (const name of [
  'PublicIdentitiesConfigApi',
  'PublicIdentitiesConfigBetaApi',
  'PublicIdentitiesConfigV2024Api',
] as const)
  test(`the SDK reads and replaces what is public: ${name}`, async (t) => {
    const config = as(t, 'ada', sdk[name])
    const attributes = [{ key: 'email', name: name }]

    const body = {
      publicIdentityConfig: { attributes },
      publicIdentityConfigBeta: { attributes },
      publicIdentityConfigV2024: { attributes },
    }
    const put = await config['updatePublicIdentityConfig']?.(body)
    const read = await config['getPublicIdentityConfig']?.()

    assert.deepEqual(put?.data.attributes, attributes)
    assert.deepEqual([read?.data.attributes, read?.data.modifiedBy.name], [attributes, 'ada'])
  })

for (const name of ['AuthUsersApi', 'AuthUsersV2024Api'] as const)
  test(`the SDK reads and patches auth users, and reads what is refused: ${name}`, async (t) => {
    const users = as(t, 'ada', sdk[name])
    const patch = (operation: object) => {
      const operations = [operation]
      return users['patchAuthUser']?.({
        id: paul,
        jsonPatchOperation: operations,
        jsonPatchOperationV2024: operations,
      })
    }

    const patched = await patch({ op: 'replace', path: '/capabilities', value: ['CERT_ADMIN'] })
    const read = await users['getAuthUser']?.({ id: paul })
    const refused = await refusalOf(patch({ op: 'replace', path: '/email', value: 'x@acme.test' }))

    assert.deepEqual(patched?.data.capabilities, ['CERT_ADMIN'])
    assert.deepEqual(read?.data, patched?.data)
    assert.deepEqual([refused.status, refused.data.detailCode], [400, '400.1.1 Illegal update attempt'])
  })
