import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { refusalOf, SdkCalls, sdkOperations } from '../support/sailpoint-sdk.ts'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { tenantFileFor } from '../support/tenant-fixtures.ts'

/** Everything of the SDK about settings; what may be added in versions to come, too. */
const SETTINGS =
  /^(?:GlobalTenantSecuritySettings|Tenant|TenantContext|OrgConfig|AuthProfile|APIUsage|ApiUsage)(?:Beta|V\d{4})?Api\./
const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))
const sdk = new SdkCalls(() => server().url)

/** Calls an operation of an API of the SDK. */
async function call(t: TestContext, place: `${string}Api.${string}`, parameters: object = {}): Promise<unknown> {
  const [api = '', operation = ''] = place.split('.')
  const { status, data } = await sdk.open(t, api)(operation, parameters)
  assert.equal(status, 200)
  return data
}

const patch = (path: string, value: unknown, name = 'jsonPatchOperation') => ({
  [name]: [{ op: 'replace', path, value }],
})

test('the SDK reads and changes lockout and session settings', async (t) => {
  const lockout = await call(
    t,
    'GlobalTenantSecuritySettingsApi.patchAuthOrgLockoutConfig',
    patch('/maximumAttempts', 6),
  )
  const session = await call(t, 'GlobalTenantSecuritySettingsApi.patchAuthOrgSessionConfig', patch('/maxIdleTime', 20))

  assert.deepEqual(lockout, { maximumAttempts: 6, lockoutDuration: 15, lockoutWindow: 5 })
  assert.deepEqual(session, { maxIdleTime: 20, rememberMe: false, maxSessionTime: 720 })
  assert.deepEqual(await call(t, 'GlobalTenantSecuritySettingsApi.getAuthOrgLockoutConfig'), lockout)
  assert.deepEqual(await call(t, 'GlobalTenantSecuritySettingsApi.getAuthOrgSessionConfig'), session)
})

for (const [api, suffix] of [
  ['GlobalTenantSecuritySettingsApi', ''],
  ['GlobalTenantSecuritySettingsV2024Api', 'V2024'],
] as const)
  test(`the SDK sets, changes and reads networks by ${api}`, async (t) => {
    const created = await call(t, `${api}.createAuthOrgNetworkConfig`, {
      [`networkConfiguration${suffix}`]: { range: ['127.0.0.0/8'], geolocation: [], whitelisted: true },
    })
    const changed = await call(
      t,
      `${api}.patchAuthOrgNetworkConfig`,
      patch('/range', ['127.0.0.0/8', '::1'], `jsonPatchOperation${suffix}`),
    )

    assert.deepEqual(created, { range: ['127.0.0.0/8'], geolocation: [], whitelisted: true })
    assert.deepEqual(changed, { range: ['127.0.0.0/8', '::1'], geolocation: [], whitelisted: true })
    assert.deepEqual(await call(t, `${api}.getAuthOrgNetworkConfig`), changed)
  })

test('the SDK reads and changes the service provider configuration', async (t) => {
  const api = 'GlobalTenantSecuritySettingsApi'

  const changed = await call(t, `${api}.patchAuthOrgServiceProviderConfig`, patch('/bypassIdp', true))

  assert.equal((changed as { bypassIdp: boolean }).bypassIdp, true)
  assert.deepEqual(await call(t, `${api}.getAuthOrgServiceProviderConfig`), changed)
})

for (const suffix of ['Beta', 'V2024'] as const) {
  const patchName = `jsonPatchOperation${suffix}`

  test(`the SDK reads the tenant in ${suffix}`, async (t) => {
    const { name, products } = (await call(t, `Tenant${suffix}Api.getTenant`)) as {
      name: string
      products: { apiUrl: string }[]
    }

    assert.equal(name, 'acme')
    assert.equal(products[0]?.apiUrl, server().url)
  })

  test(`the SDK reads and changes the organisation in ${suffix}`, async (t) => {
    const changed = await call(
      t,
      `OrgConfig${suffix}Api.patchOrgConfig`,
      patch('/timeZone', 'Europe/Zurich', patchName),
    )
    const zones = (await call(t, `OrgConfig${suffix}Api.getValidTimeZones`)) as string[]

    assert.equal((changed as { timeZone: string }).timeZone, 'Europe/Zurich')
    assert.deepEqual(await call(t, `OrgConfig${suffix}Api.getOrgConfig`), changed)
    assert.equal(zones.length, 50)
  })

  test(`the SDK reads and changes auth profiles in ${suffix}`, async (t) => {
    const [profile] = (await call(t, `AuthProfile${suffix}Api.getProfileConfigList`)) as { id: string }[]
    const id = profile?.id ?? ''

    const changed = await call(t, `AuthProfile${suffix}Api.patchProfileConfig`, {
      id,
      ...patch('/offNetwork', true, patchName),
    })

    assert.equal((changed as { offNetwork: boolean }).offNetwork, true)
    assert.deepEqual(await call(t, `AuthProfile${suffix}Api.getProfileConfig`, { id }), changed)
  })
}

test('a value that may not be reaches the SDK as the error body it knows', async (t) => {
  const refused = call(t, 'GlobalTenantSecuritySettingsApi.patchAuthOrgLockoutConfig', patch('/maximumAttempts', 99))

  const { status, data } = await refusalOf(refused)
  assert.deepEqual([status, data.detailCode], [400, '400.1.3 Illegal value'])
})

test('the SDK has no operation on settings that was not answered here', () => {
  assert.deepEqual(sdk.unanswered(SETTINGS), [])
})

test('of every operation on settings the SDK reads that a token is none', async (t) => {
  const refusals = await sdk.refusals(t, SETTINGS, 'no.real.token')

  assert.deepEqual([...refusals.keys()].toSorted(), sdkOperations(SETTINGS).toSorted())
  for (const [operation, { status, data }] of refusals)
    assert.deepEqual([status, Object.keys(data)], [401, ['error']], operation)
})
