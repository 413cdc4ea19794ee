import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from 'undici'
import { tenantFileFor } from '../test/support/tenant-fixtures.ts'
import { applier } from '../test/support/test-app.ts'
import { startTestServer } from '../test/support/test-server.ts'

test('a server that says it is ready has read the catalogs of its default tenant', async (t) => {
  const file = tenantFileFor('acme', { isDefault: true })
  const server = await startTestServer(t, {}, (installation) => applier(t, () => installation)(file))
  const { directory, forTenant } = server.installation.database
  const { id } = await directory.selectFrom('tenant').select('id').executeTakeFirstOrThrow()
  const lost = { document: Buffer.from('lost') }
  await forTenant(id).updateTable('catalog').set(lost).where('tenant_id', '=', id).execute()

  const { statusCode, body } = await request(`${server.url}/v3/ping`)
  await body.dump()

  assert.equal(statusCode, 200)
})
