import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eventually } from '../../../test/support/eventually.ts'
import { clientFor, identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp } from '../../../test/support/test-app.ts'

const LAYOUTS = ['/beta/identities', '/v2024/identities', '/v2025/identities', '/v2026/identities', '/identities/v1']
const experimental = { 'x-sailpoint-experimental': 'true' }
const everything = { scope: ['sp:scopes:all'] }
const paul = identityIdOf('acme', 'paul')
const sam = identityIdOf('acme', 'sam')
const robot = identityIdOf('acme', 'robot')

interface World {
  app: TestApp
  post: (name: string, path: string, body?: object, headers?: Record<string, string>) => Promise<TestAnswer>
}

async function world(t: TestContext): Promise<World> {
  const file = tenantFileFor('acme', {
    isDefault: true,
    identities: [
      personFor('acme', 'harry', { userLevels: ['HELPDESK'] }, everything),
      personFor('acme', 'eve', { userLevels: ['ORG_ADMIN'] }, everything),
      personFor('acme', 'gone', { enabled: false }),
      { alias: 'robot', id: robot, kind: 'MACHINE' },
    ],
    oauthClients: [
      clientFor('acme', 'app-janitor', { grantTypes: ['CLIENT_CREDENTIALS'], scope: ['idn:identity:manage'] }),
      clientFor('acme', 'app-idle', { grantTypes: ['CLIENT_CREDENTIALS'], scope: ['idn:sources:read'] }),
    ],
  })
  const app = await startTestApp(t, { tenants: [file, tenantFileFor('globex')] })
  return {
    app,
    post: async (name, path, body, headers = experimental) =>
      app.call('POST', path, { token: await app.tokenFor(name), headers, ...(body && { body }) }),
  }
}

const outcomeOf = ({ status, headers, text, json }: TestAnswer) =>
  status < 300 ? status : [status, status === 403 ? headers['sallyport-reason'] : text && json().detailCode]

async function auditOf(app: TestApp, action: string): Promise<{ target: string | null; details: string }[]> {
  const { db, tenantId } = await app.contextOf()
  const rows = await db
    .selectFrom('audit_event')
    .select(['target_id', 'details'])
    .where('tenant_id', '=', tenantId)
    .where('action', '=', action)
    .execute()
  return rows.map(({ target_id, details }) => ({ target: target_id, details }))
}

const read = async (app: TestApp, id: string) =>
  (await app.call('GET', `/sallyport/v1/identities/${id}`, { token: await app.tokenFor('ada') })).json()

const mailsIn = ({ data }: TestApp): string[] => {
  const outbox = join(data, 'outbox')
  return existsSync(outbox) ? readdirSync(outbox).map((name) => readFileSync(join(outbox, name), 'utf8')) : []
}

test('processing dates the last refresh of each identity that is named, in every layout', async (t) => {
  const { app, post } = await world(t)

  for (const path of LAYOUTS) {
    app.clock.advance(60_000)
    const answer = await post('harry', `${path}/process`, { identityIds: [paul, sam, paul] })
    assert.equal(answer.status, 202, answer.text)
    const { id, ...rest } = answer.json()
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(rest, { type: 'TASK_RESULT' })
    const { lastRefresh } = (await app.call('GET', `${path}/${sam}`, { token: await app.tokenFor('ada') })).json()
    assert.equal(Date.parse(lastRefresh), app.clock.nowMs)
  }
  assert.equal((await auditOf(app, 'identity.refreshed')).length, 2 * LAYOUTS.length)
})

test('processing lets every process see what was changed behind its back', async (t) => {
  const { app, post } = await world(t)
  const { db, tenantId } = await app.contextOf()
  const token = await app.tokenFor('sam')
  const seen = async () => (await app.call('GET', '/v2025/identities', { token })).status
  assert.equal(await seen(), 403)
  await db
    .insertInto('identity_user_level')
    .values({ tenant_id: tenantId, identity_id: sam, user_level: 'HELPDESK' })
    .execute()
  assert.equal(await seen(), 403)

  await post('app-janitor', '/v2025/identities/process', { identityIds: [sam] })

  assert.equal(await seen(), 200)
})

