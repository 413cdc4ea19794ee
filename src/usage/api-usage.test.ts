import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../test/support/test-app.ts'
import { dateOf } from './day.ts'
import { readUsageWindow } from './api-usage.ts'

const NOW_MS = Date.UTC(2026, 5, 17, 12)
const headers = { 'x-sailpoint-experimental': 'true' }

const windows: [filters: string | undefined, since: string, until: string, method?: string][] = [
  [undefined, '2026-06-01', '2026-06-17'],
  ['startDate gt "2026-05-20"', '2026-05-21', '2026-06-17'],
  ['startDate eq 2026-05-20', '2026-05-20', '2026-06-17'],
  ['startDate eq 2026-05-20 and endDate lt 2026-06-01', '2026-05-20', '2026-05-31'],
  ['method eq "get", startDate gt "2026-06-01"', '2026-06-02', '2026-06-17', 'GET'],
  ['method eq "POST" and endDate eq "2026-06-03"', '2026-06-01', '2026-06-03', 'POST'],
]

for (const [filters, since, until, method] of windows)
  test(`API usage with ${filters ?? 'no filter'} is from ${since} to ${until}`, () => {
    const { days, ...rest } = readUsageWindow(filters, NOW_MS)

    assert.deepEqual([dateOf(days.since), dateOf(days.until)], [since, until])
    assert.deepEqual(rest, method === undefined ? {} : { method })
  })

test('other filters of API usage are refused', () => {
  for (const filters of [
    'path eq "/v3"',
    'method ne "GET"',
    'startDate gt "soon"',
    'method eq "GET" or method eq "PUT"',
    'not method eq "GET"',
    'startDate eq 2026-06-10 and endDate eq 2026-06-09',
  ])
    assert.throws(() => readUsageWindow(filters, NOW_MS), { name: 'DomainError', code: 'invalid' }, filters)
})

test('API usage counts the calls of a tenant, and lists its paths, the busiest first', async (t) => {
  const app = await startTestApp(t)
  const [ada, sam] = [await app.tokenFor('ada'), await app.tokenFor('sam')]
  for (const token of [sam, sam, ada]) await app.call('GET', '/v3/sources', { token })
  await app.call('GET', '/v2025/tenant', { token: sam })

  const sources = encodeURIComponent('startDate eq "2026-06-01"')
  const summary = await app.call('GET', `/v2025/api-usage/summary?filters=${sources}&limit=2`, { token: ada, headers })
  const count = await app.call('GET', '/v2026/api-usage/count', { token: ada, headers })
  const posts = await app.call('GET', `/api-usage/v1/count?filters=${encodeURIComponent('method eq "POST"')}`, {
    token: ada,
    headers,
  })
  const page = await app.call('GET', '/v2025/api-usage/summary?offset=100', { token: ada, headers })

  assert.deepEqual(summary.json()[0], { RequestedUri: '/v3/sources', NumberOfCalls: 3 })
  assert.equal(summary.json().length, 2)
  assert.deepEqual(count.json(), { NumberOfCalls: 6 })
  assert.deepEqual(posts.json(), { NumberOfCalls: 0 })
  assert.deepEqual(page.json(), [])
})

test('API usage is experimental, for administrators, and of the own tenant alone', async (t) => {
  const app = await startTestApp(t)
  const [ada, sam] = [await app.tokenFor('ada'), await app.tokenFor('sam')]
  await app.call('GET', '/v3/sources', { token: ada })

  const path = '/v2025/api-usage/count'
  const plain = await app.call('GET', path, { token: ada })
  const other = await app.call('GET', path, { token: sam, headers })
  const theirs = await app.call('GET', '/v2025/api-usage/summary', {
    host: 'globex.api.localhost:8080',
    token: await app.tokenFor('ada', 'globex'),
    headers,
  })

  assert.deepEqual([plain.status, other.status], [400, 403])
  assert.deepEqual(theirs.json(), [{ RequestedUri: '/v2025/api-usage/summary', NumberOfCalls: 1 }])
})
