import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../test/support/test-app.ts'
import { PartlyApplied } from './apply.ts'

test('a secret that was made is told although another entry could not be applied: it is kept nowhere else', async (t) => {
  const { apply } = await startTestApp(t, { tenants: [] })
  const file = {
    tenant: { name: 'acme', settings: { tokens: { personalAccessTokensPerUser: 1 } } },
    identities: [{ alias: 'ada', personalAccessTokens: [{ name: 'one' }, { name: 'one too many' }] }],
    oauthClients: [{ name: 'made', grantTypes: ['CLIENT_CREDENTIALS'] }],
  }

  await assert.rejects(apply(file), (error) => {
    assert.ok(error instanceof PartlyApplied)
    assert.equal(error.problems.length, 1)
    assert.deepEqual(
      error.report.madeSecrets.map(({ entry }) => entry),
      ['personalAccessToken ada/one', 'oauthClient made'],
    )
    return true
  })
})