test('identities are processed all or none, and at most 250', async (t) => {
  const { app, post } = await world(t)
  const process = async (identityIds?: unknown) =>
    outcomeOf(await post('ada', '/v2025/identities/process', { ...(identityIds !== undefined && { identityIds }) }))

  assert.deepEqual(await process([paul, '0'.repeat(32)]), [404, '404 Not found'])
  assert.deepEqual(await process([paul, identityIdOf('globex', 'paul')]), [404, '404 Not found'])
  for (const wrong of [undefined, [], 'paul', [7], [''], Array.from({ length: 251 }, () => paul)])
    assert.equal(((await process(wrong)) as unknown[])[0], 400, JSON.stringify(wrong)?.slice(0, 80))
  assert.deepEqual(await auditOf(app, 'identity.refreshed'), [])
})

test('a reset takes password, levels and live tokens, and leaves the personal access token', async (t) => {
  const { app, post } = await world(t)
  const admin = await app.tokenFor('ada')
  const password = { password: 'velvet otters march north' }
  await app.call('PUT', `/sallyport/v1/identities/${sam}/password`, { token: admin, body: password })
  const token = await app.tokenFor('sam')

  const answer = await post('ada', `/v2025/identities/${sam}/reset`, undefined, {})

  assert.deepEqual([answer.status, answer.text], [202, ''])
  assert.equal((await app.call('GET', '/v2025/public-identities', { token })).status, 401)
  const { userLevels, hasPassword, enabled } = await read(app, sam)
  assert.deepEqual([userLevels, hasPassword, enabled], [[], false, true])
  assert.equal((await app.call('GET', '/v2025/public-identities', { token: await app.tokenFor('sam') })).status, 200)
  assert.deepEqual(await auditOf(app, 'identity.reset'), [
    { target: sam, details: JSON.stringify({ userLevels: ['SOURCE_ADMIN'] }) },
  ])
})

test('a reset ends the tokens even of whoever has neither password nor level', async (t) => {
  const { app, post } = await world(t)
  const token = await app.tokenFor('paul')

  assert.equal((await post('app-janitor', `/identities/v1/${paul}/reset`)).status, 202)

  assert.equal((await app.call('GET', '/v2025/public-identities', { token })).status, 401)
})

test('whoever is no ORG_ADMIN resets nobody with a level, and beta no application', async (t) => {
  const { post } = await world(t)
  const reset = async (name: string, id: string, path = '/v2025/identities') =>
    outcomeOf(await post(name, `${path}/${id}/reset`))

  assert.deepEqual(await reset('app-janitor', sam), [403, 'resource.denied'])
  assert.deepEqual(await reset('harry', paul), [403, 'scope.beyond_level'])
  assert.deepEqual(await reset('app-janitor', paul, '/beta/identities'), [403, 'context.user_required'])
  assert.deepEqual(await reset('app-idle', paul), [403, 'scope.missing'])
  for (const path of LAYOUTS) assert.equal(await reset('ada', paul, path), 202)
})

test('of two administrators that reset each other at once, one stays', async (t) => {
  const { app } = await world(t)
  const tokens = [await app.tokenFor('ada'), await app.tokenFor('eve')]

  const answers = await Promise.all(
    ['eve', 'ada'].map((victim, index) =>
      app.call('POST', `/v2025/identities/${identityIdOf('acme', victim)}/reset`, { token: tokens[index] ?? '' }),
    ),
  )

  assert.equal(answers.filter(({ status }) => status === 202).length, 1, answers.map(({ text }) => text).join())
})

test('the last administrator is not reset, and keeps everything', async (t) => {
  const { app, post } = await world(t)
  assert.equal((await post('ada', `/v2025/identities/${identityIdOf('acme', 'eve')}/reset`)).status, 202)

  const answer = await post('ada', `/v2025/identities/${identityIdOf('acme', 'ada')}/reset`)

  assert.deepEqual(outcomeOf(answer), [400, '400.1.3 Illegal value'])
  assert.deepEqual((await read(app, identityIdOf('acme', 'ada'))).userLevels, ['ORG_ADMIN'])
})

