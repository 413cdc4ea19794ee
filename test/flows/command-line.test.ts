import assert from 'node:assert/strict'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { registerApply } from '../../src/cli/installation/apply.ts'
import { registerCan } from '../../src/cli/access/can.ts'
import { registerExplain } from '../../src/cli/access/explain.ts'
import { registerJwt } from '../../src/cli/jwt/jwt.ts'
import { registerMatrix } from '../../src/cli/access/matrix.ts'
import { runCommandLine } from '../support/command-line.ts'
import { fetchToken } from '../support/demo-secrets.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../support/tenant-fixtures.ts'

const IDENTITIES = ['GET', '/v2025/identities']
const sampleDocument = join(import.meta.dirname, '..', '..', 'examples', 'sample.openapi.yaml')

/** A server with the tenant acme and the sample catalog. */
const server = share(async (owner): Promise<TestServer> => {
  const started = await startTestServer(owner)
  const data = started.env['SALLYPORT_DATA_DIR'] ?? ''
  copyFileSync(sampleDocument, join(data, 'sample.openapi.yaml'))
  writeFileSync(join(data, 'acme.json'), JSON.stringify(tenantFileFor('acme', { isDefault: true })))
  const { exitCode, stderr } = await runCommandLine(registerApply, ['apply', '-f', join(data, 'acme.json')], started)
  assert.equal(exitCode, 0, stderr)
  await started.installation.changes.catchUp()
  return started
})

/** The variables of a fixture's credential, as the users of sail have them. */
function sailAs(name: string): NodeJS.ProcessEnv {
  const { clientId, clientSecret } = credentialOf('acme', name)
  return { SAIL_BASE_URL: server().url, SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret }
}

test('can says yes or no, with its exit code', async () => {
  const yes = await runCommandLine(registerCan, ['can', ...IDENTITIES], { env: sailAs('ada') })
  const no = await runCommandLine(registerCan, ['can', ...IDENTITIES], { env: sailAs('app-nightly') })

  assert.deepEqual([yes.stdout, yes.exitCode], ['yes\n', 0])
  assert.match(no.stdout, /^no: .+ \(context\.user_required\)\n$/)
  assert.equal(no.exitCode, 10)
})

test('explain tells check by check why a request is refused, and what would help', async () => {
  const { stdout, exitCode } = await runCommandLine(registerExplain, ['explain', ...IDENTITIES], {
    env: sailAs('paul'),
  })

  assert.match(stdout, /^Denied \(403\): /)
  assert.match(stdout, /^ok\tcontext\t/m)
  assert.match(stdout, /^FAIL\tlevel\t/m)
  assert.match(stdout, /^What would help:\n1\. /m)
  assert.equal(exitCode, 0)
})

test('explain tells by its tracking id why an answer was a refusal', async () => {
  const { clientId, clientSecret } = credentialOf('acme', 'app-nightly')
  const authorization = `Bearer ${await fetchToken(server().url, clientId, clientSecret)}`
  const refused = await fetch(`${server().url}/v2025/identities`, { headers: { authorization } })
  const trackingId = refused.headers.get('slpt-request-id') ?? ''

  const { stdout, stderr } = await runCommandLine(registerExplain, ['explain', trackingId], { env: sailAs('ada') })

  assert.equal(stderr, '')
  assert.match(stdout, /^Denied on 20\S+Z \(403\): /)
})

test('jwt looks into a token that the server issued', async () => {
  const { clientId, clientSecret } = credentialOf('acme', 'ada')
  const token = await fetchToken(server().url, clientId, clientSecret)

  const words = await runCommandLine(registerJwt, ['jwt', '-'], { stdin: token, nowMs: Date.now() })
  const json = await runCommandLine(registerJwt, ['jwt', '--json'], { stdin: token, nowMs: Date.now() })

  assert.match(words.stdout, /^Access token of the tenant acme\.\nUser context: it stands for ada, /)
  assert.match(words.stdout, /^It expires in 11 h 59 min\.$/m)
  const { kind, context, isExpired, claims } = JSON.parse(json.stdout)
  assert.deepEqual([kind, context, isExpired, claims.org], ['access', 'user', false, 'acme'])
})

test('matrix lists what operations demand', async () => {
  const args = ['matrix', '--path', '/v2025/identities', '--version', 'v2025']

  const { stdout, exitCode } = await runCommandLine(registerMatrix, args, { env: sailAs('ada') })

  assert.match(stdout, /^GET\t\/v2025\/identities\tuser\tidn:identity:read idn:identity:manage\t/m)
  assert.equal(exitCode, 0)
})

test('a wrong secret and a server that is not there are told apart by exit code', async () => {
  const wrong = { ...sailAs('ada'), SAIL_CLIENT_SECRET: 'ab'.repeat(32) }
  const nowhere = { ...sailAs('ada'), SAIL_BASE_URL: 'http://127.0.0.1:1' }

  const rejected = await runCommandLine(registerCan, ['can', ...IDENTITIES], { env: wrong })
  const lost = await runCommandLine(registerCan, ['can', ...IDENTITIES], { env: nowhere })

  assert.deepEqual([rejected.exitCode, lost.exitCode], [4, 8])
  assert.doesNotMatch(rejected.stderr, /abab/)
  assert.match(lost.stderr, /^No answer from http:\/\/127\.0\.0\.1:1\.\nNothing listens there/)
})
