import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eventually } from '../../../test/support/eventually.ts'
import { identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp } from '../../../test/support/test-app.ts'

const LAYOUTS = ['/beta/identities', '/v2024/identities', '/v2025/identities', '/v2026/identities', '/identities/v1']
const experimental = { 'x-sailpoint-experimental': 'true' }
const paul = identityIdOf('acme', 'paul')
const sam = identityIdOf('acme', 'sam')

interface World {
  app: TestApp
  invite: (name: string, body: object, path?: string, headers?: Record<string, string>) => Promise<TestAnswer>
}

async function world(t: TestContext, more: object[] = []): Promise<World> {
  const file = tenantFileFor('acme', {
    isDefault: true,
    identities: [personFor('acme', 'harry', { userLevels: ['HELPDESK'] }, { scope: ['sp:scopes:all'] }), ...more],
  })
  const app = await startTestApp(t, { tenants: [file, tenantFileFor('globex')] })
  return {
    app,
    invite: async (name, body, path = '/v2025/identities', headers = experimental) =>
      app.call('POST', `${path}/invite`, { token: await app.tokenFor(name), body, headers }),
  }
}

const mailsIn = ({ data }: TestApp): string[] => {
  const outbox = join(data, 'outbox')
  return existsSync(outbox) ? readdirSync(outbox).map((name) => readFileSync(join(outbox, name), 'utf8')) : []
}

const invitedIn = async (app: TestApp): Promise<string[]> => {
  const { db, tenantId } = await app.contextOf()
  const rows = await db
    .selectFrom('audit_event')
    .select('target_id')
    .where('tenant_id', '=', tenantId)
    .where('action', '=', 'identity.invited')
    .execute()
  return rows.map(({ target_id }) => target_id ?? '')
}

const outcomeOf = ({ status, headers, json }: TestAnswer) => [
  status,
  status === 403 ? headers['sallyport-reason'] : json().detailCode,
]

test('the people that are named get a mail each, in the language asked for', async (t) => {
  const { app, invite } = await world(t)

  const answer = await invite('ada', { ids: [paul, sam, paul] }, '/v2025/identities', {
    ...experimental,
    'accept-language': 'de',
  })

  assert.equal(answer.status, 202, answer.text)
  assert.partialDeepStrictEqual(answer.json(), {
    type: 'QUEUED_TASK',
    launcher: identityIdOf('acme', 'ada'),
    completionStatus: 'SUCCESS',
    messages: [],
    attributes: { invited: 2 },
  })
  const mails = await eventually(
    async () => mailsIn(app),
    (found) => found.length === 2,
    5000,
  )
  assert.ok(mails.some((mail) => mail.includes('paul@acme.test') && /Guten Tag paul/.test(mail)))
  assert.ok(mails.some((mail) => mail.includes('sam@acme.test')))
  assert.deepEqual((await invitedIn(app)).toSorted(), [paul, sam].toSorted())
})

test('every layout invites, and all but beta want the experimental header', async (t) => {
  const { invite } = await world(
    t,
    ['a', 'b', 'c', 'd', 'e'].map((name) => personFor('acme', name)),
  )

  for (const [index, path] of LAYOUTS.entries()) {
    const body = { ids: [identityIdOf('acme', 'abcde'.charAt(index))] }
    const bare = await invite('ada', body, path, {})
    assert.deepEqual(
      [bare.status, bare.headers['sallyport-reason']],
      path.startsWith('/beta') ? [202, undefined] : [400, 'header.experimental_required'],
    )
    assert.equal((await invite('ada', body, path)).status, 202)
  }
})

test('of people that are named, all are invited or none', async (t) => {
  const { app, invite } = await world(t, [{ alias: 'robot', id: identityIdOf('acme', 'robot'), kind: 'MACHINE' }])

  const unknown = await invite('ada', { ids: [paul, '0'.repeat(32)] })
  const machine = await invite('ada', { ids: [paul, identityIdOf('acme', 'robot')] })
  const foreign = await invite('ada', { ids: [paul, identityIdOf('globex', 'paul')] })

  assert.deepEqual([unknown.status, foreign.status], [404, 404])
  assert.deepEqual(outcomeOf(machine), [400, '400.1.3 Illegal value'])
  assert.deepEqual(await invitedIn(app), [])
})

test('all without a password are invited, and who cannot be is told of', async (t) => {
  const { app, invite } = await world(t, [
    { alias: 'robot', kind: 'MACHINE', email: 'robot@acme.test' },
    { alias: 'mute' },
    personFor('acme', 'gone', { enabled: false }),
  ])
  const set = await app.call('PUT', `/sallyport/v1/identities/${sam}/password`, {
    token: await app.tokenFor('ada'),
    body: { password: 'velvet otters march north' },
  })
  assert.equal(set.status, 204, set.text)

  const answer = await invite('harry', { uninvited: true })

  const { completionStatus, messages, attributes } = answer.json()
  const sentences = messages.map((message: { localizedText: { message: string } }) => message.localizedText.message)
  assert.deepEqual([completionStatus, attributes], ['WARNING', { invited: 1 }])
  assert.deepEqual(await invitedIn(app), [paul])
  assert.ok(sentences.includes('ada holds user levels, so only an ORG_ADMIN can do this.'), sentences.join())
  assert.ok(!sentences.some((sentence: string) => /^(sam|robot|mute|gone) /.test(sentence)), sentences.join())
})

test('more than a hundred at once are refused, and nobody is invited', async (t) => {
  const crowd = Array.from({ length: 101 }, (_, index) => ({ alias: `p${index}`, email: `p${index}@acme.test` }))
  const { app, invite } = await world(t, crowd)

  assert.deepEqual(outcomeOf(await invite('ada', { uninvited: true })), [400, '400.1.4 Limit violation'])
  const ids = Array.from({ length: 101 }, (_, index) => `x${index}`)
  assert.deepEqual(outcomeOf(await invite('ada', { ids })), [400, '400.1.4 Limit violation'])
  assert.deepEqual(await invitedIn(app), [])
})

test('a body that names nobody, or too much, is refused', async (t) => {
  const { invite } = await world(t)

  for (const body of [{}, { ids: null }, { ids: [] }, { ids: [paul], uninvited: true }])
    assert.deepEqual(outcomeOf(await invite('ada', body)), [400, '400.1.3 Illegal value'], JSON.stringify(body))
  for (const body of [{ ids: 'paul' }, { ids: [7] }, { uninvited: 'yes' }, { all: true }])
    assert.equal((await invite('ada', body)).status, 400, JSON.stringify(body))
})

test('a help desk invites people without levels; others invite nobody', async (t) => {
  const { app, invite } = await world(t)

  assert.deepEqual(outcomeOf(await invite('harry', { ids: [paul, sam] })), [403, 'resource.denied'])
  assert.deepEqual(await invitedIn(app), [])
  assert.equal((await invite('harry', { ids: [paul] })).status, 202)
  for (const [name, reason] of [
    ['sam', 'level.missing'],
    ['hana', 'scope.missing'],
    ['app-nightly', 'context.user_required'],
  ] as const)
    assert.deepEqual(outcomeOf(await invite(name, { ids: [paul] })), [403, reason], name)
})