test('a lifecycle state lets an identity in or not, and the audit trail has it under the id that is answered', async (t) => {
  const { app, post } = await world(t)
  for (const path of ['/v3/identities', ...LAYOUTS.slice(1)]) {
    const token = await app.tokenFor('paul')

    const off = await post('ada', `${path}/${paul}/set-lifecycle-state`, { lifecycleStateId: 'inactive' }, {})

    assert.equal(off.status, 200, off.text)
    assert.equal((await app.call('GET', '/v2025/public-identities', { token })).status, 401)
    const id = off.json().accountActivityId
    const events = await app.call('GET', `/sallyport/v1/audit-events?filters=trackingId%20eq%20%22${id}%22`, {
      token: await app.tokenFor('ada'),
    })
    assert.deepEqual(
      events.json().map(({ action, target }: { action: string; target: { id: string } }) => [action, target.id]),
      [['identity.updated', paul]],
    )
    await post('ada', `${path}/${paul}/set-lifecycle-state`, { lifecycleStateId: 'active' }, {})
    assert.equal((await app.call('GET', '/v2025/public-identities', { token })).status, 401)
    assert.equal((await read(app, paul)).enabled, true)
  }
  assert.equal((await post('ada', `/beta/identities/${paul}/set-lifecycle-state`, {}, {})).status, 404)
})

test('a lifecycle state that there is not is refused, and so is the end of the last administrator', async (t) => {
  const { app, post } = await world(t)
  const set = (name: string, id: string, body: object) => post(name, `/v3/identities/${id}/set-lifecycle-state`, body)

  for (const body of [{}, { lifecycleStateId: 'prehire' }, { lifecycleStateId: null }, { lifecycleState: 'active' }])
    assert.equal((await set('ada', paul, body)).status, 400, JSON.stringify(body))
  assert.deepEqual(outcomeOf(await set('harry', paul, { lifecycleStateId: 'inactive' })), [403, 'level.missing'])
  assert.deepEqual(outcomeOf(await set('app-janitor', paul, { lifecycleStateId: 'inactive' })), [
    403,
    'context.user_required',
  ])
  assert.equal((await read(app, paul)).enabled, true)
  const administrators = ['eve', 'ada'].map((alias) => identityIdOf('acme', alias))
  const outcomes = []
  for (const id of administrators) outcomes.push(outcomeOf(await set('ada', id, { lifecycleStateId: 'inactive' })))
  assert.deepEqual(outcomes, [200, [400, '400.1.3 Illegal value']])
})

test('a link to choose a new password by is mailed, in the language asked for, and works', async (t) => {
  const { app, post } = await world(t)

  const answer = await post(
    'harry',
    `/v2025/identities/${paul}/verification/account/send`,
    { via: 'EMAIL_WORK' },
    {
      ...experimental,
      'accept-language': 'de',
    },
  )

  assert.deepEqual([answer.status, answer.text], [200, ''])
  const [mail = ''] = await eventually(
    async () => mailsIn(app),
    (found) => found.length === 1,
    5000,
  )
  assert.match(mail, /paul@acme\.test/)
  assert.match(mail, /Guten Tag paul/)
  const [, link = ''] = /\/login\/reset\?token=3?D?([\w=\r\n-]+)/.exec(mail) ?? []
  const token = link.replaceAll(/=\r?\n/g, '').slice(0, 43)
  app.clock.advance(119 * 60_000)
  assert.equal((await app.call('GET', `/login/reset?token=${token}`)).status, 200)
  app.clock.advance(2 * 60_000)
  const late = await app.call('GET', `/login/reset?token=${token}`)
  assert.match(late.text, /This link no longer works[\s\S]*, or its time is over\./)
  assert.deepEqual(await auditOf(app, 'password.reset_requested'), [{ target: paul, details: '{}' }])
})

