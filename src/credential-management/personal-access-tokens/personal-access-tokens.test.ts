import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenOf } from '../../../test/support/made-credentials.ts'
import { shareTestApp } from '../../../test/support/shared-app.ts'
import { credentialOf, identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { START_MS, startTestApp, type TestCall } from '../../../test/support/test-app.ts'

const MY = ['sp:my-personal-access-tokens:manage']
const identities = [
  ...['mia', 'max', 'ole', 'pia', 'rob'].map((alias) => personFor('acme', alias)),
  personFor('acme', 'narrow', {}, { scope: [...MY, 'idn:identity:read'] }),
  personFor('acme', 'robot', { kind: 'MACHINE' }),
  personFor('acme', 'keeper', { userLevels: ['HELPDESK'] }, { scope: ['sp:all-personal-access-tokens:manage'] }),
]
const app = shareTestApp({
  tenants: [
    {
      ...tenantFileFor('acme', { isDefault: true, identities }),
      scopeGrants: { 'sp:all-personal-access-tokens:manage': ['ORG_ADMIN', 'HELPDESK'] },
    },
    tenantFileFor('globex'),
  ],
})

const LAYOUTS = {
  v3: '/v3/personal-access-tokens',
  beta: '/beta/personal-access-tokens',
  v2024: '/v2024/personal-access-tokens',
  v2025: '/v2025/personal-access-tokens',
  v2026: '/v2026/personal-access-tokens',
  v1: '/personal-access-tokens/v1',
}
const { v3, v2025 } = LAYOUTS

async function as(name: string, method: string, path: string, call: TestCall = {}) {
  return app().call(method, path, { ...call, token: await app().tokenFor(name) })
}
const make = async (name: string, body: object, path = v3) => (await as(name, 'POST', path, { body })).json()
const patch = (name: string, path: string, operations: object[]) =>
  as(name, 'PATCH', path, {
    headers: { 'content-type': 'application/json-patch+json' },
    body: Buffer.from(JSON.stringify(operations)),
  })
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })

for (const [version, path] of Object.entries(LAYOUTS)) {
  const isRecent = ['v2025', 'v2026', 'v1'].includes(version)

  test(`${version}: a token is made, mints, is listed, patched and deleted`, async () => {
    const body = { name: `of ${version}`, expirationDate: '2026-07-01T00:00:00Z', accessTokenValiditySeconds: 60 }
    const made = await as('mia', 'POST', path, { body })
    const { secret, ...created } = made.json()
    const { status: minted } = await tokenOf(app(), made.json())
    const listed = (await as('mia', 'GET', `${path}?owner-id=me`)).json()
    const renamed = await patch('mia', `${path}/${created.id}`, [replace('/name', `new of ${version}`)])
    const deleted = await as('mia', 'DELETE', `${path}/${created.id}`)

    assert.equal(made.status, 200, made.text)
    assert.match(created.id, /^[0-9a-f]{32}$/)
    assert.match(secret, /^[0-9a-f]{64}$/)
    const same = {
      id: created.id,
      name: `of ${version}`,
      scope: ['sp:scopes:all'],
      owner: { type: 'IDENTITY', id: identityIdOf('acme', 'mia'), name: 'mia' },
      created: new Date(START_MS).toISOString(),
      accessTokenValiditySeconds: 60,
      expirationDate: '2026-07-01T00:00:00.000Z',
    }
    assert.deepEqual(created, same)
    assert.equal(minted, 200)
    const { lastUsed, ...found } = listed.find(({ id }: { id: string }) => id === created.id)
    assert.equal(lastUsed, new Date(START_MS).toISOString())
    assert.deepEqual(found, { ...same, managed: false, ...(isRecent && { userAwareTokenNeverExpires: false }) })
    assert.equal(renamed.status, 200, renamed.text)
    assert.equal(renamed.json().name, `new of ${version}`)
    assert.deepEqual([deleted.status, deleted.text], [204, ''])
    assert.equal((await tokenOf(app(), made.json())).status, 400)
  })

  test(`${version}: without an expiration date a token ${isRecent ? 'must be meant to live for ever' : 'lives six months'}`, async () => {
    const name = `endless of ${version}`
    const silent = await as('mia', 'POST', path, { body: { name } })
    const far = await as('mia', 'POST', path, {
      body: { name: `far of ${version}`, expirationDate: '2099-01-01T00:00:00Z' },
    })
    const past = await as('mia', 'POST', path, { body: { name: 'past', expirationDate: '2026-06-01T11:59:59Z' } })

    assert.deepEqual([silent.status, far.status], isRecent ? [400, 200] : [200, 400], silent.text)
    assert.deepEqual([past.status, past.json().detailCode], [400, '400.1.3 Illegal value'])
    if (!isRecent) assert.equal(silent.json().expirationDate, '2026-12-01T12:00:00.000Z')
    else {
      const meant = await as('mia', 'POST', path, {
        body: { name, userAwareTokenNeverExpires: true, expirationDate: null },
      })
      assert.deepEqual([meant.status, meant.json().expirationDate], [200, null])
      await as('mia', 'DELETE', `${path}/${meant.json().id}`)
    }
    await as('mia', 'DELETE', `${path}/${(isRecent ? far : silent).json().id}`)
  })
}

