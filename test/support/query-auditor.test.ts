import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openInstallation } from '../../src/installation.ts'
import { auditQueries, isUnbound } from './query-auditor.ts'
import { testInstallationOptions } from './test-database.ts'
import { onEnd } from './on-end.ts'

const unbound = [
  'select "id" from "identity" where "alias" = ?',
  'select "id" from "identity" where "tenant_id" in (?, ?)',
  'select "id" from "identity" where "tenant_id" = ? or "alias" = ?',
  'select "id" from "identity" where ("alias" = ? or "tenant_id" = ?)',
  'select "id" from "identity" where "tenant_id" = "tenant_id"',
  'update "identity" set "tenant_id" = ?1, "enabled" = 0'.replace('?1', '"tenant_id"'),
  'update "oauth_client" set "enabled" = $1 where "id" = $2',
  'delete from "credential_secret" where "credential_id" = $1',
  'insert into "identity" ("id", "alias") values (?, ?)',
  'insert into "consent" ("tenant_id", "scope") select ?, "scope" from "oauth_client"',
  'select "t"."id" from "personal_access_token" as "t" join "identity" on "identity"."id" = "t"."owner_id" where "t"."tenant_id" = $1',
  'select "id" from "identity" where "tenant_id" = $1 and exists (select from "session" where "session"."identity_id" = "identity"."id")',
  'select "id" from "identity" where "id" in (select "owner_id" from "personal_access_token" where "tenant_id" = $1)',
]

const bound = [
  'select "id" from "identity" where "tenant_id" = ? and ("alias" = ? or "id" = ?)',
  'update "oauth_client" set "enabled" = $1 where "tenant_id" = $2 and "id" = $3',
  'delete from "session" where "tenant_id" = $1',
  'insert into "identity" ("tenant_id", "id") values (?, ?) on conflict do nothing',
  'select "t"."id" from "personal_access_token" as "t" join "identity" on "identity"."tenant_id" = "t"."tenant_id" and "identity"."id" = "t"."owner_id" where "t"."tenant_id" = $1',
  'select "name" from "tenant" where "state" != ?',
  'create table "identity" ("tenant_id" text)',
]

for (const sql of unbound)
  test(`refuses: ${sql}`, () => {
    assert.equal(isUnbound(sql), true)
  })

for (const sql of bound)
  test(`accepts: ${sql}`, () => {
    assert.equal(isUnbound(sql), false)
  })

test('a statement that forgets the tenant fails its test, whatever it answers', async (t) => {
  const { log, assertClean } = auditQueries()
  const { database, close } = await openInstallation({ ...(await testInstallationOptions(t)), log })
  onEnd(t, close)
  const db = database.forTenant('5f0c9d52-1f0c-4d3a-8f6e-0f2f6f1d2a31')

  assert.doesNotThrow(assertClean)
  await db.selectFrom('identity').select('id').where('alias', '=', 'ada').execute()

  assert.throws(assertClean, /without a tenant:\nselect "id" from "identity"/)
})
