import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { emptyPlace, installedPlace } from '../support/data-places.ts'
import { type Ending, runSallyport } from '../support/sallyport-process.ts'

const quiet = ['--port', '0', '--ops-port', 'off']

/** What it says when it refuses to start: lines for people on standard error, and nothing else anywhere. */
function linesOf({ stdout, stderr }: Ending): string[] {
  assert.equal(stdout, '')
  assert.doesNotMatch(stderr, /^\s+at /m, 'a stack is not for operators')
  return stderr.trimEnd().split('\n')
}

async function assertRefused(started: Promise<Ending>, exitCode: number, ...lines: RegExp[]): Promise<void> {
  const ending = await started
  const said = linesOf(ending)
  assert.equal(said.length, lines.length, said.join('\n'))
  for (const [index, line] of lines.entries()) assert.match(said[index] ?? '', line)
  assert.equal(ending.exitCode, exitCode)
}

async function usedPort(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

test('every mistake in flags and variables is told at once, in words, without repeating secrets', async (t) => {
  const args = ['--port', 'x', '--host', 'bad host', '--log-level', 'loud', '--tls-cert', 'a.pem']
  const env = { SALLYPORT_MASTER_KEY: 'my secret', SALLYPORT_PROT: '1' }

  const started = runSallyport(t, ['serve', ...args], { env })

  await assertRefused(
    started,
    2,
    /^--port: x is not a port; give a number from 0 to 65535$/,
    /^--host: "bad host" is not an address to listen on/,
    /^SALLYPORT_MASTER_KEY: the value is not a master key/,
    /^--log-level: loud is not a log level/,
    /^--tls-cert: give --tls-key too/,
    /^SALLYPORT_PROT: there is no such setting; did you mean SALLYPORT_PORT\?$/,
  )
  assert.doesNotMatch((await started).stderr, /my secret/)
})

test('what the machine does not give is told in one line that says what to do', async (t) => {
  const { data } = emptyPlace(t)
  const port = String(await usedPort(t))
  const serve = (name: string, ...args: string[]) =>
    runSallyport(t, ['serve', ...quiet, '--data', join(data, name), ...args])
  const postgres = `postgres://user:hidden@127.0.0.1:${port}/db`

  await Promise.all([
    assertRefused(serve('a', '--port', port), 1, new RegExp(`^Port ${port} is in use\\. .*--port\\.$`)),
    assertRefused(serve('b', '--ops-port', port), 1, /^The operations listener cannot use 127\.0\.0\.1:.*--ops-port/),
    assertRefused(serve('c', '--database-url', postgres), 1, /^PostgreSQL cannot be reached .*--database-url/),
    assertRefused(runSallyport(t, ['serve', '--data', '/dev/null/x']), 1, /^The data directory .*--data\.$/),
    assertRefused(
      serve('d', '--tls-cert', join(data, 'none.pem'), '--tls-key', join(data, 'none.key')),
      1,
      /^--tls-cert: .*none\.pem does not exist$/,
      /^--tls-key: .*none\.key does not exist$/,
    ),
  ])
})

test('a data directory whose parts do not belong together is refused, and left as it is', async (t) => {
  const { data } = await installedPlace(t)
  const places = ['missing', 'readable', 'wrong', 'foreign'].map((name) => join(data, '..', `${data}-${name}`))
  t.after(() => places.forEach((place) => rmSync(place, { recursive: true, force: true })))
  for (const place of places) cpSync(data, place, { recursive: true })
  const [missing = '', readable = '', wrong = '', foreign = ''] = places
  rmSync(join(missing, 'master.key'))
  chmodSync(join(readable, 'master.key'), 0o644)
  writeFileSync(join(wrong, 'master.key'), 'ab'.repeat(32))
  cpSync(join((await installedPlace(t)).data, 'sallyport.db'), join(foreign, 'sallyport.db'))
  const serve = (place: string) => runSallyport(t, ['serve', ...quiet, '--data', place])

  await Promise.all([
    assertRefused(serve(missing), 1, /^The master key .* is missing\. Restore it/),
    assertRefused(serve(readable), 1, /^The master key .* can be read by others\. Run: chmod 600 /),
    assertRefused(serve(wrong), 1, /^The master key is not the one/),
    assertRefused(serve(foreign), 1, /^The database belongs to another installation/),
  ])
  await assertRefused(serve(missing), 1, /^The master key .* is missing/)
})

test('mistakes in a tenant file are told with their lines, and nothing of it is applied', async (t) => {
  const { data } = emptyPlace(t)
  const file = join(data, 'acme.yaml')
  writeFileSync(file, 'tenant:\n  name: acme\n  nmae: x\nidentities:\n  - alais: ada\n')
  const expected = [
    /acme\.yaml:3: tenant\.nmae: is not a known key; did you mean name\?$/,
    /acme\.yaml:5: identities\[0\]\.alais: is not a known key; did you mean alias\?$/,
    /acme\.yaml:5: identities\[0\]: needs the key alias$/,
  ]
  const place = join(data, 'data')

  await Promise.all([
    assertRefused(runSallyport(t, ['serve', ...quiet, '--data', place, '--tenant-file', file]), 2, ...expected),
    assertRefused(runSallyport(t, ['apply', '-f', file, '--data', join(data, 'other')]), 2, ...expected),
  ])
  const { stdout } = await runSallyport(t, ['tenant', 'list', '--json', '--data', place])
  assert.deepEqual(JSON.parse(stdout), [])
})

test('local commands do not make an installation where there is none', async (t) => {
  const place = join(emptyPlace(t).data, 'typo')

  const listed = runSallyport(t, ['tenant', 'list', '--data', place])

  await assertRefused(listed, 1, /^There is no installation in .*typo\. Say where it is with --data\.$/)
})
