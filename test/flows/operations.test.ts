import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Agent } from 'undici'
import { registerApply } from '../../src/cli/installation/apply.ts'
import { runCommandLine } from '../support/command-line.ts'
import { fetchToken } from '../support/demo-secrets.ts'
import { startTestServer } from '../support/test-server.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, tenantFileFor } from '../support/tenant-fixtures.ts'

/** A server with the tenant acme. */
const server = share(async (owner) => {
  const started = await startTestServer(owner)
  const file = join(started.env['SALLYPORT_DATA_DIR'] ?? '', 'acme.json')
  writeFileSync(file, JSON.stringify(tenantFileFor('acme', { isDefault: true, catalogs: [] })))
  await runCommandLine(registerApply, ['apply', '-f', file], started)
  await started.installation.changes.catchUp()
  return started
})

const agent = share(async (owner) => {
  const made = new Agent()
  owner.after(() => made.destroy())
  return made
})

/** Asks a listener for a path, whatever host it is said to be. */
async function ask(origin: string, path: string, host = new URL(origin).host): Promise<[number, string]> {
  const { statusCode, body } = await agent().request({ origin, path, method: 'GET', headers: { host } })
  return [statusCode, await body.text()]
}

async function metric(line: string): Promise<number> {
  const [, text] = await ask(server().opsUrl, '/metrics')
  const found = text.split('\n').find((each) => each.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1) ?? 0)
}

test('probes are answered on any host, and on the operations listener', async () => {
  const { url, opsUrl } = server()

  for (const [origin, host] of [
    [url, 'nobody.example'],
    [url, new URL(url).host],
    [opsUrl, '10.0.0.1:9090'],
  ] as const) {
    assert.deepEqual(await ask(origin, '/livez', host), [200, '{"status":"ok"}'])
    assert.deepEqual(await ask(origin, '/readyz?verbose', host), [200, '{"status":"ready"}'])
  }
})

test('metrics are shown on the operations listener alone, and nothing else is', async () => {
  const { url, opsUrl } = server()

  const [status, text] = await ask(opsUrl, '/metrics')
  const [publicStatus, publicText] = await ask(url, '/metrics')
  const [otherStatus] = await ask(opsUrl, '/oauth/info')

  assert.equal(status, 200)
  assert.match(text, /^# TYPE sallyport_activity_total counter$/m)
  assert.notEqual(publicStatus, 200)
  assert.doesNotMatch(publicText, /sallyport_activity_total/)
  assert.equal(otherStatus, 404)
})

test('mints and refusals are counted by reason, without a word about whose they are', async () => {
  const { url, opsUrl } = server()
  const { clientId, clientSecret } = credentialOf('acme', 'ada')
  const refused = 'sallyport_activity_total{action="request.refused",reason="auth.missing"}'
  const minted = 'sallyport_activity_total{action="token.minted",reason=""}'
  const before = [await metric(minted), await metric(refused)]

  const token = await fetchToken(url, clientId, clientSecret)
  await fetchToken(url, clientId, clientSecret)
  await ask(url, '/v3/anything')

  assert.deepEqual([await metric(minted), await metric(refused)], [(before[0] ?? 0) + 2, (before[1] ?? 0) + 1])
  const [, text] = await ask(opsUrl, '/metrics')
  for (const private_ of [clientId, clientSecret, token, 'acme']) assert.ok(!text.includes(private_), private_)
})