test('the versions before v2025 know no tokens for ever, and leave the date of one out where null is unknown', async () => {
  const body = { name: 'for ever', userAwareTokenNeverExpires: true }
  const refused = await as('pia', 'POST', v3, { body })
  const { id } = await make('pia', body, v2025)
  const listedIn = async (path: string) =>
    (await as('pia', 'GET', `${path}?owner-id=me`)).json().find((token: { id: string }) => token.id === id)

  assert.equal(refused.status, 400)
  assert.ok(!('expirationDate' in (await listedIn(v3))))
  assert.equal((await listedIn(LAYOUTS.beta)).expirationDate, null)
  assert.equal((await listedIn(v2025)).userAwareTokenNeverExpires, true)
})

test('null as an expiration date needs the acknowledgement in the same patch, and v3 patches no dates at all', async () => {
  const { id } = await make('pia', { name: 'dated' })
  const byV3 = await patch('pia', `${v3}/${id}`, [replace('/expirationDate', '2026-07-01T00:00:00Z')])
  const alone = await patch('pia', `${v2025}/${id}`, [replace('/expirationDate', null)])
  const both = [replace('/userAwareTokenNeverExpires', true), replace('/expirationDate', null)]
  const together = await patch('pia', `${v2025}/${id}`, both)
  const takenBack = await patch('pia', `${v2025}/${id}`, [replace('/userAwareTokenNeverExpires', false)])

  assert.deepEqual([byV3.status, byV3.json().detailCode], [400, '400.1.1 Illegal update attempt'])
  assert.deepEqual([alone.status, together.status, takenBack.status], [400, 200, 400])
  assert.deepEqual([together.json().expirationDate, together.json().userAwareTokenNeverExpires], [null, true])
})

for (const path of [
  '/id',
  '/secret',
  '/owner/id',
  '/created',
  '/managed',
  '/lastUsed',
  '/accessTokenValiditySeconds',
  '',
])
  test(`the path "${path}" of a token cannot be patched`, async () => {
    const { clientId } = credentialOf('acme', 'max')
    const answer = await patch('max', `${v2025}/${clientId}`, [replace(path, 'x')])

    assert.deepEqual([answer.status, answer.json().detailCode], [400, '400.1.1 Illegal update attempt'])
  })

