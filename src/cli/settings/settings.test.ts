import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from '../../../test/support/command-line.ts'
import { startServedTenant } from '../../../test/support/served-tenant.ts'
import { share } from '../../../test/support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'

const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))

function run(args: readonly string[], name = 'ada') {
  const { clientId, clientSecret } = credentialOf('acme', name)
  const env = {
    SALLYPORT_URL: server().url,
    SALLYPORT_CLIENT_ID: clientId,
    SALLYPORT_CLIENT_SECRET: clientSecret,
  }
  return runProgram(['settings', ...args], { env })
}

test('settings are shown a line each, and one section alone', async () => {
  const all = await run(['show'])
  const session = await run(['show', 'session'])

  assert.match(all.stdout, /^lockout\.lockoutDuration\t15$/m)
  assert.match(all.stdout, /^rateLimit\.requests\t100$/m)
  assert.deepEqual(session.stdout.split('\n').filter(Boolean).sort(), [
    'session.maxIdleTime\t15',
    'session.maxSessionTime\t720',
    'session.rememberMe\tfalse',
  ])
})

test('several settings are set at once, and what they are now is printed', async () => {
  const { stdout, stderr, exitCode } = await run([
    'set',
    'lockout.maximumAttempts=3',
    'network.range=["127.0.0.0/8"]',
    'network.whitelisted=true',
    '--json',
  ])

  assert.equal(exitCode, 0, stderr)
  const { lockout, network, session } = JSON.parse(stdout)
  assert.equal(lockout.maximumAttempts, 3)
  assert.deepEqual(network, { range: ['127.0.0.0/8'], geolocation: [], whitelisted: true })
  assert.equal(session, undefined)
})

test('what the server refuses is told in its words, and nothing is set', async () => {
  const tooMany = await run(['set', 'session.maxIdleTime=40', 'lockout.maximumAttempts=99'])
  const out = await run(['set', 'network.range=["203.0.113.7"]', 'network.whitelisted=true'])
  const shown = await run(['show', 'session'])

  assert.notEqual(tooMany.exitCode, 0)
  assert.match(tooMany.stderr, /maximumAttempts/)
  assert.match(out.stderr, /keep you out/)
  assert.match(shown.stdout, /^session\.maxIdleTime\t15$/m)
})

test('a slip of the pen is a usage error, and a missing right a denial', async () => {
  assert.equal((await run(['set', 'maximumAttempts'])).exitCode, 2)
  assert.equal((await run(['show', 'weather'])).exitCode, 2)
  assert.equal((await run(['show'], 'paul')).exitCode, 5)
})
