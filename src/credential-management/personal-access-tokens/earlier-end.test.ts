import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareTestApp } from '../../../test/support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'

const app = shareTestApp({ tenants: [tenantFileFor('acme', { isDefault: true })] })
const TOKENS = '/v2025/personal-access-tokens'

/** What a token that Paul's credential minted is answered once the credential is given another end. */
async function statusAfter(expirationDate: string): Promise<number> {
  const token = await app().tokenFor('paul')
  const body = [{ op: 'replace', path: '/expirationDate', value: expirationDate }]
  const { status, text } = await app().call('PATCH', `${TOKENS}/${credentialOf('acme', 'paul').clientId}`, {
    token,
    body,
  })
  assert.equal(status, 200, text)
  return (await app().call('GET', `${TOKENS}?owner-id=me`, { token })).status
}

test('a token that is to end within hours ends what it minted, which could outlive it; one that ends later does not', async () => {
  const outcomes = [
    await statusAfter('2026-09-01T00:00:00Z'),
    await statusAfter('2026-06-02T00:00:00Z'),
    await statusAfter('2026-06-01T23:59:59Z'),
    await statusAfter('2026-06-01T23:59:59.500Z'),
    await statusAfter('2026-06-01T13:00:00Z'),
  ]

  assert.deepEqual(outcomes, [200, 200, 401, 200, 401])
})
