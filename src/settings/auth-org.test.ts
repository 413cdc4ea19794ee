import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { openFormBrowser, PASSWORD } from '../../test/support/sign-in.ts'
import { clientFor, credentialOf, personFor, tenantFileFor } from '../../test/support/tenant-fixtures.ts'

const layouts = ['/v3/auth-org', '/v2024/auth-org', '/v2025/auth-org', '/v2026/auth-org', '/auth-org/v1']
const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]

/** Beside the usual people there is Grace, who signs in with a password. */
const startWithGrace = (t: TestContext): Promise<TestApp> =>
  startTestApp(t, {
    tenants: [
      tenantFileFor('acme', { isDefault: true, identities: [personFor('acme', 'grace', { password: PASSWORD })] }),
    ],
  })

async function auditsOf(app: TestApp): Promise<{ actor_id: string; details: string }[]> {
  const { db, tenantId } = await app.contextOf()
  return db
    .selectFrom('audit_event')
    .select(['actor_id', 'details'])
    .where('tenant_id', '=', tenantId)
    .where('action', '=', 'tenant.settings_updated')
    .orderBy('position')
    .execute()
}

test('every layout reads and changes lockout, session and network settings', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  for (const [index, layout] of layouts.entries()) {
    const lockout = await app.call('PATCH', `${layout}/lockout-config`, {
      token,
      body: replace('/maximumAttempts', index + 6),
    })
    const session = await app.call('PATCH', `${layout}/session-config`, {
      token,
      body: replace('/maxIdleTime', index + 20),
    })
    const network = await app.call('PATCH', `${layout}/network-config`, {
      token,
      body: replace('/range', [`10.${index}.0.0/16`]),
    })
    const read = await app.call('GET', `${layout}/lockout-config`, { token })

    assert.deepEqual(lockout.json(), { maximumAttempts: index + 6, lockoutDuration: 15, lockoutWindow: 5 })
    assert.deepEqual(session.json(), { maxIdleTime: index + 20, rememberMe: false, maxSessionTime: 720 })
    assert.deepEqual(network.json(), { range: [`10.${index}.0.0/16`], geolocation: [], whitelisted: false })
    assert.deepEqual(read.json(), lockout.json())
  }
  assert.equal((await app.call('GET', '/beta/auth-org/lockout-config', { token })).status, 404)
})

test('a change says who made it, and what was before', async (t) => {
  const app = await startTestApp(t)

  await app.call('PATCH', '/v3/auth-org/lockout-config', {
    token: await app.tokenFor('ada'),
    body: replace('/lockoutDuration', 30),
  })

  const [audit, ...others] = await auditsOf(app)
  assert.equal(others.length, 0)
  const { before, after } = JSON.parse(audit?.details ?? '{}')
  assert.deepEqual(before, { lockout: { maximumAttempts: 5, lockoutWindow: 5, lockoutDuration: 15 } })
  assert.equal(after.lockout.lockoutDuration, 30)
})

const unsound: [config: string, patch: object[], says: RegExp][] = [
  ['lockout', replace('/maximumAttempts', 16), /maximumAttempts.*15/],
  ['lockout', replace('/maximumAttempts', 0), /maximumAttempts.*1/],
  ['lockout', replace('/maximumAttempts', '7'), /maximumAttempts/],
  ['lockout', replace('/lockoutWindow', 4), /lockoutWindow/],
  ['lockout', replace('/lockoutDuration', 61), /lockoutDuration/],
  ['session', replace('/maxIdleTime', 1441), /maxIdleTime/],
  ['session', replace('/maxIdleTime', 720), /maxSessionTime must be more than maxIdleTime/],
  ['session', replace('/maxSessionTime', 10_081), /maxSessionTime/],
  ['session', replace('/rememberMe', 'yes'), /rememberMe/],
  ['network', replace('/range', ['10.0.0.0/33']), /10\.0\.0\.0\/33/],
  ['network', replace('/geolocation', ['CH']), /GeoIP/],
]

test('what may not be is refused as an illegal value that names it, and nothing changes', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  for (const [config, body, says] of unsound) {
    const answer = await app.call('PATCH', `/v2025/auth-org/${config}-config`, { token, body })

    assert.equal(answer.status, 400, JSON.stringify(body))
    assert.equal(answer.json().detailCode, '400.1.3 Illegal value', answer.text)
    assert.match(answer.json().messages[0].text, says)
  }
  assert.deepEqual(await auditsOf(app), [])
})

test('a member that there is not is an illegal update', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  for (const path of ['/captcha', '', '/__proto__/polluted']) {
    const body = [{ op: 'add', path, value: 1 }]
    const answer = await app.call('PATCH', '/v3/auth-org/lockout-config', { token, body })

    assert.equal(answer.json().detailCode, '400.1.1 Illegal update attempt', answer.text)
  }
})

test('what is removed has its default again, and null is an empty list', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  await app.call('PATCH', '/v3/auth-org/lockout-config', { token, body: replace('/maximumAttempts', 9) })
  await app.call('POST', '/v3/auth-org/network-config', { token, body: { range: ['10.0.0.0/8'] } })

  const removed = await app.call('PATCH', '/v3/auth-org/lockout-config', {
    token,
    body: [{ op: 'remove', path: '/maximumAttempts' }],
  })
  const emptied = await app.call('POST', '/v3/auth-org/network-config', {
    token,
    body: { range: null, geolocation: null, whitelisted: true },
  })

  assert.equal(removed.json().maximumAttempts, 5)
  assert.deepEqual(emptied.json(), { range: [], geolocation: [], whitelisted: true })
})