for (const [what, body] of Object.entries({
  'no name': {},
  'an empty name': { name: '' },
  'a blank name': { name: '   ' },
  'a name of 129 characters': { name: 'x'.repeat(129) },
  'a name with NUL': { name: 'a\u0000b' },
  'a name that turns its direction': { name: 'a\u202eb' },
  'a number as a name': { name: 7 },
  'a malformed scope': { name: 'bad', scope: ['a b'] },
  'more than a hundred scopes': { name: 'bad', scope: Array.from({ length: 101 }, (_, turn) => `a:${turn}`) },
  'a validity of 0': { name: 'bad', accessTokenValiditySeconds: 0 },
  'a validity of 14': { name: 'bad', accessTokenValiditySeconds: 14 },
  'a validity beyond twelve hours': { name: 'bad', accessTokenValiditySeconds: 43_201 },
  'a validity as text': { name: 'bad', accessTokenValiditySeconds: '900' },
  'a date without a zone': { name: 'bad', expirationDate: '2026-07-01T00:00:00' },
  'a date that is none': { name: 'bad', expirationDate: '2026-02-30T00:00:00Z' },
  'an owner of its own': { name: 'bad', owner: { id: identityIdOf('globex', 'ada') } },
  'an id of its own': { name: 'bad', id: '0'.repeat(32) },
}))
  test(`${what} is refused in ISC's shape, and nothing is made`, async () => {
    const answer = await as('max', 'POST', v3, { body })

    assert.equal(answer.status, 400, answer.text)
    assert.ok(answer.json().messages[0].text.length > 0)
    assert.equal((await as('max', 'GET', `${v3}?owner-id=me`)).json().length, 1)
  })

test('no scope given is the scope of the calling token, an empty list stays empty, and nobody gives more than he holds', async () => {
  const silent = await make('narrow', { name: 'silent' })
  const isNull = await make('narrow', { name: 'null', scope: null })
  const empty = await make('narrow', { name: 'empty', scope: [] })
  const beyond = await as('narrow', 'POST', v3, { body: { name: 'beyond', scope: ['sp:scopes:all'] } })
  const widened = await patch('narrow', `${v3}/${silent.id}`, [replace('/scope', ['idn:accounts:read'])])
  const narrowed = await patch('narrow', `${v3}/${silent.id}`, [replace('/scope', ['idn:identity:read'])])

  assert.deepEqual(
    [silent.scope, isNull.scope, empty.scope],
    [[...MY, 'idn:identity:read'], [...MY, 'idn:identity:read'], []],
  )
  for (const refused of [beyond, widened]) {
    assert.deepEqual([refused.status, refused.headers['sallyport-reason']], [403, 'scope.beyond_token'])
    assert.equal(refused.json().messages[0].text, 'The server understood the request but refuses to authorize it.')
  }
  assert.deepEqual(narrowed.json().scope, ['idn:identity:read'])
})

test('tokens that are out keep their scope when their credential is given another; new ones have the new', async () => {
  const made = await make('ole', { name: 'changing' })
  const before = (await tokenOf(app(), made)).json().access_token
  await patch('ole', `${v3}/${made.id}`, [replace('/scope', ['idn:identity:read'])])
  const after = await tokenOf(app(), made)

  assert.equal((await app().call('GET', '/v3/sources', { token: before })).status, 403) // a plain user, whatever the scope
  assert.equal((await app().call('GET', `${v3}?owner-id=me`, { token: before })).status, 200)
  assert.equal(after.json().scope, 'idn:identity:read')
})

test('a deleted token ends what it minted, at once', async () => {
  const made = await make('ole', { name: 'doomed' })
  const token = (await tokenOf(app(), made)).json().access_token
  const own = await app().call('DELETE', `${v3}/${made.id}`, { token })
  const afterwards = await app().call('GET', `${v3}?owner-id=me`, { token })

  assert.deepEqual([own.status, afterwards.status], [204, 401])
  assert.equal((await as('ole', 'DELETE', `${v3}/${made.id}`)).status, 404)
})

test('of 20 tokens wanted at once exactly ten are made, and the others are told why not', async () => {
  const before = (await as('rob', 'GET', `${v3}?owner-id=me`)).json().length
  const token = await app().tokenFor('rob')
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, turn) => app().call('POST', v3, { token, body: { name: `racing ${turn}` } })),
  )
  const held = (await as('rob', 'GET', `${v3}?owner-id=me`)).json()

  assert.equal(held.length, 10)
  assert.equal(answers.filter(({ status }) => status === 200).length, 10 - before)
  for (const refused of answers.filter(({ status }) => status !== 200))
    assert.deepEqual([refused.status, refused.json().detailCode], [400, '400.1.4 Limit violation'])
})

