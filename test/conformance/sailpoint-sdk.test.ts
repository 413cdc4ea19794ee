import assert from 'node:assert/strict'
import { copyFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { registerApply } from '../../src/cli/installation/apply.ts'
import { runCommandLine } from '../support/command-line.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../support/tenant-fixtures.ts'
import { startTestServer } from '../support/test-server.ts'

/** What is used here of the official SDK for TypeScript; its own types are too many to check each time. */
interface Sdk {
  Configuration: new (parameters: SdkParameters) => { accessToken: Promise<string> }
  AccessProfilesApi: new (configuration: object) => { listAccessProfiles: List }
  SourcesApi: new (configuration: object) => { listSources: List }
  Paginator: { paginate: (api: object, list: List, query: object, increment: number) => Promise<Answer> }
}
interface SdkParameters {
  baseurl: string
  tokenUrl: string
  clientId?: string
  clientSecret?: string
  accessToken?: string
}
type List = (query?: { limit?: number; offset?: number; count?: boolean }) => Promise<Answer>
interface Answer {
  status: number
  headers: Record<string, string>
  data: { id: string; name: string }[]
}

const sdk = createRequire(import.meta.url)('sailpoint-api-client') as Sdk

const sampleDocument = join(import.meta.dirname, '..', '..', 'examples', 'sample.openapi.yaml')
const REQUESTS_MAX = 10

/** A server with the tenant acme, which lets each client ask ten times in a minute, and the sample catalog. */
const server = share(async (owner) => {
  const started = await startTestServer(owner)
  const data = started.env['SALLYPORT_DATA_DIR'] ?? ''
  const settings = { rateLimit: { requests: REQUESTS_MAX, windowSeconds: 60 } }
  copyFileSync(sampleDocument, join(data, 'sample.openapi.yaml'))
  writeFileSync(
    join(data, 'acme.json'),
    JSON.stringify(tenantFileFor('acme', { isDefault: true, tenant: { settings } })),
  )
  const { exitCode, stderr } = await runCommandLine(registerApply, ['apply', '-f', join(data, 'acme.json')], started)
  assert.equal(exitCode, 0, stderr)
  await started.installation.changes.catchUp()
  return started
})

/** The SDK set up as its readme says, for a fixture's credential; what it prints meanwhile is left out. */
function configure(
  t: TestContext,
  more: { name: string } | { accessToken: string } | { clientId: string; clientSecret: string },
) {
  for (const method of ['log', 'error'] as const) t.mock.method(console, method, () => {})
  const { url } = server()
  const credential = 'name' in more ? credentialOf('acme', more.name) : more
  return new sdk.Configuration({ baseurl: url, tokenUrl: `${url}/oauth/token`, ...credential })
}

/** What a refused call of the SDK carries: status, body and headers. */
async function refusalOf(
  call: Promise<unknown>,
): Promise<{ status: number; data: Record<string, unknown>; headers: Record<string, string> }> {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (refusal: {
      isAxiosError?: boolean
      response?: { status: number; data: Record<string, unknown>; headers: Record<string, string> }
    }) => refusal,
  )
  assert.equal(error.isAxiosError, true)
  return error.response ?? assert.fail('there was no answer')
}

test('the SDK gets a token for a personal access token and lists through the gateway', async (t) => {
  const profiles = new sdk.AccessProfilesApi(configure(t, { name: 'ada' }))

  const { status, data, headers } = await profiles.listAccessProfiles({ limit: 1, count: true })

  assert.equal(status, 200)
  assert.deepEqual(
    data.map(({ name }) => name),
    ['Warehouse reader'],
  )
  assert.equal(headers['x-total-count'], '2')
})

test('the paginator of the SDK reads on until a page is short', async (t) => {
  const profiles = new sdk.AccessProfilesApi(configure(t, { name: 'sam' }))

  const { data } = await sdk.Paginator.paginate(profiles, profiles.listAccessProfiles, {}, 1)

  assert.deepEqual(
    data.map(({ name }) => name),
    ['Warehouse reader', 'Ledger approver'],
  )
})

test('an API client lists what takes application context', async (t) => {
  const sources = new sdk.SourcesApi(configure(t, { name: 'app-nightly' }))

  const { status, data } = await sources.listSources()

  assert.equal(status, 200)
  assert.equal(data.length, 3)
})

test('a refusal for want of a user reaches the SDK as 403 with the error body it knows, and the reason', async (t) => {
  const profiles = new sdk.AccessProfilesApi(configure(t, { name: 'app-nightly' }))

  const { status, data, headers } = await refusalOf(profiles.listAccessProfiles())

  assert.equal(status, 403)
  assert.deepEqual(Object.keys(data).sort(), ['causes', 'detailCode', 'messages', 'trackingId'])
  assert.equal(data.trackingId, headers['slpt-request-id'])
  assert.equal(headers['sallyport-reason'], 'context.user_required')
})

test('a token that is none reaches the SDK as 401 with the error body it knows', async (t) => {
  const profiles = new sdk.AccessProfilesApi(configure(t, { accessToken: 'no.real.token' }))

  const { status, data } = await refusalOf(profiles.listAccessProfiles())

  assert.equal(status, 401)
  assert.deepEqual(Object.keys(data), ['error'])
})

test('a wrong secret makes the SDK give up at once', async (t) => {
  const { clientId } = credentialOf('acme', 'ada')

  const { accessToken } = configure(t, { clientId, clientSecret: 'ab'.repeat(32) })

  await assert.rejects(accessToken, /status code 40[01]/)
})

test('too many requests reach the SDK as 429 with a message and the time to wait', async (t) => {
  const sources = new sdk.SourcesApi(configure(t, { name: 'hana' }))
  const asked = Array.from({ length: REQUESTS_MAX + 1 }, () => sources.listSources().catch((error: unknown) => error))
  await Promise.all(asked)

  const { status, data, headers } = await refusalOf(sources.listSources())

  assert.equal(status, 429)
  assert.deepEqual(Object.keys(data), ['message'])
  assert.match(headers['retry-after'] ?? '', /^\d+$/)
})
