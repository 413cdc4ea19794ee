import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hiddenFieldsOf, openFormBrowser, PASSWORD, startSignInApp } from '../support/sign-in.ts'
import { tenantFileFor } from '../support/tenant-fixtures.ts'
import { startTestApp } from '../support/test-app.ts'
import { proofOf } from '../support/token-requests.ts'

/** Ways to write a path that are read as the path itself. */
const spellings = (path: string): string[] => [path, `/${path}`, `${path}/`, `//${path}//`]

/** Ways that are not. */
const others = (path: string): string[] => [
  path.toUpperCase(),
  `${path}%20`,
  `${path}.`,
  `${path};x`,
  path.replace('o', '%6f'),
  `/.${path}`,
]

test('failed sign-ins count together, however the path of the form is spelled', async (t) => {
  const lockout = { maximumAttempts: 4, lockoutWindow: 5, lockoutDuration: 15 }
  const app = await startSignInApp(t, { settings: { lockout } })
  const browser = openFormBrowser(app)
  const form = hiddenFieldsOf((await browser.get('/login')).text)
  const post = async (path: string, password: string) =>
    (await browser.post(path, { ...form, username: 'ada', password })).status

  const elsewhere = await Promise.all(others('/login').map((path) => post(path, PASSWORD)))
  for (const path of spellings('/login')) assert.equal(await post(path, 'wrong'), 403, path)

  assert.equal(await post('/login', PASSWORD), 403)
  for (const status of elsewhere) assert.ok([400, 401, 404].includes(status), String(status))
  assert.deepEqual(
    [...browser.cookies.keys()].filter((name) => /session/.test(name)),
    [],
  )
})

test('failed proofs of a client count together, however the path of the token endpoint is spelled', async (t) => {
  const app = await startTestApp(t)
  const body = new URLSearchParams({ ...proofOf('ada'), client_secret: '0'.repeat(64) }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const statuses: number[] = []

  for (let at = 0; at < 24; at++) {
    const path = spellings('/oauth/token')[at % 4] ?? ''
    statuses.push((await app.call('POST', path, { headers, body })).status)
  }
  const elsewhere = await Promise.all(
    others('/oauth/token').map(async (path) => (await app.call('POST', path, { headers, body })).status),
  )

  assert.deepEqual([...new Set(statuses.slice(0, 20))], [400])
  assert.deepEqual([...new Set(statuses.slice(20))], [429])
  for (const status of elsewhere) assert.ok([400, 401, 404].includes(status), String(status))
})

test('requests count for one budget, however their path is spelled and whatever query it has', async (t) => {
  const settings = { rateLimit: { requests: 8, windowSeconds: 3600 } }
  const app = await startTestApp(t, { tenants: [tenantFileFor('acme', { isDefault: true, tenant: { settings } })] })
  const token = await app.tokenFor('ada')
  const paths = spellings('/v3/sources').flatMap((path) => [path, `${path}?limit=1`, `${path}?/beta/workgroups`])

  const answers = await Promise.all(paths.map((path) => app.call('GET', path, { token })))

  assert.equal(answers.filter(({ status }) => status === 200).length, 8)
  for (const { headers, text } of answers.filter(({ status }) => status !== 200)) {
    assert.equal(text, '{"message":" Rate Limit Exceeded "}')
    const told = Object.keys(headers).filter((name) => /remaining|attempt|limit/i.test(name))
    assert.deepEqual(told, [])
  }
})