test('of two tokens of one name wanted at once one is made; a rename to a name that is taken is refused too', async () => {
  const token = await app().tokenFor('ole')
  const both = await Promise.all([1, 2].map(() => app().call('POST', v3, { token, body: { name: 'one' } })))
  const other = await make('ole', { name: 'other' })
  const renamed = await patch('ole', `${v3}/${other.id}`, [replace('/name', 'one')])

  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 400],
  )
  assert.deepEqual([renamed.status, renamed.json().detailCode], [400, '400.1.409 Reference conflict'])
})

test('of patches at once none is lost', async () => {
  const { id } = await make('max', { name: 'both' })
  const answers = await Promise.all([
    patch('max', `${v3}/${id}`, [replace('/name', 'renamed')]),
    patch('max', `${v3}/${id}`, [replace('/scope', ['idn:identity:read'])]),
  ])
  const [found] = (await as('max', 'GET', `${v3}?owner-id=me`)).json().filter((each: { id: string }) => each.id === id)

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  )
  assert.deepEqual([found.name, found.scope], ['renamed', ['idn:identity:read']])
  await as('max', 'DELETE', `${v3}/${id}`)
})

test('everybody lists their own; those of others, and of everybody, whoever has the right to all', async () => {
  const ofSam = `${v3}?owner-id=${identityIdOf('acme', 'sam')}`
  const refused = [
    await as('paul', 'GET', v3),
    await as('paul', 'GET', ofSam),
    await as('keeper', 'POST', v3, { body: { name: 'x', scope: ['sp:scopes:all'] } }),
  ]
  const all = await as('ada', 'GET', v3)
  const [one, ...more] = (await as('ada', 'GET', ofSam)).json()

  assert.deepEqual(
    refused.map(({ status, headers }) => [status, headers['sallyport-reason']]),
    [
      [403, 'resource.denied'],
      [403, 'resource.denied'],
      [403, 'scope.beyond_token'],
    ],
  )
  const owners = new Set(all.json().map(({ owner }: { owner: { id: string } }) => owner.id))
  assert.ok(owners.has(identityIdOf('acme', 'ada')) && owners.has(identityIdOf('acme', 'sam')))
  assert.ok(!owners.has(identityIdOf('globex', 'ada')))
  assert.deepEqual([one.owner.name, more.length], ['sam', 0])
  assert.deepEqual((await as('paul', 'GET', `${v3}?owner-id=${identityIdOf('acme', 'paul')}`)).json().length, 1)
})

test('an administrator deletes the token of another and does not patch it; nobody else touches it', async () => {
  const { id } = await make('pia', { name: 'to be deleted' })
  const outcomes = [
    await as('paul', 'DELETE', `${v3}/${id}`),
    await as('paul', 'PATCH', `${v3}/${id}`, { body: [replace('/name', 'stolen')] }),
    await as('ada', 'PATCH', `${v3}/${id}`, { body: [replace('/name', 'stolen')] }),
    await as('ada', 'DELETE', `${v3}/${id}`),
  ]

  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [403, 403, 403, 204],
  )
  assert.equal(outcomes[0]?.headers['sallyport-reason'], 'resource.denied')
})

test('the right to all tokens reaches those of people without a level; only an ORG_ADMIN touches the others', async () => {
  const { id } = await make('pia', { name: 'of a plain user' })

  assert.equal((await as('keeper', 'DELETE', `${v3}/${credentialOf('acme', 'sam').clientId}`)).status, 403)
  assert.equal((await as('keeper', 'DELETE', `${v3}/${id}`)).status, 204)
})

