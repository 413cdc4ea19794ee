import assert from 'node:assert/strict'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { runCommandLine, startCannedServer } from '../../../test/support/command-line.ts'
import * as doctor from '../../../test/support/doctor.ts'
import { selfSignedCertificate } from '../../../test/support/self-signed-certificate.ts'
import { startServedTenant } from '../../../test/support/served-tenant.ts'
import { share } from '../../../test/support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { registerDoctor } from './doctor.ts'

const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))
const { examine, assertWrong } = doctor
const environmentOf = (name: string, url = server().url) => doctor.environmentOf(name, url)

test('with nothing wrong every check passes, and nothing but a token and the named request is asked for', async () => {
  const { ok, exitCode, findings } = await examine(['GET', '/v3/sources'], environmentOf('ada'))

  assert.deepEqual([ok, exitCode], [true, 0])
  assert.deepEqual(
    findings.map(({ name, outcome }) => `${name} ${outcome}`),
    [
      'address ok',
      'name ok',
      'connection ok',
      'tls ok',
      'info ok',
      'clock ok',
      'version ok',
      'redirect skipped',
      'credential ok',
      'token ok',
      'bearer ok',
      'request ok',
    ],
  )
})

test('for people the first thing wrong and what to do about it stand last', async () => {
  const args = ['doctor', 'client', 'GET', '/v2025/identities']
  const { stdout, exitCode } = await runCommandLine(registerDoctor, args, {
    env: environmentOf('app-nightly'),
    nowMs: Date.now(),
  })

  assert.equal(exitCode, 10)
  assert.match(stdout, /^FAIL\trequest\t/m)
  assert.match(
    stdout,
    /\nWrong first: You may not ask for GET \/v2025\/identities.+\nDo this: Use a personal access token: .+ sallyport explain [0-9a-f]{32}\n$/,
  )
})

const refusals: [who: string, request: string[], message: RegExp, fix: RegExp][] = [
  ['app-nightly', ['GET', '/v2025/identities'], /403/, /Use a personal access token/],
  ['paul', ['GET', '/v3/transforms'], /403/, /user levels/],
  ['hana', ['GET', '/v3/roles'], /403/, /Add one of the scopes/],
  ['ada', ['GET', '/v2025/machine-identities'], /400/, /--experimental/],
  ['ada', ['GET', '/v3/nosuch'], /404/, /./],
]

for (const [who, request, message, fix] of refusals)
  test(`when ${who} is refused ${request.join(' ')}, the doctor names what would help`, async () => {
    assertWrong(await examine(request, environmentOf(who)), 'request', message, fix)
  })

test('an experimental operation is tried with its header when that is asked for', async () => {
  const { ok } = await examine(['GET', '/v2025/machine-identities', '--experimental'], environmentOf('ada'))

  assert.equal(ok, true)
})

test('credentials that the server rejects are the first thing wrong', async () => {
  const wrong = { ...environmentOf('ada'), SALLYPORT_CLIENT_SECRET: 'f'.repeat(64) }
  const disabled = environmentOf('app-disabled')
  const withoutGrant = environmentOf('app-portal')

  assertWrong(await examine([], wrong), 'token', /Bad client credentials/, /belong together/)
  assertWrong(await examine([], disabled), 'token', /Bad client credentials/, /enabled/)
  assertWrong(await examine([], withoutGrant), 'token', /refuses/, /CLIENT_CREDENTIALS/)
})

const { clientId, clientSecret } = credentialOf('acme', 'ada')
const shapes: [string, NodeJS.ProcessEnv, RegExp, RegExp][] = [
  ['nothing', {}, /not signed in/, /export/],
  ['half of it', { SALLYPORT_CLIENT_ID: clientId }, /Half of a credential/, /SALLYPORT_CLIENT_SECRET/],
  [
    'it the wrong way round',
    { SALLYPORT_CLIENT_ID: clientSecret, SALLYPORT_CLIENT_SECRET: clientId },
    /shape of a secret/,
    /mixed up/,
  ],
  [
    'a line end in it',
    { SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: `${clientSecret}\n` },
    /line end/,
    /without/,
  ],
  [
    'quotes around it',
    { SALLYPORT_CLIENT_ID: `"${clientId}"`, SALLYPORT_CLIENT_SECRET: clientSecret },
    /quotes/,
    /without/,
  ],
  [
    'a legacy id',
    { SALLYPORT_CLIENT_ID: 'aB3dE6gH9jK2mN5p', SALLYPORT_CLIENT_SECRET: clientSecret },
    /legacy/,
    /Create/,
  ],
  [
    'upper case in it',
    { SALLYPORT_CLIENT_ID: clientId.toUpperCase(), SALLYPORT_CLIENT_SECRET: clientSecret },
    /upper-case/,
    /as it was shown/,
  ],
  [
    'a token as id',
    { SALLYPORT_CLIENT_ID: 'eyJhbGciOiJFUzI1NiJ9', SALLYPORT_CLIENT_SECRET: clientSecret },
    /shape of a token/,
    /SALLYPORT_TOKEN/,
  ],
  ['a secret as token', { SALLYPORT_TOKEN: clientSecret }, /looks like a client secret/, /Exchange it/],
]

