import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentialOf, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, startTestApp, type TestAnswer } from '../../test/support/test-app.ts'
import { basicOf, postToken, proofOf } from '../../test/support/token-requests.ts'

test('after twenty failures for a client its failures are 429, and its valid requests never are', async (t) => {
  const app = await startTestApp(t)
  const wrong = { ...proofOf('ada'), client_secret: 'f'.repeat(64) }
  const fail = () => postToken(app, wrong)

  const first = await inTurn(20, fail)
  const throttled = await fail()
  const valid = await postToken(app, proofOf('ada'))
  const otherClient = await postToken(app, { ...proofOf('sam'), client_secret: 'f'.repeat(64) })

  assert.deepEqual(new Set(first.map(({ status }) => status)), new Set([400]))
  assert.equal(throttled.status, 429)
  assert.match(String(throttled.headers['retry-after']), /^[1-9]\d?$/)
  assert.equal(throttled.json().error, 'invalid_client')
  assert.equal(valid.status, 200)
  assert.equal(otherClient.status, 400)
})

test('failures are counted per tenant, and for ids that are none together', async (t) => {
  const app = await startTestApp(t)
  const guess = (client_id: string) => postToken(app, { ...proofOf('ada'), client_id })
  await inTurn(20, (at) => guess(`guess ${at}`))

  const here = await guess('one more')
  const there = await postToken(
    app,
    { ...proofOf('ada', 'globex'), client_id: 'one more' },
    { host: `globex.api.${DOMAIN}` },
  )

  assert.equal(here.status, 429)
  assert.equal(there.status, 400)
})

test('a throttled client that used Basic is not challenged to try again', async (t) => {
  const app = await startTestApp(t)
  const headers = { authorization: basicOf('sam').replace('Basic ', 'Basic AAAA') }
  const fail = () => postToken(app, { grant_type: 'client_credentials' }, { headers })
  await inTurn(20, fail)

  const throttled = await fail()

  assert.equal(throttled.status, 429)
  assert.equal(throttled.headers['www-authenticate'], undefined)
})

async function inTurn(times: number, act: (at: number) => Promise<TestAnswer>): Promise<TestAnswer[]> {
  const answers: TestAnswer[] = []
  for (let at = 0; at < times; at++) answers.push(await act(at))
  return answers
}

test('a tenant may refuse secrets in the URL, and then takes them from the body and Basic alone', async (t) => {
  const settings = { tokens: { allowUrlCredentials: false } }
  const app = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } })] })
  const query = new URLSearchParams(proofOf('ada'))
  const { clientSecret } = credentialOf('acme', 'ada')

  const inUrl = await app.call('POST', `/oauth/token?${query.toString()}`)
  const inBody = await postToken(app, proofOf('ada'))
  const grantInUrl = await app.call('POST', '/oauth/token?grant_type=client_credentials', {
    headers: { authorization: basicOf('ada') },
  })

  assert.deepEqual([inUrl.status, inUrl.json().error], [400, 'invalid_request'])
  assert.ok(!inUrl.text.includes(clientSecret))
  assert.deepEqual([inBody.status, grantInUrl.status], [200, 200])
})

test('secrets in the URL are accepted by default, and counted', async (t) => {
  const app = await startTestApp(t)

  const answer = await app.call('POST', `/oauth/token?${new URLSearchParams(proofOf('ada')).toString()}`)

  await app.app.services.activity.flush()
  const { db, tenantId } = await app.contextOf()
  const rows = await db.selectFrom('activity').select(['action', 'reason']).where('tenant_id', '=', tenantId).execute()
  assert.equal(answer.status, 200)
  assert.deepEqual(rows, [{ action: 'token.minted', reason: 'credentials_in_url' }])
})

for (const [whitelisted, range, status] of [
  [true, '10.0.0.0/8', 400],
  [true, '127.0.0.0/8', 200],
  [false, '127.0.0.0/8', 400],
  [false, '10.0.0.0/8', 200],
] as const) {
  test(`where the network rule ${whitelisted ? 'allows' : 'blocks'} ${range}, a mint from here is ${status}`, async (t) => {
    const settings = { network: { whitelisted, range: [range] } }
    const app = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } })] })

    const answer = await postToken(app, proofOf('ada'))

    assert.equal(answer.status, status, answer.text)
    if (status === 400) assert.equal(answer.json().error, 'unauthorized_client')
  })
}

test('a wrong secret does not learn from the answer that its network is refused', async (t) => {
  const settings = { network: { whitelisted: true, range: ['10.0.0.0/8'] } }
  const app = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } })] })

  const answer = await postToken(app, { ...proofOf('ada'), client_secret: 'f'.repeat(64) })

  assert.equal(answer.json().error, 'invalid_client')
})
