import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { registerPolicy } from '../../src/cli/access/policy/policy.ts'
import { type CommandResult, runCommandLine } from '../support/command-line.ts'
import { emptyPlace } from '../support/data-places.ts'
import { ADA, demoSecret } from '../support/demo-secrets.ts'
import { runSallyport, startSallyport } from '../support/sallyport-process.ts'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../support/tenant-fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-policy-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))
const hurried = share((owner) =>
  startServedTenant(
    owner,
    tenantFileFor('acme', {
      isDefault: true,
      tenant: { settings: { rateLimit: { requests: 2, windowSeconds: 1 } } },
    }),
  ),
)

/** Tests these expectations, written as JSON (which is YAML) or as text, as ada. */
async function testPolicy(
  expectations: object | string,
  { args = [], at = server }: { args?: string[]; at?: typeof server } = {},
): Promise<CommandResult> {
  const file = join(folder, 'policy.yaml')
  writeFileSync(file, typeof expectations === 'string' ? expectations : JSON.stringify({ expectations }))
  const { clientId, clientSecret } = credentialOf('acme', 'ada')
  const env = { SALLYPORT_URL: at().url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
  return runCommandLine(registerPolicy, ['policy', 'test', file, ...args], { env })
}

const ada = `pat:${credentialOf('acme', 'ada').clientId}`
const nightly = `client:${credentialOf('acme', 'app-nightly').clientId}`

test('expectations that hold are told one by one, with exit code 0', async () => {
  const { stdout, exitCode } = await testPolicy([
    { title: 'administrators', as: ada, may: ['GET /v2025/identities'] },
    { as: nightly, mayNot: [{ request: 'GET /v2025/identities', reason: 'context.user_required' }] },
    { as: { context: 'user', userLevels: ['HELPDESK'], scopes: ['idn:sources:read'] }, mayNot: ['GET /v3/sources'] },
  ])

  assert.match(stdout, /^ok\t.*policy\.yaml:1\tadministrators\tmay GET \/v2025\/identities\t$/m)
  assert.match(stdout, /\tmay not GET \/v2025\/identities \(context\.user_required\)\t$/m)
  assert.match(stdout, /^3 hold, 0 do not$/m)
  assert.equal(exitCode, 0)
})

test('an expectation that does not hold is told with the reason, and the exit code is 10', async () => {
  const { stdout, exitCode } = await testPolicy([
    { as: nightly, may: ['GET /v2025/identities'] },
    { as: ada, mayNot: ['GET /v2025/identities'] },
    { as: nightly, mayNot: [{ request: 'GET /v2025/identities', reason: 'scope.missing' }] },
  ])

  assert.match(stdout, /^FAIL\t.*\tmay GET .*\tmay not: context\.user_required\. The operation needs a user\./m)
  assert.match(stdout, /^FAIL\t.*\tmay, but should not$/m)
  assert.match(stdout, /^FAIL\t.*another reason: context\.user_required in place of scope\.missing\./m)
  assert.match(stdout, /^0 hold, 3 do not$/m)
  assert.equal(exitCode, 10)
})

test('a path that no catalog has does not pass for a rule that holds, unless that is what is expected', async () => {
  const misspelt = await testPolicy([{ as: ada, mayNot: ['GET /v3/souces'] }])
  const meant = await testPolicy([{ as: ada, mayNot: [{ request: 'GET /v3/souces', reason: 'operation.unknown' }] }])

  assert.match(misspelt.stdout, /is no operation of any catalog/)
  assert.deepEqual([misspelt.exitCode, meant.exitCode], [10, 0])
})

test('every mistake in a file is told with its line, before anything is asked', async () => {
  const { stderr, exitCode, stdout } = await testPolicy(
    'expectations:\n  - as: ada\n    may: [GET v3]\n  - as: { context: usr }\n    mayNott: []\n',
    { at: () => ({ ...server(), url: 'http://127.0.0.1:1' }) },
  )

  assert.match(stderr, /policy\.yaml:2: expectations\[0\]\.as: must be pat:ID, client:ID, or a persona/)
  assert.match(stderr, /policy\.yaml:3: expectations\[0\]\.may\[0\]: must be a method and a path/)
  assert.match(stderr, /policy\.yaml:4: .*did you mean user\?/)
  assert.match(stderr, /policy\.yaml:5: .*did you mean mayNot\?/)
  assert.deepEqual([stdout, exitCode], ['', 2])
})

test('a file that is not there is told by its name', async () => {
  const { stderr, exitCode } = await runCommandLine(registerPolicy, ['policy', 'test', join(folder, 'absent.yaml')], {})

  assert.match(stderr, /absent\.yaml cannot be read \(ENOENT\)/)
  assert.equal(exitCode, 2)
})

test('JSON and a JUnit report say the same for programs', async () => {
  const report = join(folder, 'report.xml')
  const expectations = [{ title: 'a <title> & "more"', as: ada, may: ['GET /v2025/identities', 'GET /v9/none'] }]

  const { stdout } = await testPolicy(expectations, { args: ['--json', '--junit', report] })

  const [first, second] = JSON.parse(stdout)
  assert.deepEqual([first.holds, second.holds, second.path, first.who], [true, false, '/v9/none', undefined])
  const xml = readFileSync(report, 'utf8')
  assert.match(xml, /<testsuite name="policy" tests="2" failures="1">/)
  assert.match(xml, /classname="a &lt;title&gt; &amp; &quot;more&quot;"/)
  assert.match(xml, /<failure message="may not: operation\.unknown\./)
})

test('a list longer than the rate limit allows waits for it, and goes on', async () => {
  const may = ['GET /v2025/identities', 'GET /v3/access-profiles', 'GET /v2025/sources']

  const { stdout, stderr, exitCode } = await testPolicy([{ as: ada, may }], { at: hurried })

  assert.match(stdout, /^3 hold, 0 do not$/m)
  assert.match(stderr, /^The rate limit of the server is reached/)
  assert.equal(exitCode, 0)
})

test('what the example expects of the demo tenant holds', async (t) => {
  const { data } = emptyPlace(t)
  const { url } = await startSallyport(t, ['--demo', '--data', data])
  const env = { SALLYPORT_URL: url, SALLYPORT_CLIENT_ID: ADA, SALLYPORT_CLIENT_SECRET: demoSecret(data, 'ada') }

  const { stdout, exitCode } = await runSallyport(t, ['policy', 'test', 'examples/policy.yaml'], { env })

  assert.match(stdout, /^7 hold, 0 do not$/m)
  assert.equal(exitCode, 0)
})
