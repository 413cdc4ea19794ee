import assert from 'node:assert/strict'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { runCommandLine, startCannedServer } from '../../../test/support/command-line.ts'
import { selfSignedCertificate } from '../../../test/support/self-signed-certificate.ts'
import { startServedTenant } from '../../../test/support/served-tenant.ts'
import { isPostgres } from '../../../test/support/test-database.ts'
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import type { TestServer } from '../../../test/support/test-server.ts'
import { registerDoctor } from './doctor.ts'
import { roomFinding } from './files.ts'

const DAY_MS = 86_400_000

interface Finding {
  name: string
  outcome: string
  message: string
  fix: string | null
}

interface Report {
  ok: boolean
  first: Finding | null
  findings: Finding[]
  exitCode: number
}

async function examine(env: NodeJS.ProcessEnv, args: readonly string[] = [], nowMs = Date.now()): Promise<Report> {
  const all = ['doctor', 'server', '--port', '0', '--ops-port', 'off', ...args, '--json']
  const { stdout, stderr, exitCode } = await runCommandLine(registerDoctor, all, { env, nowMs })
  assert.notEqual(stdout, '', stderr)
  return { ...JSON.parse(stdout), exitCode }
}

/** An installation with a tenant, whose server runs. */
async function start(t: TestContext, catalogs?: object[]): Promise<TestServer & { data: string }> {
  const server = await startServedTenant(t, tenantFileFor('acme', { isDefault: true, ...(catalogs && { catalogs }) }))
  const data = server.env['SALLYPORT_DATA_DIR'] ?? ''
  for (const name of ['tenant.json', 'sample.openapi.yaml']) chmodSync(join(data, name), 0o600)
  return { ...server, data }
}

const found = ({ findings }: Report, name: string): Finding | undefined => findings.find((each) => each.name === name)

/** This check alone fails, with this message and this to do. */
function assertWrong(report: Report, name: string, message: RegExp, fix: RegExp): void {
  const failed = report.findings.filter(({ outcome }) => outcome === 'fail')
  assert.deepEqual([report.ok, report.exitCode], [false, 10])
  assert.deepEqual(
    failed.map((each) => each.name),
    [name],
    JSON.stringify(failed),
  )
  assert.match(report.first?.message ?? '', message)
  assert.match(report.first?.fix ?? '', fix)
}

test('beside a server that is well, nothing is wrong', async (t) => {
  const { env, url } = await start(t)

  const report = await examine(env, ['--port', new URL(url).port])

  assert.deepEqual([report.ok, report.exitCode], [true, 0], JSON.stringify(report.first))
  assert.deepEqual(
    report.findings.map(({ name, outcome }) => `${name} ${outcome}`),
    [
      'node ok',
      'data ok',
      'files ok',
      'disk ok',
      'certificate skipped',
      'port ok',
      'ops-port skipped',
      'mail warn',
      'database ok',
      isPostgres ? 'clock ok' : 'clock skipped',
      'keys ok',
      'audit ok',
      'upstreams skipped',
    ],
  )
  assert.match(found(report, 'port')?.message ?? '', /A server runs .* and is ready/)
})

test('where there is no installation, none is made', async (t) => {
  const data = join(temporaryDirectory(t), 'nosuch')

  const report = await examine({ SALLYPORT_DATA_DIR: data })

  assertWrong(report, 'data', /There is no installation/, /--data/)
  assert.equal(existsSync(data), false)
})

test('files that others may read are named, with the command that closes them', async (t) => {
  const { env, data } = await start(t)
  const file = join(data, isPostgres ? 'instance.json' : 'sallyport.db')
  chmodSync(file, 0o644)

  assertWrong(await examine(env), 'files', /may read/, new RegExp(`^chmod 600 ${file}$`))
})

test('a data directory that others may look into is worth a warning', async (t) => {
  const { env, data } = await start(t)
  chmodSync(data, 0o755)

  const finding = found(await examine(env), 'data')

  assert.deepEqual([finding?.outcome, finding?.fix], ['warn', `Close it: chmod 700 ${data}`])
})

test('a wrong master key is the first thing wrong, and so is none', async (t) => {
  const { env, data } = await start(t)

  const wrong = await examine({ ...env, SALLYPORT_MASTER_KEY: 'a'.repeat(64) })
  const absent = await examine({ ...env, SALLYPORT_MASTER_KEY_FILE: join(data, 'nosuch.key') })

  assertWrong(wrong, 'database', /master key is not the one/, /backup/)
  assert.equal(absent.first?.name, 'files')
  assert.match(absent.first.message, /not there/)
})

