import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { rotateSigningKey } from './rotate.ts'

const IDENTITIES = '/v2025/identities'
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid as string

const publishedBy = async ({ call }: TestApp): Promise<string[]> =>
  (await call('GET', '/oauth/jwks')).json().keys.map(({ kid }: { kid: string }) => kid)

const statusWith = async ({ call }: TestApp, token: string): Promise<number> =>
  (await call('GET', IDENTITIES, { token })).status

async function rotate(app: TestApp, isEmergency: boolean): Promise<void> {
  const { keys, changes } = app.installation
  await rotateSigningKey(await app.contextOf(), { purpose: 'access', wrapping: keys.wrapping, isEmergency })
  await changes.catchUp()
}

test('a new key is published before it signs, and the old one verifies what it signed', async (t) => {
  const app = await startTestApp(t)
  const old = await app.tokenFor('ada')

  await rotate(app, false)

  const published = await publishedBy(app)
  assert.equal(published.length, 2)
  assert.equal(kidOf(await app.tokenFor('ada')), kidOf(old), 'whoever caches our keys must know the new one first')
  app.clock.advance(10 * MINUTE_MS)
  const young = await app.tokenFor('ada')
  assert.ok(published.includes(kidOf(young)) && kidOf(young) !== kidOf(old))
  assert.deepEqual([await statusWith(app, old), await statusWith(app, young)], [200, 200])
})

test('an old key is gone once nothing that it signed can live', async (t) => {
  const app = await startTestApp(t)
  const old = await app.tokenFor('ada')
  await rotate(app, false)

  app.clock.advance(DAY_MS)

  assert.deepEqual(await publishedBy(app), [kidOf(await app.tokenFor('ada'))])
  assert.notEqual(kidOf(await app.tokenFor('ada')), kidOf(old))
})

test('in an emergency the new key signs at once, the old one is gone, and every token is dead', async (t) => {
  const app = await startTestApp(t)
  const old = await app.tokenFor('ada')

  await rotate(app, true)

  const young = await app.tokenFor('ada')
  assert.deepEqual(await publishedBy(app), [kidOf(young)])
  assert.deepEqual([await statusWith(app, old), await statusWith(app, young)], [401, 200])
})

test('a key takes its leave by itself after ninety days', async (t) => {
  const app = await startTestApp(t)
  const old = kidOf(await app.tokenFor('ada'))

  app.clock.advance(90 * DAY_MS)
  await app.tokenFor('ada')
  app.clock.advance(10 * MINUTE_MS)

  assert.notEqual(kidOf(await app.tokenFor('ada')), old)
})

test('of ten rotations at once each makes a key of its own or none, and the chain of generations has no gap', async (t) => {
  const app = await startTestApp(t)
  await app.tokenFor('ada')

  await Promise.all(Array.from({ length: 10 }, () => rotate(app, false)))

  const { db, tenantId } = await app.contextOf()
  const rows = await db
    .selectFrom('signing_key')
    .select('generation')
    .where('tenant_id', '=', tenantId)
    .where('purpose', '=', 'access')
    .orderBy('generation')
    .execute()
  assert.deepEqual(
    rows.map(({ generation }) => generation),
    rows.map((_row, index) => index + 1),
  )
})
