import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEveryVersion, refusalOf, SdkCalls, sdkOperations } from '../support/sailpoint-sdk.ts'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { identityIdOf, personFor, tenantFileFor } from '../support/tenant-fixtures.ts'

/** Everything of the SDK about people; what may be added in versions to come, too. */
const PEOPLE =
  /^(?:Identities|PublicIdentities|PublicIdentitiesConfig|AuthUsers?|CustomUserLevels)(?:Beta|V\d{4})?Api\.|^LifecycleStates\w*Api\.setLifecycleState$/
/** Apis whose `resetIdentity` leaves `{id}` in the path as it is written there, and so asks for nobody. */
const RESETS_NOBODY = new Set(['IdentitiesV2024Api'])

/** Apis of the SDK by what they are for: `['IdentitiesBetaApi', 'IdentitiesV2024Api']`. */
const apis = (name: string): string[] =>
  [...new Set(sdkOperations(PEOPLE).flatMap((operation) => operation.split('.')[0] ?? []))].filter((api) =>
    new RegExp(`^${name}(?:Beta|V\\d{4})?Api$`).test(api),
  )

const subjects = ['leaver', 'patient', 'newcomer'].flatMap((what) => apis('Identities').map((api) => `${what}-${api}`))
const server = share((owner) =>
  startServedTenant(
    owner,
    tenantFileFor('acme', {
      isDefault: true,
      identities: subjects.map((alias) => personFor('acme', alias)),
    }),
  ),
)
const sdk = new SdkCalls(() => server().url)
const paul = identityIdOf('acme', 'paul')
const sam = identityIdOf('acme', 'sam')

for (const api of apis('Identities')) {
  test(`the SDK lists, reads and deletes identities: ${api}`, async (t) => {
    const call = sdk.open(t, api)
    const id = identityIdOf('acme', `leaver-${api}`)

    const listed = await call('listIdentities', {
      filters: 'alias sw "paul" and cloudStatus eq "ACTIVE"',
      sorters: '-name',
      limit: 10,
      count: true,
    })
    const read = await call('getIdentity', { id: paul })
    const deleted = await call('deleteIdentity', { id })

    assert.deepEqual([listed.status, listed.headers['x-total-count'], listed.data[0].id], [200, '1', paul])
    assert.equal(read.data.emailAddress, 'paul@acme.test')
    assert.equal(deleted.status, 204)
    assert.equal((await refusalOf(call('getIdentity', { id }))).data.detailCode, '404 Not found')
  })

  test(`the SDK invites, and reads what an identity owns and is assigned: ${api}`, async (t) => {
    const call = sdk.open(t, api)
    const ids = [identityIdOf('acme', `newcomer-${api}`)]

    const invited = await call('startIdentitiesInvite', inEveryVersion('inviteIdentitiesRequest', { ids }))
    const owned = await call('getIdentityOwnershipDetails', { identityId: paul })
    const roles = await call('getRoleAssignments', { identityId: paul })
    const role = await refusalOf(call('getRoleAssignment', { identityId: paul, assignmentId: 'x' }))

    assert.deepEqual([invited.status, invited.data.completionStatus], [202, 'SUCCESS'])
    assert.equal(owned.data.associationDetails[0].entities[0].identityEntity.name, 'test')
    assert.deepEqual([roles.status, roles.data], [200, []])
    assert.deepEqual([role.status, role.data.detailCode], [404, '404 Not found'])
  })

  test(`the SDK processes, synchronises, mails and resets: ${api}`, async (t) => {
    const call = sdk.open(t, api)
    const id = identityIdOf('acme', `patient-${api}`)
    const identityIds = [id]
    const body = { via: 'EMAIL_WORK' }

    const task = await call('startIdentityProcessing', inEveryVersion('processIdentitiesRequest', { identityIds }))
    const job = await call('synchronizeAttributesForIdentity', { identityId: id })
    const mailed = await call('sendIdentityVerificationAccountToken', {
      id,
      ...inEveryVersion('sendAccountVerificationRequest', body),
    })
    const reset = RESETS_NOBODY.has(api)
      ? await refusalOf(call('resetIdentity', { identityId: id }))
      : await call('resetIdentity', { identityId: id })

    assert.deepEqual([task.status, task.data.type], [202, 'TASK_RESULT'])
    assert.deepEqual([job.status, job.data.status], [202, 'SUCCESS'])
    assert.deepEqual([mailed.status, reset.status], [200, RESETS_NOBODY.has(api) ? 404 : 202])
  })
}

