import assert from 'node:assert/strict'
import { test } from 'node:test'
import { customLevel, giveLevels } from '../../test/support/custom-levels.ts'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { startTestApp } from '../../test/support/test-app.ts'

const app = shareTestApp()

async function ask(...lines: string[]) {
  const requests = lines.map((line) => ({ method: line.split(' ')[0], path: line.split(' ')[1] }))
  const token = await app().tokenFor('paul')
  return app().call('POST', '/sallyport/v1/smallest', { token, body: { requests } })
}

test('a list of requests is answered with the credential that suffices, and the gateway agrees', async () => {
  const answer = (await ask('GET /v2025/identities', 'GET /v3/account-activities')).json()

  const [credential] = answer.credentials
  assert.equal(answer.sufficient, true)
  assert.equal(credential.context, 'user')
  assert.deepEqual(
    answer.credentials.map(({ context }: { context: string }) => context),
    ['user'],
  )
  for (const path of ['/v2025/identities', '/v3/account-activities']) {
    const persona = { context: 'user', scopes: credential.scopes, userLevels: credential.userLevels }
    const token = await app().tokenFor('paul')
    const explained = await app().call('POST', '/sallyport/v1/explain', {
      token,
      body: { method: 'GET', path, persona },
    })
    assert.equal(explained.json().allowed, true)
  }
})

test('a custom level that opens less than any built-in one is named, and its holder gets through', async (t) => {
  const own = await startTestApp(t)
  const requests = [{ method: 'GET', path: '/v3/access-profiles' }]
  const askFor = async () => {
    const answer = await own.call('POST', '/sallyport/v1/smallest', {
      token: await own.tokenFor('paul'),
      body: { requests },
    })
    return answer.json().credentials.find(({ context }: { context: string }) => context === 'user')
  }
  const before = await askFor()
  const id = await customLevel(own, 'scope:idn:access-profile:read')

  const { scopes, userLevels, otherUserLevels } = await askFor()

  assert.deepEqual([scopes, userLevels], [['idn:access-profile:read'], [id]])
  assert.deepEqual(new Set(otherUserLevels), new Set([...before.userLevels, ...before.otherUserLevels]))
  await giveLevels(own, 'paul', ...userLevels)
  assert.equal((await own.call('GET', '/v3/access-profiles', { token: await own.tokenFor('paul') })).status, 200)
})

test('an application is named first where it suffices', async () => {
  const { credentials, summary } = (await ask('GET /v3/sources')).json()

  assert.deepEqual(
    credentials.map(({ context }: { context: string }) => context),
    ['application', 'user'],
  )
  assert.match(summary, /^An API client with the client credentials grant, with /)
})

test('a templated path, a path with an id and one with a query are the same operation', async () => {
  const { operations } = (
    await ask(
      'GET /v2025/sources/{id}',
      'get /v2025/sources/09b1f3c5d7e94a2b8c6d4e2f0a1b3c5d',
      'GET /v2025/sources/7?x=1',
    )
  ).json()

  assert.deepEqual(
    operations.map(({ path }: { path: string }) => path),
    ['/v2025/sources/{id}'],
  )
})

test('what no catalog knows is told, with the methods that there are, and nothing suffices', async () => {
  const { sufficient, unknown, credentials, summary } = (
    await ask('GET /v3/nowhere', 'DELETE /v3/sources', 'GET /v3/sources')
  ).json()

  assert.equal(sufficient, false)
  assert.deepEqual(unknown, [
    { method: 'GET', path: '/v3/nowhere', allowedMethods: [] },
    { method: 'DELETE', path: '/v3/sources', allowedMethods: ['GET', 'HEAD'] },
  ])
  assert.equal(credentials.length, 2)
  assert.match(summary, /^2 requests no catalog knows/)
})

test('operations of disjoint contexts take two credentials, and it says so', async () => {
  const paths = {
    '/people': { get: { security: [{ userAuth: ['p:read'] }] } },
    '/jobs': { get: { security: [{ applicationAuth: ['j:read'] }] } },
    '/shut': { get: { security: [{ otherAuth: [] }] } },
  }
  await app().call('POST', '/sallyport/v1/catalogs?name=apart&upstream=sample', {
    token: await app().tokenFor('ada'),
    body: { openapi: '3.1.0', paths },
  })

  const { sufficient, credentials, together, summary } = (await ask('GET /people', 'GET /jobs')).json()
  const shut = (await ask('GET /shut')).json()

  assert.deepEqual([sufficient, credentials], [false, []])
  assert.deepEqual(
    together.map(({ context, scopes, operations }: Record<string, unknown>) => [context, scopes, operations]),
    [
      ['user', ['p:read'], ['GET /people']],
      ['application', ['j:read'], ['GET /jobs']],
    ],
  )
  assert.match(summary, /^No one credential suffices: some operations refuse users, others applications/)
  assert.deepEqual([shut.sufficient, shut.unusable.length], [false, 1])
})

for (const [what, body] of [
  ['no list', {}],
  ['an empty list', { requests: [] }],
  ['a path without a slash', { requests: [{ method: 'GET', path: 'v3' }] }],
  ['a path that no request has', { requests: [{ method: 'GET', path: '/v3/../x' }] }],
  ['more than one question takes', { requests: Array(501).fill({ method: 'GET', path: '/v3' }) }],
] as const) {
  test(`${what} is 400 in ISC's shape`, async () => {
    const answer = await app().call('POST', '/sallyport/v1/smallest', { token: await app().tokenFor('paul'), body })

    assert.equal(answer.status, 400)
    assert.ok(answer.json().messages[0].text.length > 0)
  })
}

test('without a token there is no answer', async () => {
  assert.equal((await app().call('POST', '/sallyport/v1/smallest', { body: { requests: [] } })).status, 401)
})