test('every layout mails links, three an hour', async (t) => {
  const { app, post } = await world(t)
  const send = async (path: string, via: string, headers = experimental) =>
    outcomeOf(await post('ada', `${path}/${paul}/verification/account/send`, { via, sourceName: null }, headers))

  for (const path of LAYOUTS) {
    app.clock.advance(3_600_000)
    assert.equal(await send(path, 'LINK_WORK'), 200)
  }
  for (const path of LAYOUTS.slice(1, 3)) assert.equal(await send(path, 'EMAIL_WORK'), 200)
  assert.deepEqual(await send('/beta/identities', 'EMAIL_WORK'), [400, '400.1.4 Limit violation'])
  assert.deepEqual(await send('/v2024/identities', 'EMAIL_WORK', {} as typeof experimental), [
    400,
    '400.1 Bad Request Content',
  ])
})

test('no link goes to an address or for a source that there is not, nor to whoever has no password', async (t) => {
  const { app, post } = await world(t)
  const send = async (id: string, body: object, name = 'ada') =>
    outcomeOf(await post(name, `/v2025/identities/${id}/verification/account/send`, body))
  const byMail = { via: 'EMAIL_WORK' }

  for (const body of [
    {},
    { via: 'SMS' },
    { via: 'EMAIL_PERSONAL' },
    { ...byMail, sourceName: 'Payroll' },
    { ...byMail, x: 1 },
  ])
    assert.equal(((await send(paul, body)) as unknown[])[0], 400, JSON.stringify(body))
  assert.deepEqual(await send(robot, byMail), [400, '400.1.3 Illegal value'])
  assert.deepEqual(await send(identityIdOf('acme', 'gone'), byMail), [400, '400.1.3 Illegal value'])
  assert.deepEqual(await send(identityIdOf('globex', 'paul'), byMail), [404, '404 Not found'])
  assert.deepEqual(await send(sam, byMail, 'harry'), [403, 'resource.denied'])
  assert.deepEqual(await send(paul, byMail, 'app-nightly'), [403, 'context.user_required'])
  assert.deepEqual(await auditOf(app, 'password.reset_requested'), [])
})

test('attributes are synchronised with nothing, which the job says', async (t) => {
  const { app, post } = await world(t)

  for (const path of LAYOUTS) {
    const answer = await post('ada', `${path}/${paul}/synchronize-attributes`)
    assert.equal(answer.status, 202, answer.text)
    const { id, status, payload } = answer.json()
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual([status, payload.type], ['SUCCESS', 'SYNCHRONIZE_IDENTITY_ATTRIBUTES'])
    assert.deepEqual(JSON.parse(payload.dataJson), { identityId: paul, attributes: [] })
  }
  const path = `/v2025/identities/${paul}/synchronize-attributes`
  assert.deepEqual(outcomeOf(await post('sam', path)), [403, 'level.missing'])
  assert.equal(outcomeOf(await post('app-idle', path)), 202)
  assert.deepEqual(outcomeOf(await post('app-idle', `/beta/identities/${paul}/synchronize-attributes`)), [
    403,
    'context.user_required',
  ])
  assert.equal((await app.call('POST', path, { headers: experimental })).status, 401)
})

test("another tenant's identity is not found, and stays as it is", async (t) => {
  const { app } = await world(t)
  const token = await app.tokenFor('ada', 'globex')
  const before = await read(app, paul)

  for (const [what, body] of [
    ['reset'],
    ['set-lifecycle-state', { lifecycleStateId: 'inactive' }],
    ['verification/account/send', { via: 'EMAIL_WORK' }],
    ['synchronize-attributes'],
  ] as const)
    for (const id of [paul, '0'.repeat(32), 'nonsense']) {
      const host = 'globex.api.localhost:8080'
      const call = { token, host, headers: experimental, ...(body && { body }) }
      assert.equal((await app.call('POST', `/v2025/identities/${id}/${what}`, call)).status, 404, `${what} ${id}`)
    }

  assert.deepEqual(await read(app, paul), before)
})
