import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { clientFor, credentialOf, identityIdOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { START_MS, type TestAnswer } from '../../test/support/test-app.ts'
import { createPersonalAccessToken } from '../personal-access-tokens/manage.ts'

const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }
const app = shareTestApp({
  tenants: [
    tenantFileFor('acme', {
      isDefault: true,
      tenant: { settings },
      identities: [
        personFor('acme', 'gone', { enabled: false }),
        personFor('acme', 'late', {}, { expirationDate: new Date(START_MS - 1000).toISOString() }),
      ],
      oauthClients: [
        clientFor('acme', 'app-both', {
          grantTypes: ['CLIENT_CREDENTIALS', 'AUTHORIZATION_CODE'],
          redirectUris: ['https://both.example/cb'],
        }),
      ],
    }),
    tenantFileFor('globex'),
  ],
})
const question = { method: 'GET', path: '/v3/sources' }

const ask = async (who: string, body: object): Promise<TestAnswer> =>
  app().call('POST', '/sallyport/v1/explain', { token: await app().tokenFor(who), body })

const idOf = (name: string, tenant = 'acme'): string => credentialOf(tenant, name).clientId
const persona = { context: 'user', scopes: ['idn:sources:read'], userLevels: ['SOURCE_ADMIN'] }

test('an explanation tells the operation, every check with what it compared, and how to fix what failed', async () => {
  const { status, json, headers } = await ask('paul', question)

  const explanation = json()
  assert.equal(status, 200)
  assert.equal(headers['cache-control'], 'no-store')
  assert.deepEqual([explanation.allowed, explanation.status], [false, 403])
  assert.equal(explanation.reason.code, 'level.missing')
  assert.deepEqual(explanation.operation, {
    catalog: 'sample',
    version: 'v3',
    method: 'GET',
    path: '/v3/sources',
    operationId: 'listSources',
    summary: 'Lists sources',
    userScopes: ['idn:sources:read', 'idn:sources:manage'],
    applicationScopes: ['idn:sources:read', 'idn:sources:manage'],
    userLevels: ['ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'ROLE_SUBADMIN'],
    experimental: false,
    deprecated: false,
    assumed: null,
  })
  assert.deepEqual(
    explanation.checks.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]),
    [
      ['authentication', 'pass'],
      ['rate', 'pass'],
      ['operation', 'pass'],
      ['experimental', 'pass'],
      ['context', 'pass'],
      ['scope', 'pass'],
      ['level', 'fail'],
      ['resource', 'not_reached'],
    ],
  )
  assert.deepEqual(explanation.checks[6].actual, [])
  assert.equal(explanation.fixes[0].kind, 'ask_for_level')
  assert.ok(explanation.fixes[0].userLevels.includes('SOURCE_ADMIN'))
})

test('what is allowed has no reason and needs no fix', async () => {
  const { json } = await ask('sam', question)

  const { allowed, status, reason, fixes } = json()
  assert.deepEqual({ allowed, status, reason, fixes }, { allowed: true, status: 200, reason: null, fixes: [] })
})

test('method and path are read as a request’s are: any case of the method, slashes doubled, a query ignored', async () => {
  for (const [method, path] of [
    ['get', '//v3//sources//'],
    ['Get', '/v3/sources?limit=1&x=/../y'],
  ])
    assert.equal((await ask('ada', { method, path })).json().operation.operationId, 'listSources')
})

test('without headers the experimental check passes with a hint, with them it is what they say', async () => {
  const machines = { method: 'GET', path: '/v2025/machine-identities' }

  const thought = (await ask('ada', machines)).json()
  const without = (await ask('ada', { ...machines, headers: {} })).json()
  const withHeader = (await ask('ada', { ...machines, headers: { 'X-SAILPOINT-experimental': 'true' } })).json()

  assert.deepEqual([thought.allowed, without.allowed, withHeader.allowed], [true, false, true])
  assert.match(thought.checks[3].message, /X-SailPoint-Experimental/)
  assert.equal(without.reason.code, 'header.experimental_required')
})

test('a bearer among the headers is the one that is explained', async () => {
  const authorization = (token: string) => ({ ...question, headers: { Authorization: `Bearer ${token}` } })

  const theirs = (await ask('paul', authorization(await app().tokenFor('sam')))).json()
  const broken = (await ask('paul', authorization('garbage'))).json()
  const foreign = (await ask('paul', authorization(await app().tokenFor('ada', 'globex')))).json()

  assert.equal(theirs.allowed, true)
  assert.deepEqual([broken.status, broken.reason.code], [401, 'auth.malformed'])
  assert.deepEqual([foreign.status, foreign.reason.code], [401, 'auth.wrong_tenant'])
})

test('anyone may ask about a persona, a client too', async () => {
  for (const who of ['paul', 'app-nightly'])
    assert.equal((await ask(who, { ...question, persona })).json().allowed, true)
})