test("another tenant's token answers like one that does not exist", async () => {
  const { clientId } = credentialOf('globex', 'sam')
  const answers = [clientId, '0'.repeat(32)].map(async (id) => {
    const { status, text } = await as('ada', 'DELETE', `${v3}/${id}`)
    return [status, text.replace(id, 'ID').replace(/"trackingId":"\w+"/, '')]
  })
  const [foreign, unknown] = await Promise.all(answers)

  assert.equal(foreign?.[0], 404)
  assert.deepEqual(foreign, unknown)
  assert.deepEqual((await as('ada', 'GET', `${v3}?owner-id=${identityIdOf('globex', 'sam')}`)).json(), [])
})

test('an API client makes no token; a machine makes its own', async () => {
  const byClient = await as('app-nightly', 'POST', v3, { body: { name: 'x' } })
  const byMachine = await as('robot', 'POST', v3, { body: { name: 'x' } })

  assert.deepEqual([byClient.status, byClient.headers['sallyport-reason']], [403, 'context.user_required'])
  assert.equal(byMachine.json().owner.id, identityIdOf('acme', 'robot'))
})

test('tokens that the platform made are listed to whoever may see them', async () => {
  const { db, tenantId } = await app().contextOf()
  const { id } = await make('paul', { name: 'managed' })
  await db
    .updateTable('personal_access_token')
    .set({ managed: 1 })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute()
  const isListed = async (name: string, query: string) =>
    (await as(name, 'GET', `${v3}${query}`)).json().some((token: { id: string }) => token.id === id)

  assert.equal(await isListed('paul', '?owner-id=me'), false)
  assert.equal(await isListed('ada', ''), true)
})

test('an expired token stays listed and mints nothing; lastUsed can be filtered by', async (t) => {
  const own = await startTestApp(t)
  const ask = async (query: string) =>
    (await own.call('GET', `${v3}?${query}`, { token: await own.tokenFor('ada') })).json()
  const body = { name: 'short', expirationDate: '2026-06-01T13:00:00Z' }
  const made = (await own.call('POST', v3, { token: await own.tokenFor('sam'), body })).json()
  const namesWhere = async (filters: string) =>
    (await ask(`filters=${encodeURIComponent(filters)}`)).map(({ owner }: { owner: { name: string } }) => owner.name)
  own.clock.advance(2 * 3_600_000)

  assert.equal((await tokenOf(own, made)).status, 400)
  assert.ok((await ask('')).some(({ id }: { id: string }) => id === made.id))
  assert.deepEqual((await namesWhere('lastUsed isnull')).sort(), ['hana', 'paul', 'sam'])
  assert.deepEqual(await namesWhere('lastUsed le 2026-06-01T12:30:00Z'), ['sam'])
  for (const filters of [
    'lastUsed gt 2026-06-01',
    'name eq "test"',
    'lastUsed le yesterday',
    "lastUsed isnull' or 1=1",
  ]) {
    const token = await own.tokenFor('ada')
    const { status } = await own.call('GET', `${v3}?filters=${encodeURIComponent(filters)}`, { token })
    assert.equal(status, 400, filters)
  }
})

test('a page is answered where one is asked for, with the whole count', async () => {
  const page = await as('ada', 'GET', `${v3}?limit=2&offset=1&count=true`)

  assert.equal(page.json().length, 2)
  assert.ok(Number(page.headers['x-total-count']) > 3)
})

test('each change leaves an audit event with its author', async () => {
  const { id } = await make('paul', { name: 'audited' })
  await patch('paul', `${v3}/${id}`, [replace('/name', 'audited still')])
  await as('ada', 'DELETE', `${v3}/${id}`)
  const { db, tenantId } = await app().contextOf()
  const events = await db
    .selectFrom('audit_event')
    .select(['action', 'actor_id'])
    .where('tenant_id', '=', tenantId)
    .where('target_id', '=', id)
    .orderBy('position')
    .execute()

  assert.deepEqual(events, [
    { action: 'personal_access_token.created', actor_id: identityIdOf('acme', 'paul') },
    { action: 'personal_access_token.updated', actor_id: identityIdOf('acme', 'paul') },
    { action: 'personal_access_token.deleted', actor_id: identityIdOf('acme', 'ada') },
  ])
})
