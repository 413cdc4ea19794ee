import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../test/support/test-app.ts'
import { clientFor, credentialOf, tenantFileFor } from '../../test/support/tenant-fixtures.ts'

const path = '/sallyport/v1/settings'
const replace = (pointer: string, value: unknown) => [{ op: 'replace', path: pointer, value }]

test('all settings are read and changed in one place, and a refused change changes nothing', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  const changed = await app.call('PATCH', path, {
    token,
    body: [...replace('/tokens/allowUrlCredentials', false), ...replace('/session/maxIdleTime', 30)],
  })
  const refused = []
  for (const body of [
    [...replace('/compat/cliClients', true), ...replace('/rateLimit/requests', 0)],
    replace('/tokens/personalAccessTokensPerUser', 11),
    replace('/lockout', 5),
    replace('/lockout', []),
    [{ op: 'add', path: '/tokens/other', value: 1 }],
    [{ op: 'add', path: '/other', value: {} }],
  ]) {
    const answer = await app.call('PATCH', path, { token, body })
    refused.push([answer.status, answer.json().detailCode])
  }

  assert.equal(changed.status, 200, changed.text)
  const illegal = [400, '400.1.3 Illegal value']
  assert.deepEqual(refused, [illegal, illegal, illegal, illegal, illegal, [400, '400.1.1 Illegal update attempt']])
  const read = await app.call('GET', path, { token })
  assert.deepEqual(read.json(), changed.json())
  assert.equal(read.json().tokens.allowUrlCredentials, false)
  assert.equal(read.json().session.maxIdleTime, 30)
})

test('secrets in the query are refused as soon as the tenant says so', async (t) => {
  const app = await startTestApp(t)
  const { clientId, clientSecret } = credentialOf('acme', 'ada')
  const query = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }).toString()
  const before = await app.call('POST', `/oauth/token?${query}`)

  const body = replace('/tokens/allowUrlCredentials', false)
  await app.call('PATCH', path, { token: await app.tokenFor('ada'), body })

  const after = await app.call('POST', `/oauth/token?${query}`)
  assert.equal(before.status, 200)
  assert.equal(after.json().error, 'invalid_request')
})

test('a lower rate limit holds at once', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('sam')

  await app.call('PATCH', path, { token: await app.tokenFor('ada'), body: replace('/rateLimit/requests', 2) })

  const statuses = []
  for (let turn = 0; turn < 3; turn++) statuses.push((await app.call('GET', '/v3/sources', { token })).status)
  assert.deepEqual(statuses, [200, 200, 429])
})

test('settings are for administrators, or a client with the scope', async (t) => {
  const scope = ['sallyport:settings:read']
  const app = await startTestApp(t, {
    tenants: [
      tenantFileFor('acme', {
        isDefault: true,
        oauthClients: [clientFor('acme', 'app-reader', { grantTypes: ['CLIENT_CREDENTIALS'], scope })],
      }),
    ],
  })
  const answers = []

  for (const name of ['ada', 'sam', 'paul', 'app-reader']) {
    const token = await app.tokenFor(name)
    const read = await app.call('GET', path, { token })
    const patch = await app.call('PATCH', path, { token, body: replace('/lockout/maximumAttempts', 6) })
    answers.push([name, read.status, patch.status])
  }

  assert.deepEqual(answers, [
    ['ada', 200, 200],
    ['sam', 403, 403],
    ['paul', 403, 403],
    ['app-reader', 200, 403],
  ])
})
