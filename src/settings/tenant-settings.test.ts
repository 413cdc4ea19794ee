import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DOMAIN, startTestApp, type TestApp } from '../../test/support/test-app.ts'

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const add = (path: string, value: unknown) => ({ op: 'add', path, value })
const SERVICE_PROVIDER = '/v2025/auth-org/service-provider-config'

async function actionsOf(app: TestApp): Promise<string[]> {
  const { db, tenantId } = await app.contextOf()
  const rows = await db
    .selectFrom('audit_event')
    .select(['action', 'actor_kind'])
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .execute()
  return rows.filter(({ actor_kind }) => actor_kind === 'identity').map(({ action }) => action)
}

test('the tenant tells its names and addresses to everybody with the scope', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('paul')

  for (const path of ['/beta/tenant', '/v2024/tenant', '/v2025/tenant', '/v2026/tenant', '/tenant/v1']) {
    const answer = await app.call('GET', path, { token })

    assert.equal(answer.status, 200, `${path} ${answer.text}`)
  }
  const { id, name, fullName, pod, products } = (
    await app.call('GET', '/v2025/tenant', { token, host: `acme.api.${DOMAIN}` })
  ).json()
  assert.deepEqual([id, name, fullName, pod], [(await app.contextOf()).tenantId, 'acme', 'acme', 'test'])
  assert.equal(products[0].apiUrl, `http://${DOMAIN}`)
})

test('a service provider configuration is kept by the published rules', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  const patch = (...body: object[]) => app.call('PATCH', SERVICE_PROVIDER, { token, body })
  const first = (await app.call('GET', SERVICE_PROVIDER, { token })).json()

  const refused = [
    await patch(...replace('/enabled', true)),
    await patch(add('/federationProtocolDetails/-', { role: 'SAML_IDP', mappingAttribute: 'uid' })),
    await patch({ op: 'remove', path: '/federationProtocolDetails/0' }),
    await patch(...replace('/federationProtocolDetails/1/callbackUrl', 'https://evil.example/')),
    await patch(add('/federationProtocolDetails/0/jitConfiguration', { enabled: true })),
    await patch(
      add('/federationProtocolDetails/0/jitConfiguration', {
        enabled: true,
        sourceId: 's1',
        sourceAttributeMappings: { firstName: 'a', email: 'b' },
      }),
    ),
    await patch(...replace('/samlConfigurationValid', true)),
    await patch(...replace('/enabled', 'true,')),
    await patch(add('/federationProtocolDetails/0/secret', 'x')),
  ]
  const accepted = await patch(
    add('/federationProtocolDetails/0/entityId', 'https://idp.example/'),
    add('/federationProtocolDetails/0/cert', 'MIIC...'),
    add('/federationProtocolDetails/0/loginUrlPost', 'https://idp.example/sso'),
    ...replace('/enabled', true),
  )

  assert.equal(first.enabled, false)
  assert.deepEqual(
    refused.map((answer) => [answer.status, answer.json().detailCode.split(' ')[0]]),
    ['400.1.3', '400.1.1', '400.1.1', '400.1.1', '400.1.3', '400.1.3', '400.1.1', '400.1.3', '400.1.3'].map((code) => [
      400,
      code,
    ]),
  )
  assert.equal(refused[4]?.json().messages[0].text, 'JIT source id is invalid.')
  assert.match(refused[5]?.json().messages[0].text, /lastName/)
  assert.equal(accepted.status, 200, accepted.text)
  const { enabled, samlConfigurationValid, federationProtocolDetails } = accepted.json()
  assert.deepEqual([enabled, samlConfigurationValid], [true, true])
  assert.equal(federationProtocolDetails[0].entityId, 'https://idp.example/')
  assert.deepEqual(federationProtocolDetails[1], first.federationProtocolDetails[1])
  assert.deepEqual((await app.call('GET', SERVICE_PROVIDER, { token })).json(), accepted.json())
  assert.deepEqual(await actionsOf(app), ['service_provider.updated'])
})

test('the context of a tenant is pairs that a patch adds, replaces and removes', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('sam')
  const patch = (body: object) => app.call('PATCH', '/v2025/tenant-context', { token, body })

  const added = await patch([add('/Key/IAS', 'Integrated Automation System'), add('/Key/a~1b', 'Slash')])
  const single = await patch({ op: 'replace', path: '/Key/IAS', value: 'International Accounting Standards' })
  const refused = [
    await patch([{ op: 'move', from: '/Key/IAS', path: '/Key/X' }]),
    await patch([add('/InvalidPath/IAS', 'x')]),
    await patch([{ op: 'remove', path: '/Key/NDR' }]),
    await patch([add('/Key/N', 7)]),
  ]
  const removed = await patch([{ op: 'remove', path: '/Key/a~1b' }])

  assert.deepEqual([added.status, single.status, removed.status], [200, 200, 200])
  assert.deepEqual(
    refused.map((answer) => [answer.status, answer.json().messages[0].text.split(' (')[0]]),
    [
      [400, 'invalid patch request: operation not allowed'],
      [400, 'invalid patch request: field not patchable or does not contain key'],
      [400, 'invalid patch request: there is no key NDR to remove'],
      [400, 'invalid patch request: the value of N must be text of at most 2000 characters'],
    ],
  )
  const read = await app.call('GET', '/tenant-context/v1', { token })
  assert.deepEqual(read.json(), [{ key: 'IAS', value: 'International Accounting Standards' }])
})