test('an audit trail that somebody changed is found', async (t) => {
  const { env, installation } = await start(t)
  const tenant = await installation.database.directory.selectFrom('tenant').select('id').executeTakeFirstOrThrow()
  await installation.database
    .forTenant(tenant.id)
    .updateTable('audit_event')
    .set({ actor_id: 'somebody else' })
    .where('tenant_id', '=', tenant.id)
    .where('position', '=', 2)
    .execute()

  assertWrong(await examine(env), 'audit', /broken: acme at event 2/, /backup/)
})

test('an upstream that takes no connections is named', async (t) => {
  const { env } = await start(t, [
    { name: 'things', file: 'sample.openapi.yaml', prefix: '', upstream: 'http://127.0.0.1:1' },
  ])

  assertWrong(await examine(env), 'upstreams', /http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/, /Start them/)
})

test('a port that another program holds is the first thing wrong', async (t) => {
  const { env } = await start(t)
  const { origin } = await startCannedServer(t, () => ({ status: 200, body: 'hello' }))

  assertWrong(await examine(env, ['--port', new URL(origin).port]), 'port', /Another program/, /another port/)
})

test('a mail server that is not there is the first thing wrong', async (t) => {
  const { env } = await start(t)

  const report = await examine({ ...env, SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:1' })

  assertWrong(report, 'mail', /does not serve us/, /SALLYPORT_SMTP_URL/)
})

test('a mail server that greets us is fine, and gets no mail', async (t) => {
  const { env } = await start(t)
  const said: string[] = []
  const smtp = createServer((socket) => {
    socket.write('220 mail ESMTP\r\n')
    socket.on('data', (data) => {
      said.push(String(data))
      socket.write('250 mail\r\n')
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  t.after(() => smtp.close())

  const report = await examine({
    ...env,
    SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${(smtp.address() as AddressInfo).port}`,
  })

  assert.equal(found(report, 'mail')?.outcome, 'ok')
  assert.equal(said.join('').includes('MAIL FROM'), false)
})

test('a certificate is told by how long it is good for', async (t) => {
  const { env } = await start(t)
  const directory = temporaryDirectory(t)
  const { cert, key } = selfSignedCertificate('localhost')
  const [tlsCert, tlsKey] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  writeFileSync(tlsCert, cert)
  writeFileSync(tlsKey, key)
  const tls = { ...env, SALLYPORT_TLS_CERT: tlsCert, SALLYPORT_TLS_KEY: tlsKey }

  const soon = found(await examine(tls), 'certificate')
  const expired = found(await examine(tls, [], Date.now() + 2 * DAY_MS), 'certificate')
  writeFileSync(tlsKey, selfSignedCertificate('localhost').key)
  const mixed = found(await examine(tls), 'certificate')

  assert.deepEqual([soon?.outcome, expired?.outcome, mixed?.outcome], ['warn', 'fail', 'fail'])
  assert.match(mixed?.message ?? '', /is not the key of the certificate/)
})

test('signing keys that should have rotated long ago are worth a warning', async (t) => {
  const { env, url } = await start(t)
  await fetch(new URL('/oauth/jwks', url))

  const report = await examine(env, [], Date.now() + 100 * DAY_MS)

  assert.equal(found(report, 'keys')?.outcome, 'warn')
  assert.match(found(report, 'keys')?.message ?? '', /acme \(\d+ days\)/)
})

for (const [megabytes, outcome] of [
  [5000, 'ok'],
  [500, 'warn'],
  [50, 'fail'],
] as const)
  test(`${megabytes} MB on the disk are ${outcome}`, () => {
    assert.equal(roomFinding(megabytes, 'data').outcome, outcome)
  })

test('mistakes in the settings are told all at once, before anything is looked at', async (t) => {
  const args = ['doctor', 'server', '--port', 'x', '--log-level', 'loud']

  const { exitCode, stderr } = await runCommandLine(registerDoctor, args, {
    env: { SALLYPORT_DATA_DIR: temporaryDirectory(t) },
  })

  assert.equal(exitCode, 2)
  assert.match(stderr, /--port/)
  assert.match(stderr, /--log-level/)
})
