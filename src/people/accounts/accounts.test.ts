import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { identityIdOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp, type TestCall } from '../../../test/support/test-app.ts'
import { eventually } from '../../../test/support/eventually.ts'

const ACCOUNTS = '/sallyport/v1/identities'
const everything = { scope: ['sp:scopes:all'] }
const pathOf = (alias: string, verb = '') => `${ACCOUNTS}/${identityIdOf('acme', alias)}${verb && `/${verb}`}`

interface World {
  app: TestApp
  as: (name: string, request: string, body?: object, more?: TestCall) => Promise<TestAnswer>
}

async function world(t: TestContext): Promise<World> {
  const file = tenantFileFor('acme', {
    isDefault: true,
    identities: [personFor('acme', 'harry', { userLevels: ['HELPDESK'] }, everything)],
  })
  const app = await startTestApp(t, { tenants: [file, tenantFileFor('globex')] })
  return {
    app,
    as: async (name, request, body, more) => {
      const [method = '', path = ''] = request.split(' ')
      return app.call(method, path, { token: await app.tokenFor(name), ...(body && { body }), ...more })
    },
  }
}

const reasonOf = ({ status, headers }: TestAnswer) => headers['sallyport-reason'] ?? status

test('an administrator makes people and machines', async (t) => {
  const { as } = await world(t)

  const person = await as('ada', `POST ${ACCOUNTS}`, {
    alias: 'nina',
    email: 'nina@acme.test',
    userLevels: ['CERT_ADMIN'],
  })
  const machine = await as('ada', `POST ${ACCOUNTS}`, {
    alias: 'robot',
    kind: 'MACHINE',
    displayName: 'Night robot',
    enabled: false,
  })
  const listed = await as(
    'ada',
    `GET ${ACCOUNTS}?filters=${encodeURIComponent('kind eq "machine" or alias eq "nina"')}&sorters=alias`,
  )

  assert.equal(person.status, 201)
  assert.match(person.json().id, /^[0-9a-f]{32}$/)
  assert.partialDeepStrictEqual(person.json(), {
    alias: 'nina',
    displayName: 'nina',
    kind: 'HUMAN',
    enabled: true,
    userLevels: ['CERT_ADMIN'],
    hasPassword: false,
  })
  assert.partialDeepStrictEqual(machine.json(), {
    kind: 'MACHINE',
    displayName: 'Night robot',
    email: null,
    enabled: false,
  })
  assert.deepEqual(listed.json(), [person.json(), machine.json()])
  assert.deepEqual((await as('ada', `GET ${ACCOUNTS}/${person.json().id}`)).json(), person.json())
})

test('what nobody could be made of is refused, and nothing is made', async (t) => {
  const { as } = await world(t)
  const refused = async (body: object) => {
    const { status, json } = await as('ada', `POST ${ACCOUNTS}`, body)
    return [status, json().detailCode]
  }

  assert.deepEqual(await refused({ alias: 'ada' }), [400, '400.1.409 Reference conflict'])
  assert.deepEqual(await refused({ alias: 'two words' }), [400, '400.1 Bad Request Content'])
  assert.deepEqual(await refused({ alias: 'nina', userLevels: ['NOPE'] }), [400, '400.1.3 Illegal value'])
  assert.deepEqual(await refused({ alias: 'nina', userLevels: ['SOURCE_ADMIN', 'SOURCE_SUBADMIN'] }), [
    400,
    '400.1.3 Illegal value',
  ])
  assert.deepEqual(await refused({ alias: 'nina', email: 'a@x.test,b@x.test' }), [400, '400.1.3 Illegal value'])
  assert.deepEqual(await refused({ alias: 'nina', invite: true }), [400, '400.1.3 Illegal value'])
  assert.deepEqual(await refused({ alias: 'nina', passwordHash: 'x' }), [400, '400.1 Bad Request Content'])
  assert.deepEqual((await as('ada', `GET ${ACCOUNTS}?filters=alias%20eq%20%22nina%22`)).json(), [])
})

test('of creations of one alias at once, one succeeds', async (t) => {
  const { as } = await world(t)

  const answers = await Promise.all([1, 2, 3, 4].map(() => as('ada', `POST ${ACCOUNTS}`, { alias: 'nina' })))

  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 400, 400, 400],
  )
})