test('a tenant has at most a hundred pairs of context, also when two add at once', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  const pairs = (prefix: string) => Array.from({ length: 60 }, (_, index) => add(`/Key/${prefix}${index}`, 'x'))

  const answers = await Promise.all(
    ['a', 'b'].map((prefix) => app.call('PATCH', '/v2025/tenant-context', { token, body: pairs(prefix) })),
  )

  assert.deepEqual(
    answers.map(({ status }) => status).sort((one, other) => one - other),
    [200, 400],
  )
  const refused = answers.find(({ status }) => status === 400)
  assert.equal(refused?.json().detailCode, '400.1.4 Limit violation')
  assert.equal((await app.call('GET', '/v2025/tenant-context', { token })).json().length, 60)
})

test('an organisation has a time zone that exists, and keeps its name', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  const patch = (body: object) => app.call('PATCH', '/v2025/org-config', { token, body })

  const changed = await patch(replace('/timeZone', 'America/Toronto'))
  const unknown = await patch(replace('/timeZone', 'Mars/Olympus'))
  const renamed = await patch(replace('/orgName', 'globex'))

  assert.deepEqual([changed.json().orgName, changed.json().timeZone], ['acme', 'America/Toronto'])
  assert.equal(unknown.json().detailCode, '400.1.3 Illegal value')
  assert.equal(renamed.json().detailCode, '400.1.1 Illegal update attempt')
  assert.equal((await app.call('GET', '/org-config/v1', { token })).json().timeZone, 'America/Toronto')
})

test('time zones come in pages of at most fifty, and the count is of all', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')

  const first = await app.call('GET', '/v2025/org-config/valid-time-zones?count=true', { token })
  const second = await app.call('GET', '/v2025/org-config/valid-time-zones?limit=2&offset=50', { token })
  const past = await app.call('GET', '/v2025/org-config/valid-time-zones?offset=100000', { token })
  const tooMany = await app.call('GET', '/v2025/org-config/valid-time-zones?limit=51', { token })

  assert.equal(first.json().length, 50)
  assert.ok(Number(first.headers['x-total-count']) > 300)
  assert.equal(second.json().length, 2)
  assert.ok(second.json()[0] > first.json()[49])
  assert.deepEqual(past.json(), [])
  assert.equal(tooMany.status, 400)
})

test('a tenant has one auth profile, of which only some members change', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  const [{ id, tenant }] = (await app.call('GET', '/v2025/auth-profiles', { token })).json()
  const path = `/beta/auth-profiles/${id}`

  const changed = await app.call('PATCH', path, {
    token,
    body: [...replace('/type', 'MFA'), ...replace('/offNetwork', true)],
  })
  const unknown = await app.call('PATCH', path, { token, body: replace('/type', 'OPEN') })
  const renamed = await app.call('PATCH', path, { token, body: replace('/name', 'Other') })
  const other = await app.call('GET', `/auth-profiles/v1/${'0'.repeat(32)}`, { token })
  const theirs = await app.call('GET', `/v2025/auth-profiles/${id}`, {
    host: `globex.api.${DOMAIN}`,
    token: await app.tokenFor('ada', 'globex'),
  })

  assert.equal(tenant, 'acme')
  assert.deepEqual([changed.json().type, changed.json().offNetwork, changed.json().name], ['MFA', true, 'Default'])
  assert.equal(unknown.json().detailCode, '400.1.3 Illegal value')
  assert.equal(renamed.json().detailCode, '400.1.1 Illegal update attempt')
  assert.deepEqual([other.status, theirs.status], [404, 404])
  assert.equal('applicationId' in changed.json(), false)
  assert.deepEqual((await app.call('GET', `/v2025/auth-profiles/${id}`, { token })).json(), {
    ...changed.json(),
    applicationId: null,
    applicationName: null,
  })
})

test('what one tenant sets another does not see', async (t) => {
  const app = await startTestApp(t)
  const token = await app.tokenFor('ada')
  await app.call('PATCH', '/v2025/tenant-context', { token, body: [add('/Key/IAS', 'ours')] })
  await app.call('PATCH', '/v2025/org-config', { token, body: replace('/timeZone', 'Europe/Zurich') })

  const theirs = { host: `globex.api.${DOMAIN}`, token: await app.tokenFor('ada', 'globex') }
  assert.deepEqual((await app.call('GET', '/v2025/tenant-context', theirs)).json(), [])
  const { orgName, timeZone } = (await app.call('GET', '/v2025/org-config', theirs)).json()
  assert.deepEqual([orgName, timeZone], ['globex', 'UTC'])
})

test('each of these is refused without the level or the context it asks for', async (t) => {
  const app = await startTestApp(t)
  const [paul, nightly] = [await app.tokenFor('paul'), await app.tokenFor('app-nightly')]
  const body = replace('/timeZone', 'UTC')
  const reasonOf = async (method: string, path: string, token: string) =>
    (await app.call(method, path, { token, ...(method === 'PATCH' && { body }) })).headers['sallyport-reason']

  assert.equal(await reasonOf('GET', '/v2025/tenant-context', paul), 'level.missing')
  assert.equal(await reasonOf('GET', '/v2025/org-config', paul), 'level.missing')
  assert.equal(await reasonOf('GET', '/v2025/auth-profiles', paul), 'scope.beyond_level')
  assert.equal(await reasonOf('GET', SERVICE_PROVIDER, paul), 'scope.beyond_level')
  assert.equal(await reasonOf('PATCH', '/v2025/org-config', nightly), 'context.user_required')
  assert.equal(await reasonOf('GET', '/v2025/auth-profiles', nightly), 'context.user_required')
  assert.equal(await reasonOf('GET', '/v2025/org-config', nightly), undefined)
})
