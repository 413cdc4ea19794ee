import assert from 'node:assert/strict'
import crypto, { generateKeyPairSync } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { test, type TestContext } from 'node:test'
import { forge, signEs256 } from '../../test/support/forge.ts'
import { startTestApp, type TestApp } from '../../test/support/test-app.ts'
import { rotateSigningKey } from '../keys/rotate.ts'

const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const byAttacker = (input: Buffer): Buffer => signEs256(attacker.privateKey, input)

/** Counts the signatures that this process really verifies. */
function countVerifications(t: TestContext): () => number {
  const { mock } = t.mock.method(crypto, 'verify')
  syncBuiltinESMExports()
  t.after(() => {
    mock.restore()
    syncBuiltinESMExports()
  })
  return () => mock.callCount()
}

async function reasons(app: TestApp, tokens: readonly string[]): Promise<unknown[]> {
  const answers = await Promise.all(tokens.map((token) => app.call('GET', '/v3/sources', { token })))
  return [...new Set(answers.map(({ headers }) => headers['sallyport-reason']))]
}

const statusOf = async (app: TestApp, token: string): Promise<number> =>
  (await app.call('GET', '/v3/sources', { token })).status

test('a signature is verified once, however often its token is sent', async (t) => {
  const app = await startTestApp(t)
  const [one, two] = [await app.tokenFor('ada'), await app.tokenFor('ada')]
  const verifications = countVerifications(t)

  for (let at = 0; at < 20; at++) await statusOf(app, one)
  const ofOne = verifications()
  for (let at = 0; at < 20; at++) await statusOf(app, two)

  assert.deepEqual([ofOne, verifications()], [1, 2])
})

test('a token that is refused is not remembered, and costs no other its place', async (t) => {
  const app = await startTestApp(t)
  const good = await app.tokenFor('ada')
  const forged = await forge(app, { sign: byAttacker })
  await statusOf(app, good)
  const verifications = countVerifications(t)

  for (let at = 0; at < 5; at++) assert.equal(await statusOf(app, forged), 401)
  const ofForged = verifications()
  await statusOf(app, good)

  assert.deepEqual([ofForged, verifications()], [5, 5])
})

test('unknown key ids cost neither a verification nor a question to the database', async (t) => {
  const asked: string[] = []
  const app = await startTestApp(t, { onStatement: (sql) => void (/"signing_key"/.test(sql) && asked.push(sql)) })
  await statusOf(app, await app.tokenFor('ada'))
  const kids = Array.from({ length: 200 }, (_, at) => `nosuch-${at}`)
  const tokens = await Promise.all(kids.map((kid) => forge(app, { header: { kid } })))
  const verifications = countVerifications(t)
  const before = asked.length

  const seen = await reasons(app, tokens)

  assert.deepEqual(seen, ['auth.invalid'])
  assert.deepEqual([verifications(), asked.length - before], [0, 0])
})

test('a token written with a leaked key dies with the key, used before or not, whatever it says of its time', async (t) => {
  const app = await startTestApp(t)
  const claims = { jti: '00ffffff-ffff-8abc-8abc-0123456789ab' } // issued when no cut-off will ever have been made
  const used = await forge(app, { claims })
  const unused = await forge(app, { claims: { ...claims, user_name: 'x' } })
  assert.equal(await statusOf(app, used), 200)
  const { keys, changes } = app.installation

  await rotateSigningKey(await app.contextOf(), { purpose: 'access', wrapping: keys.wrapping, isEmergency: true })
  await changes.catchUp()

  assert.deepEqual([await statusOf(app, used), await statusOf(app, unused)], [401, 401])
  assert.equal(await statusOf(app, await app.tokenFor('ada')), 200)
})
