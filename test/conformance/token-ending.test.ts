import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clients, startAuthorizeApp } from '../support/authorize.ts'
import { startTestApp, type TestAnswer, type TestApp } from '../support/test-app.ts'
import { credentialOf } from '../support/tenant-fixtures.ts'

const DAY_MS = 86_400_000

const post = (app: TestApp, path: string, form: Record<string, string>): Promise<TestAnswer> =>
  app.call('POST', path, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })

function nightly(): { client_id: string; client_secret: string } {
  const { clientId, clientSecret } = credentialOf('acme', 'app-nightly')
  return { client_id: clientId, client_secret: clientSecret }
}

test('tokens are ended and asked about by POST alone (RFC 7009 §2.1, RFC 7662 §2.1)', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('app-nightly')
  const query = new URLSearchParams({ token, ...nightly() }).toString()
  const statuses = []

  for (const path of ['/oauth/revoke', '/oauth/introspect', '/oauth/check_token'])
    for (const method of ['GET', 'PUT', 'DELETE']) statuses.push((await app.call(method, `${path}?${query}`)).status)

  assert.ok(
    statuses.every((status) => status === 404 || status === 405),
    statuses.join(),
  )
  assert.equal((await post(app, '/oauth/introspect', { token, ...nightly() })).json().active, true)
})

test('of a token that is over nothing is told but that (RFC 7662 §2.2)', async (t) => {
  const app = await startTestApp(t)
  const ask = async (token: string) => (await post(app, '/oauth/introspect', { token, ...nightly() })).json()
  const [expired, disabled] = [await app.tokenFor('app-nightly'), await app.tokenFor('ada')]
  const alive = [await ask(expired), await ask(disabled)]

  await app.apply({
    tenant: { name: 'acme', default: true },
    identities: [{ alias: 'ada', userLevels: ['ORG_ADMIN'], enabled: false }],
  })
  const ofDisabled = await ask(disabled)
  app.clock.advance(DAY_MS)

  assert.deepEqual(
    alive.map(({ active }) => active),
    [true, true],
  )
  assert.deepEqual([ofDisabled, await ask(expired), await ask('nonsense')], Array(3).fill({ active: false }))
})

test('a client that cannot prove who it is may not ask about tokens (RFC 7662 §4)', async (t) => {
  const app = await startAuthorizeApp(t)
  const token = await app.tokenFor('ada')

  const answer = await post(app, '/oauth/introspect', { token, client_id: clients.spa.id })

  assert.deepEqual([answer.status, answer.json().error], [400, 'unauthorized_client'])
})