test('an invited person chooses a password by the link in the mail, and signs in with it', async (t) => {
  const { app, as } = await world(t)

  await as(
    'ada',
    `POST ${ACCOUNTS}`,
    { alias: 'nina', email: 'nina@acme.test', invite: true },
    { headers: { 'accept-language': 'de' } },
  )
  const mails = await eventually(
    async () => mailsIn(app),
    (found) => found.length > 0,
    5000,
  )
  const mail = mails.find((text) => text.includes('nina@acme.test')) ?? ''

  assert.match(mail, /Guten Tag nina/)
  const [, link = ''] = /(http:\S+\/login\/reset\?token=[A-Za-z0-9_-]{43})/.exec(mail) ?? []
  const page = await app.call('GET', new URL(link).pathname + new URL(link).search, { host: 'localhost:8080' })
  assert.equal(page.status, 200)
  assert.match(page.text, /name="password"|type="password"/)
})

const mailsIn = ({ data }: TestApp): string[] => {
  const outbox = join(data, 'outbox')
  if (!existsSync(outbox)) return []
  return readdirSync(outbox).map((name) => readFileSync(join(outbox, name), 'utf8'))
}

test('who cannot be mailed is not invited, and nobody more than three times an hour', async (t) => {
  const { as } = await world(t)
  const robot = await as('ada', `POST ${ACCOUNTS}`, { alias: 'robot', kind: 'MACHINE', email: 'robot@acme.test' })

  const answers = []
  for (let count = 0; count < 4; count += 1) answers.push(await as('harry', `POST ${pathOf('paul', 'invite')}`))
  const machine = await as('ada', `POST ${ACCOUNTS}/${robot.json().id}/invite`)
  await as('ada', `POST ${pathOf('sam', 'disable')}`)
  const disabled = await as('ada', `POST ${pathOf('sam', 'invite')}`)

  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202, 202, 400],
  )
  assert.equal(answers[3]?.json().detailCode, '400.1.4 Limit violation')
  assert.equal(machine.json().messages[0].text, 'A machine has no password to choose.')
  assert.match(disabled.json().messages[0].text, /^sam is disabled/)
})

test('disabling ends tokens and sign-in at once, and enabling revives none', async (t) => {
  const { app, as } = await world(t)
  const token = await app.tokenFor('paul')
  const look = async () => (await app.call('GET', '/v3/public-identities', { token })).status

  const before = await look()
  const disabled = await as('harry', `POST ${pathOf('paul', 'disable')}`)
  const during = await look()
  await assert.rejects(app.tokenFor('paul'))
  await as('harry', `POST ${pathOf('paul', 'enable')}`)

  assert.equal(disabled.json().enabled, false)
  assert.deepEqual([before, during, await look()], [200, 401, 401])
  assert.ok(await app.tokenFor('paul'))
})

test('the last administrator cannot be disabled, also by two who disable each other at once', async (t) => {
  const { app, as } = await world(t)
  const alone = await as('ada', `POST ${pathOf('ada', 'disable')}`)
  await as('ada', `PATCH /v3/auth-users/${identityIdOf('acme', 'harry')}`, [
    { op: 'add', path: '/capabilities/-', value: 'ORG_ADMIN' },
  ])
  const tokens = { ada: await app.tokenFor('ada'), harry: await app.tokenFor('harry') }

  const statuses = await Promise.all([
    app.call('POST', pathOf('harry', 'disable'), { token: tokens.ada }),
    app.call('POST', pathOf('ada', 'disable'), { token: tokens.harry }),
  ])

  assert.match(alone.json().messages[0].text, /^This is the last ORG_ADMIN/)
  assert.equal(statuses.filter(({ status }) => status === 200).length, 1)
})