for (const api of apis('LifecycleStates'))
  test(`the SDK sets lifecycle states, and reads that there is no such: ${api}`, async (t) => {
    const call = sdk.open(t, api)
    const set = (lifecycleStateId: string) =>
      call('setLifecycleState', {
        identityId: sam,
        ...inEveryVersion('setLifecycleStateRequest', { lifecycleStateId }),
      })

    const refused = await refusalOf(set('prehire'))
    const done = await set('active')

    assert.deepEqual([done.status, typeof done.data.accountActivityId], [200, 'string'])
    assert.deepEqual([refused.status, refused.data.detailCode], [400, '400.1 Bad Request Content'])
  })

test('an API client that lists identities gets the 403 of ISC', async (t) => {
  const { status, data } = await refusalOf(sdk.open(t, 'IdentitiesBetaApi', 'app-nightly')('listIdentities'))

  assert.equal(status, 403)
  assert.deepEqual(
    [data.detailCode, data.messages[0].text],
    ['403 Forbidden', 'The server understood the request but refuses to authorize it.'],
  )
})

for (const api of apis('PublicIdentities'))
  test(`the SDK lists public identities: ${api}`, async (t) => {
    const listed = await sdk.open(
      t,
      api,
      'paul',
    )('getPublicIdentities', {
      filters: `id eq "${paul}"`,
      addCoreFilters: false,
      count: true,
    })

    assert.equal(listed.headers['x-total-count'], '1')
    assert.deepEqual([listed.data[0].alias, listed.data[0].identityState], ['paul', 'ACTIVE'])
  })

for (const api of apis('PublicIdentitiesConfig'))
  test(`the SDK reads and replaces what is public: ${api}`, async (t) => {
    const call = sdk.open(t, api)
    const attributes = [{ key: 'email', name: api }]

    const put = await call('updatePublicIdentityConfig', inEveryVersion('publicIdentityConfig', { attributes }))
    const read = await call('getPublicIdentityConfig')

    assert.deepEqual(put.data.attributes, attributes)
    assert.deepEqual([read.data.attributes, read.data.modifiedBy.name], [attributes, 'ada'])
  })

for (const api of apis('AuthUsers'))
  test(`the SDK reads and patches auth users, and reads what is refused: ${api}`, async (t) => {
    const call = sdk.open(t, api)
    const patch = (operation: object) =>
      call('patchAuthUser', { id: paul, ...inEveryVersion('jsonPatchOperation', [operation]) })

    const refused = await refusalOf(patch({ op: 'replace', path: '/email', value: 'x@acme.test' }))
    const patched = await patch({ op: 'replace', path: '/capabilities', value: ['CERT_ADMIN'] })
    const read = await call('getAuthUser', { id: paul })

    assert.deepEqual(patched.data.capabilities, ['CERT_ADMIN'])
    assert.deepEqual(read.data, patched.data)
    assert.deepEqual([refused.status, refused.data.detailCode], [400, '400.1.1 Illegal update attempt'])
  })

test('the SDK has no operation on people that was not answered here', () => {
  const notFound = apis('Identities').map((api) => `${api}.getRoleAssignment`)
  const unserved = [...RESETS_NOBODY].map((api) => `${api}.resetIdentity`)

  assert.deepEqual(sdk.unanswered(PEOPLE), [...notFound, ...unserved])
})

test('of every operation on people the SDK reads that a token is none', async (t) => {
  const refusals = await sdk.refusals(t, PEOPLE, 'no.real.token')

  assert.deepEqual([...refusals.keys()].toSorted(), sdkOperations(PEOPLE).toSorted())
  for (const [operation, { status, data }] of refusals)
    assert.deepEqual([status, Object.keys(data)], [401, ['error']], operation)
})
