import assert from 'node:assert/strict'
import { identityIdOf } from './tenant-fixtures.ts'
import type { TestApp } from './test-app.ts'

const LEVELS = '/v2025/authorization/custom-user-levels'

/** Makes a custom user level of these right sets in the tenant acme, published; answers its id. */
export async function customLevel(app: TestApp, ...rightSets: string[]): Promise<string> {
  const token = await app.tokenFor('ada')
  const headers = { 'x-sailpoint-experimental': 'true' }
  const owner = { id: identityIdOf('acme', 'ada'), name: 'ada' }
  const body = { name: `Of ${rightSets.join(', ')}`, description: 'For a test', owner, rightSets }
  const made = await app.call('POST', LEVELS, { token, headers, body })
  assert.equal(made.status, 200, made.text)
  const { id } = made.json()
  assert.equal((await app.call('POST', `${LEVELS}/${id}/publish`, { token, headers })).status, 200)
  return id
}

/** Makes these the user levels of somebody in acme. */
export async function giveLevels(app: TestApp, alias: string, ...value: string[]): Promise<void> {
  const token = await app.tokenFor('ada')
  const path = `/v2025/auth-users/${identityIdOf('acme', alias)}`
  const answer = await app.call('PATCH', path, { token, body: [{ op: 'replace', path: '/capabilities', value }] })
  assert.equal(answer.status, 200, answer.text)
}