test('a network rule that would keep its own author out is refused, unless it is forced', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  const body = { range: ['203.0.113.0/24'], whitelisted: true }

  const refused = await app.call('POST', '/v3/auth-org/network-config', { token, body })
  const stillIn = await app.call('GET', '/v3/auth-org/network-config', { token })
  const forced = await app.call('POST', '/v3/auth-org/network-config?force=true', { token, body })
  const out = await app.call('GET', '/v3/auth-org/network-config', { token })

  assert.equal(refused.status, 400)
  assert.match(refused.json().messages[0].text, /keep you out.*127\.0\.0\.1.*force=true/)
  assert.equal(stillIn.status, 200)
  assert.equal(forced.status, 200, forced.text)
  assert.equal(out.status, 403)
  assert.equal(out.headers['sallyport-reason'], 'network.denied')
})

test('a network rule holds at once at the token endpoint, at the gateway and at sign-in', async (t) => {
  const app = await startWithGrace(t)
  const { clientId, clientSecret } = credentialOf('acme', 'ada')
  const token = await app.tokenFor('ada')
  const body = { range: ['127.0.0.1'], whitelisted: false }

  const { status } = await app.call('POST', '/v3/auth-org/network-config?force=true', { token, body })

  assert.equal(status, 200)
  const minted = await app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }).toString(),
  })
  assert.equal(minted.json().error, 'unauthorized_client')
  assert.equal(
    (await app.call('GET', '/sallyport/v1/access-matrix', { token })).headers['sallyport-reason'],
    'network.denied',
  )
  assert.equal((await openFormBrowser(app).get('/login')).status, 403)
})

test('a stricter lockout holds from the next sign-in on', async (t) => {
  const app = await startWithGrace(t)
  const body = [...replace('/maximumAttempts', 2), ...replace('/lockoutDuration', 5)]
  await app.call('PATCH', '/v3/auth-org/lockout-config', { token: await app.tokenFor('ada'), body })
  const browser = openFormBrowser(app)
  const statuses = []

  for (const password of ['wrong', 'wrong', PASSWORD]) statuses.push((await browser.signIn('grace', password)).status)
  app.clock.advance(5 * 60_000)
  statuses.push((await browser.signIn('grace')).status)

  assert.deepEqual(statuses, [403, 403, 403, 303])
})

test('the scope decides, for users and for applications, and HELPDESK changes what its level is named for', async (t) => {
  const scope = ['sp:auth-org:read']
  const app = await startTestApp(t, {
    tenants: [
      tenantFileFor('acme', {
        isDefault: true,
        identities: [
          personFor('acme', 'rita', { userLevels: ['ORG_ADMIN'] }, { scope }),
          personFor('acme', 'hugo', { userLevels: ['HELPDESK'] }, { scope: ['sp:scopes:all'] }),
        ],
        oauthClients: [clientFor('acme', 'app-reader', { grantTypes: ['CLIENT_CREDENTIALS'], scope })],
      }),
    ],
  })
  const body = replace('/maximumAttempts', 7)
  const answers = []

  for (const name of ['rita', 'app-reader', 'app-nightly', 'hugo', 'paul']) {
    const token = await app.tokenFor(name)
    const read = await app.call('GET', '/v3/auth-org/lockout-config', { token })
    const patch = await app.call('PATCH', '/v3/auth-org/lockout-config', { token, body })
    answers.push([name, read.status, patch.status])
  }

  assert.deepEqual(answers, [
    ['rita', 200, 403],
    ['app-reader', 200, 403],
    ['app-nightly', 200, 200],
    ['hugo', 200, 200],
    ['paul', 403, 403],
  ])
})

test('settings of one tenant are not those of another', async (t) => {
  const app = await startTestApp(t)
  await app.call('PATCH', '/v3/auth-org/lockout-config', {
    token: await app.tokenFor('ada'),
    body: replace('/maximumAttempts', 9),
  })

  const other = await app.call('GET', '/v3/auth-org/lockout-config', {
    host: 'globex.api.localhost:8080',
    token: await app.tokenFor('ada', 'globex'),
  })

  assert.equal(other.json().maximumAttempts, 5)
})

test('of changes made at once to different settings none is lost', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  const answers = await Promise.all([
    app.call('PATCH', '/v3/auth-org/lockout-config', { token, body: replace('/maximumAttempts', 8) }),
    app.call('PATCH', '/v3/auth-org/session-config', { token, body: replace('/maxIdleTime', 33) }),
    app.call('PATCH', '/v3/auth-org/lockout-config', { token, body: replace('/lockoutWindow', 44) }),
    app.call('PATCH', '/sallyport/v1/settings', { token, body: replace('/rateLimit/requests', 55) }),
  ])

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  )
  const { lockout, session, rateLimit } = (await app.call('GET', '/sallyport/v1/settings', { token })).json()
  assert.deepEqual(lockout, { maximumAttempts: 8, lockoutWindow: 44, lockoutDuration: 15 })
  assert.deepEqual([session.maxIdleTime, rateLimit.requests], [33, 55])
})
