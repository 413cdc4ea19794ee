import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../support/tenant-fixtures.ts'

/** What is used here of Newman, which runs Postman collections. */
interface Newman {
  run: (options: object, done: (error: Error | null, summary: Summary) => void) => void
}
interface Summary {
  run: {
    stats: { requests: { total: number }; assertions: { total: number } }
    failures: { source?: { name: string }; error: { message: string } }[]
    executions: { response?: { code: number } }[]
  }
  environment: { values: { reference: Record<string, { value: string }> } }
}

const newman = createRequire(import.meta.url)('newman') as Newman

/** A server whose tenant lets a client ask as often as the whole collection does. */
const server = share((owner) => {
  const settings = { rateLimit: { requests: 10_000, windowSeconds: 10 } }
  return startServedTenant(owner, tenantFileFor('acme', { isDefault: true, tenant: { settings } }))
})

interface Environment {
  values: { key: string; value: string; type: string }[]
}

async function download<Content>(name: string): Promise<Content> {
  const answer = await fetch(`${server().url}/sallyport/v1/postman/${name}.json`)
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename=/)
  return (await answer.json()) as Content
}

function runCollection(collection: object, environment: object): Promise<Summary> {
  return new Promise((resolve, reject) => {
    newman.run({ collection, environment, reporters: [], timeoutRequest: 10_000 }, (error, summary) =>
      error ? reject(error) : resolve(summary),
    )
  })
}

function withCredential(
  environment: Environment,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
) {
  const filled: Record<string, string> = { clientId, clientSecret }
  return {
    ...environment,
    values: environment.values.map((each) => ({ ...each, value: filled[each.key] ?? each.value })),
  }
}

test('Newman runs the whole collection with the environment, and every answer is one of those documented', async () => {
  const [collection, environment] = [await download<object>('collection'), await download<Environment>('environment')]

  const { run } = await runCollection(collection, withCredential(environment, credentialOf('acme', 'ada')))

  const failures = run.failures.map(({ source, error }) => `${source?.name}: ${error.message}`)
  assert.deepEqual(failures, [])
  assert.ok(run.stats.assertions.total >= 3)
  assert.ok(run.executions.some(({ response }) => response?.code === 200))
})

test('a credential that does not hold turns the run red', async () => {
  const [collection, environment] = [await download<object>('collection'), await download<Environment>('environment')]
  const { clientId } = credentialOf('acme', 'ada')

  const { run } = await runCollection(
    collection,
    withCredential(environment, { clientId, clientSecret: '0'.repeat(64) }),
  )

  assert.ok(run.failures.length > 0)
})

test('what is downloaded holds no secret, and the environment names this server', async () => {
  const environment = await download<Environment>('environment')

  const valueOf = (key: string) => environment.values.find((each) => each.key === key)?.value
  assert.equal(valueOf('baseUrl'), server().url)
  assert.deepEqual([valueOf('clientSecret'), valueOf('accessToken')], ['', ''])
  assert.deepEqual(
    environment.values.filter(({ type }) => type === 'secret').map(({ key }) => key),
    ['clientSecret', 'accessToken'],
  )
})
