import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentialOf } from '../../test/support/tenant-fixtures.ts'
import { startTestApp, START_MS, type TestApp } from '../../test/support/test-app.ts'
import { CredentialUses } from './uses.ts'
import { findLastUses } from './use-store.ts'

const HOUR_MS = 3_600_000
const samId = credentialOf('acme', 'sam').clientId

/** The last uses of a credential, after minutes since the start: of all of it, and of its one secret. */
async function usesOf({ app, contextOf }: TestApp, credentialId = samId) {
  await app.services.uses.flush()
  const { db, tenantId } = await contextOf()
  const { '': whole, ...secrets } = Object.fromEntries(await findLastUses(db, tenantId, credentialId))
  return { whole, secrets: Object.values(secrets) }
}

test('the last use is exact to the minute, and the one that ISC tells moves on once a day', async (t) => {
  const app = await startTestApp(t)
  const seen = []
  for (const ms of [30_000, 20 * HOUR_MS, 5 * HOUR_MS]) {
    app.clock.advance(ms)
    await app.tokenFor('sam')
    seen.push((await usesOf(app)).whole)
  }

  assert.deepEqual(seen, [
    { last_at: START_MS, daily_at: START_MS },
    { last_at: START_MS + 20 * HOUR_MS, daily_at: START_MS },
    { last_at: START_MS + 25 * HOUR_MS, daily_at: START_MS + 25 * HOUR_MS },
  ])
})

test('the secret that proved a credential has a last use of its own; an attempt that failed is no use', async (t) => {
  const app = await startTestApp(t)
  await app.tokenFor('sam')
  const { clientId } = credentialOf('acme', 'paul')
  const form = `grant_type=client_credentials&client_id=${clientId}&client_secret=${'0'.repeat(64)}`
  await app.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
  })

  assert.deepEqual((await usesOf(app)).secrets, [{ last_at: START_MS, daily_at: START_MS }])
  assert.deepEqual(await usesOf(app, clientId), { whole: undefined, secrets: [] })
})

test('a minute of many tokens is written once, and what cannot be written is kept', async (t) => {
  const { contextOf } = await startTestApp(t)
  const { db, tenantId } = await contextOf()
  let isDown = true
  let written = 0
  const errors: unknown[] = []
  const uses = new CredentialUses({
    databaseOf: () => {
      if (isDown) throw new Error('down')
      written += 1
      return db
    },
    nowMs: () => START_MS,
    onError: (error) => errors.push(error),
  })
  const note = () => uses.note({ tenantId, credentialId: samId, secretId: undefined })

  note()
  await uses.flush()
  isDown = false
  await uses.flush()
  for (let turn = 0; turn < 100; turn++) note()
  await uses.flush()

  assert.equal(errors.length, 1)
  assert.equal(written, 1)
  assert.equal((await findLastUses(db, tenantId, samId)).get('')?.last_at, START_MS)
})
