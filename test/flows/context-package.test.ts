import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { ContextError, createVerifier, type VerifierOptions } from '../../packages/context/context.js'
import { share } from '../support/shared-app.ts'
import { credentialOf, identityIdOf } from '../support/tenant-fixtures.ts'
import { DOMAIN, START_MS, startTestApp } from '../support/test-app.ts'
import type { Owner } from '../support/test-database.ts'
import { startUpstream, tenantsWithApi, valuesOf } from '../support/upstream.ts'

const ISSUER = `http://${DOMAIN}`

/** Hands the gateway's keys on and counts how often they are asked for; answers 500 while told to. */
async function startKeys(owner: Owner, keys: () => Promise<string>) {
  const asked = { times: 0, isDown: false }
  const server = createServer((_request, response) => {
    asked.times += 1
    if (asked.isDown) return void response.writeHead(500).end()
    return void keys().then((text) => response.end(text))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  owner.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const shared = share(async (owner) => {
  const upstream = await startUpstream(owner)
  const app = await startTestApp(owner, { tenants: tenantsWithApi(upstream.url) })
  const keys = await startKeys(owner, async () => (await app.call('GET', '/oauth/context-jwks')).text)
  const tokens = { sam: await app.tokenFor('sam'), nightly: await app.tokenFor('app-nightly') }
  return { app, upstream, keys, tokens }
})

async function headerFor(caller: 'sam' | 'nightly' = 'sam'): Promise<string> {
  const { app, upstream, tokens } = shared()
  await app.call('GET', '/v3/things', { token: tokens[caller] })
  const received = upstream.received.at(-1)
  assert.ok(received)
  return valuesOf(received, 'sallyport-context').join()
}

const verifier = (more: Partial<VerifierOptions> = {}) =>
  createVerifier({
    issuer: ISSUER,
    audience: shared().upstream.url,
    jwksUrl: shared().keys.url,
    nowMs: () => START_MS,
    ...more,
  })

test('what the gateway says of a caller is accepted, in user and in application context', async () => {
  const verify = verifier()

  const user = await verify(await headerFor('sam'))
  const application = await verify(await headerFor('nightly'))

  assert.deepEqual([user.context, user.sub], ['user', identityIdOf('acme', 'sam')])
  assert.deepEqual([user.authorities, user.scope], [['SOURCE_ADMIN'], ['sp:scopes:all']])
  assert.deepEqual(
    [application.context, application.sub],
    ['application', credentialOf('acme', 'app-nightly').clientId],
  )
  assert.equal(application.identity_id, undefined)
})

const options: [title: string, more: Partial<VerifierOptions>][] = [
  ['another issuer', { issuer: 'http://globex.api.localhost:8080' }],
  ['another upstream', { audience: 'http://127.0.0.1:1' }],
  ['a minute ago', { nowMs: () => START_MS + 65_000 }],
  ['the future', { nowMs: () => START_MS - 6000 }],
]

for (const [title, more] of options) {
  test(`a header of ${title} is refused`, async () => {
    await assert.rejects(verifier(more)(await headerFor()), ContextError)
  })
}

const changed: [title: string, change: (header: string) => unknown][] = [
  ['no header', () => undefined],
  ['an empty header', () => ''],
  ['two headers', (header) => [header, header]],
  ['two headers joined', (header) => `${header}, ${header}`],
  ['another payload', (header) => withPart(header, 1, { token_use: 'context', sub: 'admin' })],
  ['no algorithm', (header) => withPart(header, 0, { alg: 'none', typ: 'sallyport-context+jwt', kid: 'x' })],
  ['HS256', (header) => withPart(header, 0, { alg: 'HS256', typ: 'sallyport-context+jwt', kid: 'x' })],
  ['a payload that is no object', (header) => withPart(header, 1, null)],
  ['a changed signature', (header) => `${header.slice(0, -10)}AAAAAAAAAA`],
  ['70,000 characters', () => 'a'.repeat(70_000)],
]

function withPart(header: string, at: number, value: unknown): string {
  return header
    .split('.')
    .with(at, Buffer.from(JSON.stringify(value)).toString('base64url'))
    .join('.')
}

for (const [title, change] of changed) {
  test(`${title} is refused`, async () => {
    const header = await headerFor()

    await assert.rejects(verifier()(change(header)), ContextError)
  })
}

test('an access token is refused, although the same tenant signed it', async () => {
  await assert.rejects(verifier()(shared().tokens.sam), ContextError)
})

test('unknown key ids make for one more fetch in half a minute, however many are sent', async () => {
  const { keys } = shared()
  const clock = { nowMs: START_MS }
  const verify = verifier({ nowMs: () => clock.nowMs })
  const header = await headerFor()
  await verify(header)
  const before = keys.asked.times

  clock.nowMs += 30_000
  const forged = Array.from({ length: 50 }, (_, at) =>
    withPart(header, 0, { alg: 'ES256', typ: 'sallyport-context+jwt', kid: `k${at}` }),
  )
  const results = await Promise.allSettled(forged.map((each) => verify(each)))

  assert.ok(results.every(({ status }) => status === 'rejected'))
  assert.equal(keys.asked.times - before, 1)
})

test('while the keys cannot be fetched nothing is accepted, and afterwards what is right is', async () => {
  const { keys } = shared()
  const clock = { nowMs: START_MS }
  const verify = verifier({ nowMs: () => clock.nowMs })
  const header = await headerFor()

  keys.asked.isDown = true
  await assert.rejects(verify(header), ContextError)
  const before = keys.asked.times
  await assert.rejects(verify(header), ContextError)
  keys.asked.isDown = false
  clock.nowMs += 1000
  const caller = await verify(header)

  assert.equal(caller.context, 'user')
  assert.equal(keys.asked.times - before, 1)
})
