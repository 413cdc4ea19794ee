import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { startServedTenant } from '../../../test/support/served-tenant.ts'
import { share } from '../../../test/support/shared-app.ts'
import { credentialOf, personFor, tenantFileFor } from '../../../test/support/tenant-fixtures.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import { registerClient } from './client.ts'
import { registerPat } from './pat.ts'

const identities = [personFor('acme', 'export-bot', { kind: 'MACHINE' })]
const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true, identities })))

function environmentOf(name: string): NodeJS.ProcessEnv {
  const { clientId, clientSecret } = credentialOf('acme', name)
  return { SAIL_BASE_URL: server().url, SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret }
}
const run = (args: string[], { name = 'ada', isTty = false, env = {} } = {}) =>
  runCommandLine(args[0] === 'pat' ? registerPat : registerClient, args, {
    env: { ...environmentOf(name), ...env },
    isTty,
  })
const EXPIRES = ['--expires', '2099-01-01T00:00:00Z']

test('a token is made for the environment of a program, works there, is listed, edited and deleted', async () => {
  const created = await run(['pat', 'create', 'ci', ...EXPIRES, '-o', 'env'], { name: 'sam' })
  const env = Object.fromEntries(
    created.stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  )
  const listed = await run(['pat', 'list'], { env })
  const edited = await run(['pat', 'edit', 'ci', '--name', 'nightly', '--never'], { name: 'sam' })
  const json = await run(['pat', 'list', '--json'], { name: 'sam' })
  const unsure = await run(['pat', 'delete', 'nightly'], { name: 'sam' })
  const deleted = await run(['pat', 'delete', 'nightly', '--yes'], { name: 'sam' })

  assert.equal(created.exitCode, 0, created.stderr)
  assert.deepEqual(Object.keys(env), ['SAIL_BASE_URL', 'SAIL_CLIENT_ID', 'SAIL_CLIENT_SECRET'])
  assert.match(
    listed.stdout,
    new RegExp(`^${env['SAIL_CLIENT_ID']}\\tci\\tsp:scopes:all\\tends 2099`, 'm'),
    listed.stderr,
  )
  assert.equal(edited.exitCode, 0, edited.stderr)
  const token = JSON.parse(json.stdout).find(({ id }: { id: string }) => id === env['SAIL_CLIENT_ID'])
  assert.deepEqual([token.name, token.expirationDate], ['nightly', null])
  assert.equal(unsure.exitCode, exitCodes.usage)
  assert.match(unsure.stderr, /Give --yes if you mean it\.\n$/)
  assert.equal(deleted.exitCode, 0, deleted.stderr)
  assert.equal((await run(['pat', 'list'], { env })).exitCode, exitCodes.credential)
})

test('a token ends on a date or at a time with its zone, and on nothing else', async () => {
  const create = (expires: string) => run(['pat', 'create', `until ${expires}`, '--expires', expires, '--json'])
  const dated = await create('2099-05-21')
  const timed = await create('2099-05-21T12:00:00+02:00')
  const refused = [await create('soon'), await create('2099-02-31T99:00:00Z'), await create('2099-05-21T12:00:00')]

  assert.equal(JSON.parse(dated.stdout).expirationDate, '2099-05-21T00:00:00.000Z')
  assert.equal(JSON.parse(timed.stdout).expirationDate, '2099-05-21T10:00:00.000Z')
  for (const { stderr, exitCode } of refused) {
    assert.match(stderr, /is no date\./)
    assert.equal(exitCode, exitCodes.usage)
  }
})

test('a secret goes to a pipe only where that is meant, and nothing is made before that is known', async () => {
  const before = (await run(['pat', 'list', '--json'], { name: 'paul' })).stdout
  const refused = await run(['pat', 'create', 'leaky', ...EXPIRES], { name: 'paul' })
  const rotated = await run(['client', 'rotate', 'app-nightly'])

  assert.deepEqual([refused.exitCode, refused.stdout], [exitCodes.usage, ''])
  assert.match(refused.stderr, /--secret-file/)
  assert.deepEqual([rotated.exitCode, rotated.stdout], [exitCodes.usage, ''])
  assert.equal((await run(['pat', 'list', '--json'], { name: 'paul' })).stdout, before)
})

