import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS, type TestAnswer } from '../../test/support/test-app.ts'

const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }
const app = shareTestApp({
  tenants: [
    tenantFileFor('acme', { isDefault: true, tenant: { settings } }),
    tenantFileFor('globex', { tenant: { settings } }),
  ],
})

/** A refusal that happened to somebody, and its tracking id. */
async function refuse(who: string, path = '/v3/transforms'): Promise<string> {
  const { status, headers } = await app().call('GET', path, { token: await app().tokenFor(who) })
  assert.ok(status >= 400)
  return String(headers['slpt-request-id'])
}

const explain = async (who: string, trackingId: string, tenant = 'acme'): Promise<TestAnswer> =>
  app().call('GET', `/sallyport/v1/explain/${trackingId}`, {
    host: `${tenant}.api.${DOMAIN}`,
    token: await app().tokenFor(who, tenant),
  })

test('the link in a refusal leads to its explanation', async () => {
  const token = await app().tokenFor('paul')
  const refusal = await app().call('GET', '/v3/transforms', { token })

  const link = /^<(.+)>; rel="help"$/.exec(String(refusal.headers['link']))?.[1] ?? ''
  const explanation = (await app().call('GET', link, { token })).json()

  assert.equal(explanation.reason.code, refusal.headers['sallyport-reason'])
  assert.equal(explanation.operation.operationId, 'listTransforms')
  assert.equal(explanation.refusedAt, new Date(START_MS).toISOString())
})

test('asked by GET or by POST, the explanation of a refusal is the same', async () => {
  const trackingId = await refuse('paul')

  const byGet = await explain('paul', trackingId)
  const byPost = await app().call('POST', '/sallyport/v1/explain', {
    token: await app().tokenFor('paul'),
    body: { trackingId },
  })

  assert.equal(byGet.status, 200)
  assert.deepEqual(byPost.json(), byGet.json())
})

test('a refusal is explained as it was decided then, whatever has changed since', async (t) => {
  const trackingId = await refuse('hana', '/v3/roles')
  await app().apply(tenantFileFor('acme', { isDefault: true, tenant: { settings }, catalogs: [] }))
  t.after(() => app().apply(tenantFileFor('acme', { isDefault: true, tenant: { settings } })))

  const { reason, operation } = (await explain('hana', trackingId)).json()

  assert.deepEqual([reason.code, operation.operationId], ['scope.missing', 'listRoles'])
})

const allowed: [who: string, whose: string, status: number][] = [
  ['paul', 'paul', 200],
  ['app-nightly', 'app-nightly', 200],
  ['ada', 'paul', 200],
  ['ada', 'app-nightly', 200],
  ['sam', 'paul', 404],
  ['paul', 'app-nightly', 404],
  ['app-nightly', 'paul', 404],
]

for (const [who, whose, status] of allowed) {
  test(`${who} asking about a refusal of ${whose} gets ${status}`, async () => {
    const trackingId = await refuse(whose, whose === 'app-nightly' ? '/v2025/identities' : undefined)

    assert.equal((await explain(who, trackingId)).status, status)
  })
}

test('a refusal of nobody, for want of a token, is for administrators to ask about', async () => {
  const { headers } = await app().call('GET', '/v3/sources', { headers: { authorization: 'Bearer x' } })
  const trackingId = String(headers['slpt-request-id'])

  const [administrator, other] = [await explain('ada', trackingId), await explain('paul', trackingId)]

  assert.equal(administrator.json().reason.code, 'auth.malformed')
  assert.equal(other.status, 404)
})

test('what is unknown, another’s or another tenant’s is 404 in the same words', async () => {
  const theirs = await refuse('paul')

  const answers = [
    await explain('sam', theirs),
    await explain('sam', 'f'.repeat(32)),
    await explain('ada', theirs, 'globex'),
    await explain('ada', '0'.repeat(32)),
  ]

  const texts = answers.map((answer) => answer.json().messages[0].text)
  assert.deepEqual(
    answers.map(({ status }) => status),
    [404, 404, 404, 404],
  )
  assert.equal(new Set(texts).size, 1)
})

test('a served request has no explanation: there is nothing to explain', async () => {
  const { headers } = await app().call('GET', '/v3/sources', { token: await app().tokenFor('ada') })

  assert.equal((await explain('ada', String(headers['slpt-request-id']))).status, 404)
})

test('refusals of our own routes are explained as well', async () => {
  const token = await app().tokenFor('paul')
  const { headers } = await app().call('PUT', '/sallyport/v1/explain', { token })

  const { reason } = (await explain('paul', String(headers['slpt-request-id']))).json()

  assert.equal(reason.code, 'operation.method_not_allowed')
})

test('an explanation by tracking id needs a token', async () => {
  const answer = await app().call('GET', `/sallyport/v1/explain/${await refuse('paul')}`)

  assert.equal(answer.status, 401)
})