test('anyone may ask about their own credential, and about another one that they own', async () => {
  const ctx = await app().contextOf()
  const ownerId = identityIdOf('acme', 'paul')
  const second = await ctx.db
    .transaction()
    .execute((tx) => createPersonalAccessToken(tx, ctx, { name: 'second', ownerId, perOwnerMax: 10 }))

  for (const clientId of [idOf('paul'), second])
    assert.equal((await ask('paul', { ...question, clientId })).json().reason.code, 'level.missing')
})

test('the credential of somebody else is for an administrator to ask about, whether there is one or not', async () => {
  const answers = await Promise.all([
    ask('paul', { ...question, clientId: idOf('sam') }),
    ask('paul', { ...question, clientId: 'f'.repeat(32) }),
    ask('paul', { ...question, clientId: idOf('sam', 'globex') }),
    ask('app-nightly', { ...question, clientId: idOf('sam') }),
    ask('sam', { ...question, clientId: idOf('app-nightly') }),
  ])

  const [first] = answers.map((answer) => answer.json().messages[0].text)
  for (const answer of answers) {
    assert.equal(answer.status, 403)
    assert.equal(answer.json().messages[0].text, first)
  }
})

const forAdministrators: [name: string, allowed: boolean, code: string | undefined][] = [
  ['sam', true, undefined],
  ['paul', false, 'level.missing'],
  ['app-nightly', true, undefined],
  ['app-both', true, undefined],
  ['app-disabled', false, 'client.disabled'],
  ['gone', false, 'owner.disabled'],
  ['late', false, 'auth.expired'],
]

for (const [name, allowed, code] of forAdministrators) {
  test(`an administrator learns of ${name}'s credential: ${code ?? 'allowed'}`, async () => {
    const explanation = (await ask('ada', { ...question, clientId: idOf(name) })).json()

    assert.deepEqual([explanation.allowed, explanation.reason?.code], [allowed, code])
  })
}

test('another tenant’s credential does not exist, for an administrator either', async () => {
  const foreign = await ask('ada', { ...question, clientId: idOf('sam', 'globex') })
  const made = await ask('ada', { ...question, clientId: 'f'.repeat(32) })

  assert.deepEqual([foreign.status, made.status], [404, 404])
  assert.equal(
    foreign.json().messages[0].text.replace(idOf('sam', 'globex'), 'ID'),
    made.json().messages[0].text.replace('f'.repeat(32), 'ID'),
  )
})

const invalid: [title: string, body: object | string][] = [
  ['nothing', {}],
  ['a method alone', { method: 'GET' }],
  ['a path alone', { path: '/v3/sources' }],
  ['a path without its first slash', { method: 'GET', path: 'v3/sources' }],
  ['a whole URL', { method: 'GET', path: 'https://acme.api.example/v3/sources' }],
  ['dot segments', { method: 'GET', path: '/v3/../sources' }],
  ['a persona and a credential', { ...question, persona, clientId: idOf('ada') }],
  ['an application with levels', { ...question, persona: { context: 'application', userLevels: ['ORG_ADMIN'] } }],
  ['a context that is none', { ...question, persona: { context: 'admin' } }],
  ['a persona without context', { ...question, persona: { scopes: [] } }],
  ['scopes as text', { ...question, persona: { context: 'user', scopes: 'sp:scopes:all' } }],
  [
    '401 scopes',
    { ...question, persona: { context: 'user', scopes: Array.from({ length: 401 }, (_, at) => `s${at}`) } },
  ],
  ['an unknown member', { ...question, tenantId: 'globex' }],
  ['headers that are lists', { ...question, headers: { accept: ['x'] } }],
  ['a tracking id that is none', { trackingId: 'x' }],
  ['a client that acts for whoever signs in', { ...question, clientId: idOf('app-portal') }],
  ['a path of 9000 characters', { method: 'GET', path: `/${'a'.repeat(9000)}` }],
  ['a list', '[]'],
  ['broken JSON', '{"method":'],
]

for (const [title, body] of invalid) {
  test(`${title} is 400 in ISC's shape, with a sentence that says what to do`, async () => {
    const token = await app().tokenFor('ada')
    const headers = { 'content-type': 'application/json' }

    const answer = await app().call('POST', '/sallyport/v1/explain', { token, body, headers })

    assert.equal(answer.status, 400, answer.text)
    const { detailCode, trackingId, messages } = answer.json()
    assert.equal(detailCode, '400.1 Bad Request Content')
    assert.equal(trackingId, answer.headers['slpt-request-id'])
    assert.match(messages[0].text, /^[A-Z].*\.$/)
  })
}

test('a body that is no JSON is refused by its content type, one beyond 256 KiB by its size', async () => {
  const token = await app().tokenFor('ada')
  const post = (type: string, body: string) =>
    app().call('POST', '/sallyport/v1/explain', { token, body, headers: { 'content-type': type } })

  const xml = await post('text/xml', '<x/>')
  const huge = await post('application/json', JSON.stringify({ ...question, path: 'a'.repeat(300_000) }))

  assert.deepEqual([xml.status, huge.status], [415, 413])
  for (const answer of [xml, huge]) assert.equal(answer.json().messages.length, 1)
})