test('on a terminal the secret is shown once, and a file takes it that nobody else may read', async () => {
  const path = join(server().env['SALLYPORT_DATA_DIR'] ?? '', 'new.secret')
  const shown = await run(['pat', 'create', 'shown', ...EXPIRES], { name: 'sam', isTty: true })
  const kept = await run(['client', 'create', 'Kept', '--secret-file', path])

  assert.match(shown.stdout, /^Client id  [0-9a-f]{32}\nSecret     [0-9a-f]{64}\n$/, shown.stderr)
  assert.equal(kept.exitCode, 0, kept.stderr)
  assert.match(kept.stdout, /^[0-9a-f-]{36}\n$/)
  assert.match(readFileSync(path, 'utf8'), /^[0-9a-f]{64}\n$/)
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('a token for a machine is made by its alias or id and acts as it; for a person it is refused', async () => {
  const made = await run(['pat', 'create', 'nightly', '--for', 'export-bot', ...EXPIRES, '--json'])
  const { id, secret, owner } = JSON.parse(made.stdout)
  const byId = await run(['pat', 'create', 'weekly', '--for', owner.id, '--never', '--json'])
  const env = { SAIL_CLIENT_ID: id, SAIL_CLIENT_SECRET: secret }
  const listed = await run(['pat', 'list'], { env })

  assert.deepEqual([made.exitCode, owner.name], [0, 'export-bot'], made.stderr)
  assert.equal(JSON.parse(byId.stdout).owner.id, owner.id, byId.stderr)
  assert.match(listed.stdout, new RegExp(`^${id}\\tnightly\\t`, 'm'), listed.stderr)
  assert.match(listed.stdout, /\tweekly\t.*ends never/)
  const forPaul = await run(['pat', 'create', 'x', '--for', 'paul', ...EXPIRES, '--json'])
  assert.deepEqual([forPaul.exitCode, forPaul.stdout], [exitCodes.denied, ''])
  const forNobody = await run(['pat', 'create', 'x', '--for', 'nobody', ...EXPIRES, '--json'])
  assert.deepEqual([forNobody.exitCode, forNobody.stdout], [exitCodes.notFound, ''])
})

test('a token needs an end, or the word that it shall have none', async () => {
  const { exitCode, stderr } = await run(['pat', 'create', 'endless', '--json'])

  assert.equal(exitCode, exitCodes.usage)
  assert.match(stderr, /--never/)
})

test('a rotated token works beside the old one for the overlap', async () => {
  const { clientId } = credentialOf('acme', 'paul')
  const rotated = await run(['pat', 'rotate', 'test', '--overlap', '1h', '--json'], { name: 'paul' })
  const { secret } = JSON.parse(rotated.stdout)
  const byNew = await run(['pat', 'list'], { env: { SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: secret } })
  const byOld = await run(['pat', 'list'], { name: 'paul' })

  assert.deepEqual([byNew.exitCode, byOld.exitCode], [0, 0], byNew.stderr)
  assert.match(rotated.stderr, /^The secret before it works until .*\n$/)
  for (const overlap of ['tomorrow', '5', '-1h'])
    assert.equal((await run(['pat', 'rotate', 'test', `--overlap=${overlap}`, '--json'])).exitCode, exitCodes.usage)
})

test('an API client is made, shown, edited, disabled, enabled and deleted', async () => {
  const created = await run(['client', 'create', 'Export', '--description', 'Every night', '--json'])
  const { id, secret } = JSON.parse(created.stdout)
  const env = { SAIL_CLIENT_ID: id, SAIL_CLIENT_SECRET: secret }
  const show = async () => JSON.parse((await run(['client', 'show', 'Export', '--json'])).stdout)
  const isAlive = async () => (await run(['client', 'show', id], { env })).exitCode === 0
  const alive = [await isAlive()]

  const edited = await run(['client', 'edit', 'Export', '--validity', '60', '--scope', 'sp:oauth-client:read'])
  assert.equal(edited.exitCode, 0, edited.stderr)
  assert.partialDeepStrictEqual(await show(), { accessTokenValiditySeconds: 60, scope: ['sp:oauth-client:read'] })
  for (const verb of ['disable', 'enable']) {
    assert.equal((await run(['client', verb, 'Export'])).exitCode, 0)
    alive.push(await isAlive())
  }
  assert.deepEqual(alive, [true, false, true])
  assert.match((await run(['client', 'list'])).stdout, new RegExp(`^${id}\\tExport\\tCONFIDENTIAL\\tenabled`, 'm'))
  assert.equal((await run(['client', 'delete', 'Export', '--yes'])).exitCode, 0)
  assert.equal((await run(['client', 'show', 'Export'])).exitCode, exitCodes.notFound)
})

test('a refusal says what is missing, and exits as denied', async () => {
  const { exitCode, stderr } = await run(['client', 'list'], { name: 'paul' })

  assert.equal(exitCode, exitCodes.denied)
  assert.match(stderr, /Ask why: sallyport explain [0-9a-f]{32}/)
})

test('a length in words is refused before anything is asked', async () => {
  const client = await run(['client', 'edit', 'app-nightly', '--validity', 'long'])
  const token = await run(['pat', 'create', 'long', '--never', '--json', '--validity', '-5'])

  for (const { stderr, exitCode } of [client, token]) {
    assert.match(stderr, /is no number of seconds\./)
    assert.equal(exitCode, exitCodes.usage)
  }
})