test('an administrator sets a password, which ends what the old one opened', async (t) => {
  const { app, as } = await world(t)
  const token = await app.tokenFor('paul')
  const put = (alias: string, password: string) => as('ada', `PUT ${pathOf(alias, 'password')}`, { password })

  const weak = await put('paul', 'short')
  const named = await put('paul', 'paul is the best of us')
  const set = await put('paul', 'velvet otters march north')

  assert.match(weak.json().messages[0].text, /Too short/)
  assert.match(named.json().messages[0].text, /username/)
  assert.deepEqual([set.status, set.text], [204, ''])
  assert.equal((await app.call('GET', '/v3/public-identities', { token })).status, 401)
  assert.equal((await as('ada', `GET ${pathOf('paul')}`)).json().hasPassword, true)
})

test('whoever is given another password is told so by mail, and whoever is given the first is not', async (t) => {
  const { app, as } = await world(t)
  const put = (password: string) => as('ada', `PUT ${pathOf('paul', 'password')}`, { password })
  await put('velvet otters march north')
  await app.app.services.signIn.mails.idle()
  const before = mailsIn(app).length

  await put('short')
  await put('seven green lanterns')
  await app.app.services.signIn.mails.idle()

  const mails = mailsIn(app)
  assert.deepEqual([before, mails.length], [0, 1])
  assert.match(mails[0] ?? '', /To: paul@acme\.test[^]*was changed on 2026-06-01 12:00 UTC/)
  assert.doesNotMatch(mails[0] ?? '', /https?:|lanterns/)
})

test('a help desk helps people without levels, and nobody else; others help nobody', async (t) => {
  const { as } = await world(t)

  for (const verb of ['disable', 'enable', 'unlock', 'invite']) {
    assert.equal(reasonOf(await as('harry', `POST ${pathOf('sam', verb)}`)), 'resource.denied', verb)
    assert.equal(reasonOf(await as('sam', `POST ${pathOf('paul', verb)}`)), 'level.missing', verb)
    assert.equal(reasonOf(await as('hana', `POST ${pathOf('paul', verb)}`)), 'scope.missing', verb)
    assert.equal(reasonOf(await as('app-nightly', `POST ${pathOf('paul', verb)}`)), 'context.user_required', verb)
  }
  assert.equal(reasonOf(await as('harry', `POST ${ACCOUNTS}`, { alias: 'nina' })), 'level.missing')
  assert.equal(
    reasonOf(await as('harry', `PUT ${pathOf('paul', 'password')}`, { password: 'velvet otters march' })),
    'level.missing',
  )
  assert.equal((await as('harry', `POST ${pathOf('paul', 'unlock')}`)).status, 200)
})

test("another tenant's people are not found", async (t) => {
  const { app } = await world(t)
  const token = await app.tokenFor('ada', 'globex')
  const host = 'globex.api.localhost:8080'

  for (const verb of ['disable', 'enable', 'unlock', 'invite'])
    assert.equal((await app.call('POST', pathOf('paul', verb), { token, host })).status, 404)
  const password = { body: { password: 'velvet otters march north' }, token, host }
  assert.equal((await app.call('PUT', pathOf('paul', 'password'), password)).status, 404)
  assert.equal((await app.call('GET', pathOf('paul'), { token, host })).status, 404)
})

test('what is done to people is told in the audit trail, in the transaction that does it', async (t) => {
  const { app, as } = await world(t)
  await as('ada', `POST ${ACCOUNTS}`, { alias: 'nina', email: 'nina@acme.test', invite: true })
  await as('harry', `POST ${pathOf('paul', 'unlock')}`)
  await as('ada', `PUT ${pathOf('paul', 'password')}`, { password: 'velvet otters march north' })

  const { db, tenantId } = await app.contextOf()
  const events = await db
    .selectFrom('audit_event')
    .select(['action', 'actor_id'])
    .where('tenant_id', '=', tenantId)
    .where('actor_kind', '=', 'identity')
    .orderBy('position')
    .execute()

  assert.deepEqual(
    events.map(({ action, actor_id }) => [action, actor_id]),
    [
      ['identity.created', identityIdOf('acme', 'ada')],
      ['identity.invited', identityIdOf('acme', 'ada')],
      ['identity.unlocked', identityIdOf('acme', 'harry')],
      ['password.set', identityIdOf('acme', 'ada')],
      ['identity.updated', identityIdOf('acme', 'ada')],
    ],
  )
})
