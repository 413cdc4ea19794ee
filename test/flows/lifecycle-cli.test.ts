import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runProgram } from '../support/command-line.ts'
import { fetchToken } from '../support/demo-secrets.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, personFor, tenantFileFor } from '../support/tenant-fixtures.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

const sampleDocument = join(import.meta.dirname, '..', '..', 'examples', 'sample.openapi.yaml')
const identities = [personFor('acme', 'sue', { userLevels: ['SOURCE_ADMIN'] }, { name: 'sue' })]

/** A server with the tenant acme and the sample catalog. */
const server = share(async (owner): Promise<TestServer> => {
  const started = await startTestServer(owner)
  const data = started.env['SALLYPORT_DATA_DIR'] ?? ''
  copyFileSync(sampleDocument, join(data, 'sample.openapi.yaml'))
  writeFileSync(join(data, 'acme.json'), JSON.stringify(tenantFileFor('acme', { isDefault: true, identities })))
  const { exitCode, stderr } = await runProgram(['apply', '-f', join(data, 'acme.json')], started)
  assert.equal(exitCode, 0, stderr)
  await started.installation.changes.catchUp()
  return started
})
const idOf = (name: string) => credentialOf('acme', name).clientId

/** Runs a command as users of sail have their variables. */
async function run(by: string, ...args: string[]) {
  const { clientId, clientSecret } = credentialOf('acme', by)
  const env = { SAIL_BASE_URL: server().url, SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret }
  return runProgram(args, { env })
}

async function listSources(by: string): Promise<void> {
  const { clientId, clientSecret } = credentialOf('acme', by)
  const token = await fetchToken(server().url, clientId, clientSecret)
  const answer = await fetch(`${server().url}/v3/sources`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(answer.status, 200, await answer.text())
}

test('credential list prints a line for each, and an empty list is no failure', async () => {
  const all = await run('ada', 'credential', 'list')
  const none = await run('ada', 'credential', 'list', '--filters', 'expired eq true')
  const wrong = await run('ada', 'credential', 'list', '--filters', 'colour eq "red"')

  assert.equal(all.exitCode, 0, all.stderr)
  const line = all.stdout.split('\n').find((each) => each.startsWith(idOf('sam')))
  assert.deepEqual(line?.split('\t').slice(1, 4), ['pat', 'test', 'sam'])
  assert.deepEqual([none.exitCode, none.stdout], [0, ''])
  assert.equal(wrong.exitCode, 1)
  assert.match(wrong.stderr, /colour/)
})

test('credential impact and right-size tell in words beside the data, and in JSON', async () => {
  await listSources('sam')

  const impact = await run('ada', 'credential', 'impact', idOf('sam'))
  const size = await run('ada', 'credential', 'right-size', idOf('sam'), '--json')
  const foreign = await run('paul', 'credential', 'impact', idOf('sam'))

  assert.match(impact.stdout, /^1\tGET\t\/v3\/sources\t/m)
  assert.match(impact.stderr, /stop working when test is deleted/)
  assert.equal(JSON.parse(size.stdout).smallest.length, 1)
  assert.equal(foreign.exitCode, 6)
})

test('credential shadow starts, shows and drops', async () => {
  const start = await run('sam', 'credential', 'shadow', 'start', idOf('sam'), '--scope', 'idn:nothing:read')
  await listSources('sam')
  const show = await run('sam', 'credential', 'shadow', 'show', idOf('sam'))
  const drop = await run('sam', 'credential', 'shadow', 'drop', idOf('sam'))
  const gone = await run('sam', 'credential', 'shadow', 'show', idOf('sam'))

  assert.equal(start.exitCode, 0, start.stderr)
  assert.match(show.stdout, /^1\tGET\t\/v3\/sources\t/m)
  assert.deepEqual([drop.exitCode, gone.exitCode], [0, 6])
})

test('a token changes hands, and its secret goes to a file that only its new owner can read', async (t) => {
  const report = await run('ada', 'succession', 'report', 'sam')
  const offer = await run('ada', 'succession', 'offer', idOf('sam'), 'sue', '--json')
  const { id } = JSON.parse(offer.stdout)
  const refused = await run('sue', 'succession', 'accept', id)
  const file = join(temporaryDirectory(t), 'secret')
  const accepted = await run('sue', 'succession', 'accept', id, '--secret-file', file)

  assert.ok(report.stdout.startsWith(idOf('sam')))
  assert.equal(refused.exitCode, 2)
  assert.match(refused.stderr, /--secret-file/)
  assert.equal(accepted.exitCode, 0, accepted.stderr)
  assert.match(readFileSync(file, 'utf8'), /^[0-9a-f]{64}\n$/)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.ok(!accepted.stdout.includes(readFileSync(file, 'utf8').trim()))
  assert.equal((await run('ada', 'succession', 'list')).stdout, '')
})