for (const [what, env, message, fix] of shapes)
  test(`an environment that holds ${what} is told apart, and what it holds is not repeated`, async () => {
    const report = await examine([], { SALLYPORT_URL: server().url, ...env })

    assertWrong(report, 'credential', message, fix)
    assert.equal(JSON.stringify(report).includes(clientSecret), false)
  })

const addresses: [string, RegExp, RegExp][] = [
  ['acme.api.example', /no address/, /Write https:\/\/acme\.api\.example/],
  ['ftp://acme.example', /no address/, /Give one such as/],
  ['https://user:secret@acme.example', /user name or password/, /Give https:\/\/acme\.example alone/],
  ['https://acme.login.sailpoint.com', /where people sign in/, /https:\/\/acme\.api\.identitynow\.com/],
  ['https://acme.identitynow.com', /where people sign in/, /https:\/\/acme\.api\.identitynow\.com/],
  ['http://acme.login.localhost:8080', /where people sign in/, /http:\/\/acme\.api\.localhost:8080/],
]

for (const [url, message, fix] of addresses)
  test(`the address ${url} is the first thing wrong`, async () => {
    assertWrong(await examine([], environmentOf('ada', url)), 'address', message, fix)
  })

test('a path behind the address is taken off, with a warning', async () => {
  const { ok, findings } = await examine([], environmentOf('ada', `${server().url}/v3`))

  assert.equal(ok, true)
  assert.deepEqual([findings[0]?.name, findings[0]?.outcome], ['address', 'warn'])
})

test('a name that nobody knows is the first thing wrong', async () => {
  const report = await examine([], environmentOf('ada', 'http://nosuch.invalid'))

  assertWrong(report, 'name', /unknown|No name server/, /Check/)
})

test('a port on which nothing listens is the first thing wrong', async (t) => {
  const { origin } = await startCannedServer(t, () => ({ status: 200 }))
  const { port } = new URL(origin)
  const closed = `http://127.0.0.1:${Number(port) === 1 ? 2 : 1}`

  assertWrong(await examine([], environmentOf('ada', closed)), 'connection', /Nothing listens/, /Check the port/)
})

test('a tenant that is not there is the first thing wrong', async () => {
  const url = server().url.replace('localhost', 'nosuch.api.localhost')

  assertWrong(await examine([], environmentOf('ada', url)), 'info', /404/, /tenant/)
})

test('a certificate that nobody vouches for and no TLS at all are told apart', async (t) => {
  const unknown = await startTls(t, 'localhost')
  const { origin: plain } = await startCannedServer(t, () => ({ status: 200 }))

  assertWrong(
    await examine([], environmentOf('ada', unknown)),
    'tls',
    /Nobody that this machine trusts/,
    /NODE_EXTRA_CA_CERTS/,
  )
  assertWrong(
    await examine([], environmentOf('ada', plain.replace('http:', 'https:'))),
    'tls',
    /speaks no TLS/,
    /http:\/\//,
  )
})

async function startTls(t: TestContext, name: string): Promise<string> {
  const tls = createTlsServer(selfSignedCertificate(name), (_request, response) => void response.end())
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
  t.after(() => tls.close())
  return `https://${name}:${(tls.address() as AddressInfo).port}`
}

test('clocks that are far apart are the first thing wrong, and a little apart a warning', async () => {
  const env = environmentOf('ada')

  assertWrong(await examine([], env, Date.now() + 3_600_000), 'clock', /1 h apart|59 min/, /NTP/)
  const { findings } = await examine([], env, Date.now() + 60_000)
  assert.equal(findings.find(({ name }) => name === 'clock')?.outcome, 'warn')
})

test('a redirect URI that nobody could register is the first thing wrong', async () => {
  const env = environmentOf('ada')

  const wrong = await examine(['--redirect-uri', 'http://app.example/cb'], env)
  const right = await examine(['--redirect-uri', 'https://app.example/cb'], env)

  assertWrong(wrong, 'redirect', /must use https/, /Register/)
  assert.equal(right.ok, true)
})

test('a path without a version is worth a warning', async () => {
  const { findings } = await examine(['GET', '/identities'], environmentOf('ada'))

  assert.equal(findings.find(({ name }) => name === 'version')?.outcome, 'warn')
})

for (const args of [['DELETE', '/v3/sources'], ['GET'], ['GET', 'v3/sources'], ['GET', '//evil.example/x']])
  test(`doctor client ${args.join(' ')} is a mistake on the command line`, async () => {
    const { exitCode } = await runCommandLine(registerDoctor, ['doctor', 'client', ...args], {
      env: environmentOf('ada'),
    })

    assert.equal(exitCode, 2)
  })
