import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../test/support/shared-app.ts'
import { identityIdOf, tenantFileFor } from '../../test/support/tenant-fixtures.ts'
import { DOMAIN, START_MS, type TestAnswer } from '../../test/support/test-app.ts'

const settings = { rateLimit: { requests: 1_000_000, windowSeconds: 1 } }
const app = shareTestApp({
  tenants: [
    tenantFileFor('acme', { isDefault: true, tenant: { settings } }),
    tenantFileFor('globex', { tenant: { settings } }),
  ],
})

const list = async (query: Record<string, string> = {}, who = 'ada', tenant = 'acme'): Promise<TestAnswer> =>
  app().call('GET', `/sallyport/v1/audit-events?${new URLSearchParams(query).toString()}`, {
    host: `${tenant}.api.${DOMAIN}`,
    token: await app().tokenFor(who, tenant),
  })

interface Event {
  position: number
  action: string
  target: { kind: string; id: string }
}

test('audit events come the newest first, with who did what to what', async () => {
  const answer = await list({ limit: '250', count: 'true' })

  const events: Event[] = answer.json()
  const positions = events.map(({ position }) => position)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['x-total-count'], String(events.length))
  assert.deepEqual(
    positions,
    positions.toSorted((a, b) => b - a),
  )
  const created = events.at(-1)
  assert.deepEqual(created, {
    position: 1,
    created: new Date(START_MS).toISOString(),
    actor: { kind: 'tenant_file', id: 'tenant.json' },
    action: 'tenant.created',
    target: { kind: 'tenant', id: created?.target.id },
    outcome: 'success',
    network: '',
    trackingId: (created as unknown as { trackingId: string }).trackingId,
    details: { name: 'acme' },
  })
})

for (const [filters, check] of [
  ['action eq "identity.created"', ({ action }) => action === 'identity.created'],
  ['action sw "personal_access_token."', ({ action }) => action.startsWith('personal_access_token.')],
  [`target.id eq "${identityIdOf('acme', 'ada')}"`, ({ target }) => target.id === identityIdOf('acme', 'ada')],
  ['position le 3', ({ position }) => position <= 3],
  ['actor.kind eq "tenant_file" and created ge 2026-01-01T00:00:00Z', () => true],
] as [string, (event: Event) => boolean][])
  test(`events are filtered by ${filters.replace(/"[0-9a-f]{32}"/, 'a target')}`, async () => {
    const events: Event[] = (await list({ filters })).json()

    assert.ok(events.length > 0)
    assert.ok(events.every(check))
  })

test('pages follow one another, oldest first when asked for', async () => {
  const pages = [
    await list({ sorters: 'position', limit: '2' }),
    await list({ sorters: 'position', limit: '2', offset: '2' }),
  ]

  assert.deepEqual(
    pages.flatMap((page) => page.json().map(({ position }: Event) => position)),
    [1, 2, 3, 4],
  )
})

test('the events of another tenant do not exist', async () => {
  const filters = `target.id eq "${identityIdOf('acme', 'ada')}"`

  assert.deepEqual((await list({ filters }, 'ada', 'globex')).json(), [])
})

for (const who of ['paul', 'sam', 'app-nightly'])
  test(`audit events are not for ${who}`, async () => {
    assert.equal((await list({}, who)).status, 403)
  })

const mistakes: Record<string, string>[] = [
  { filters: 'colour eq "red"' },
  { filters: 'mac eq "x"' },
  { sorters: 'details' },
  { limit: '251' },
]
for (const query of mistakes)
  test(`audit events are not asked for by ${new URLSearchParams(query).toString()}: 400`, async () => {
    assert.equal((await list(query)).status, 400)
  })
