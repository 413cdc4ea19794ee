import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { openTestInstallation } from '../../test/support/test-installation.ts'
import { writeTransaction } from '../database/write-transaction.ts'
import { ensureSecret } from './ensure-secret.ts'
import { digestSecret, matchesDigest, newSecret } from './secret.ts'
import { findSecrets } from './secrets.ts'

const CREDENTIAL = 'ab'.repeat(16)

async function world(t: TestContext) {
  const { makeTenant, keys, clock } = await openTestInstallation(t)
  const contextOf = await makeTenant('acme')
  const ensure = (secret: string, mayRevive = false) =>
    writeTransaction(contextOf().db, (tx) =>
      ensureSecret(tx, contextOf(), { credentialId: CREDENTIAL, secret, key: keys.secrets, mayRevive }),
    )
  const proves = async (secret: string): Promise<boolean> => {
    const { db, tenantId, nowMs } = contextOf()
    const live = (await findSecrets(db, tenantId, CREDENTIAL)).filter(
      ({ retired_at }) => retired_at === null || retired_at > nowMs,
    )
    return matchesDigest(
      live.map(({ digest }) => digest),
      digestSecret(keys.secrets, secret),
    )
  }
  return { contextOf, ensure, proves, clock }
}

test('a secret proves its credential until another takes its place', async (t) => {
  const { ensure, proves, clock } = await world(t)
  const [first, second] = [newSecret(), newSecret()]

  const standings = [await ensure(first), await ensure(first)]
  assert.deepEqual([await proves(first), await proves(second)], [true, false])
  clock.nowMs += 1
  standings.push(await ensure(second))

  assert.deepEqual(standings, ['replaced', 'live', 'replaced'])
  assert.deepEqual([await proves(first), await proves(second)], [false, true])
})

test('a retired secret stays retired, unless it may be revived', async (t) => {
  const { ensure, proves } = await world(t)
  const [first, second] = [newSecret(), newSecret()]
  await ensure(first)
  await ensure(second)

  assert.equal(await ensure(first), 'retired')
  assert.deepEqual([await proves(first), await proves(second)], [false, true])
  assert.equal(await ensure(first, true), 'revived')

  assert.deepEqual([await proves(first), await proves(second)], [true, false])
})

test('what is kept of a secret is neither the secret nor a plain hash of it, and is never thrown away', async (t) => {
  const { contextOf, ensure } = await world(t)
  const { db, tenantId } = contextOf()
  const secrets = [newSecret(), newSecret()]
  for (const secret of secrets) await ensure(secret)

  const kept = await findSecrets(db, tenantId, CREDENTIAL)

  assert.equal(kept.length, 2)
  for (const { digest } of kept) assert.equal(digest.length, 32)
  const otherKey = createSecretKey(randomBytes(32))
  const digests = kept.map(({ digest }) => digest)
  for (const secret of secrets) assert.equal(matchesDigest(digests, digestSecret(otherKey, secret)), false)
})

test('new secrets are 256 random bits in lower-case hex', () => {
  const secrets = Array.from({ length: 100 }, newSecret)

  for (const secret of secrets) assert.match(secret, /^[0-9a-f]{64}$/)
  assert.equal(new Set(secrets).size, 100)
})
