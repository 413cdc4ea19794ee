import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram, type World } from '../support/command-line.ts'
import { startServedTenant } from '../support/served-tenant.ts'
import { share } from '../support/shared-app.ts'
import { credentialOf, identityIdOf, tenantFileFor } from '../support/tenant-fixtures.ts'

const server = share((owner) => startServedTenant(owner, tenantFileFor('acme', { isDefault: true })))

/** Runs a command as somebody of acme. */
async function run(args: readonly string[], { as = 'ada', ...world }: World & { as?: string } = {}) {
  const { clientId, clientSecret } = credentialOf('acme', as)
  const env = { SALLYPORT_URL: server().url, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
  return runProgram(args, { env, ...world })
}

test('a person is created, found, given levels and disabled by the alias', async () => {
  const args = ['identity', 'create', 'eve', '--email', 'eve@acme.test', '--display-name', 'Eve', '--json']
  const made = JSON.parse((await run(args)).stdout)
  const granted = await run(['identity', 'grant', 'eve', 'HELPDESK', 'REPORT_ADMIN'])
  const revoked = await run(['identity', 'revoke', 'eve', 'REPORT_ADMIN'])
  const listed = await run(['identity', 'list', '--filters', 'alias sw "ev"'])
  const disabled = await run(['identity', 'disable', 'eve'])
  const enabled = await run(['identity', 'enable', 'eve', '--json'])
  await run(['identity', 'disable', 'eve'])
  const shown = JSON.parse((await run(['identity', 'show', 'eve', '--json'])).stdout)

  assert.deepEqual([made.alias, made.kind, made.enabled], ['eve', 'HUMAN', true])
  assert.match(granted.stderr, /^eve holds HELPDESK, REPORT_ADMIN\.$/m)
  assert.match(revoked.stderr, /^eve holds HELPDESK\.$/m)
  assert.equal(listed.stdout, `${made.id}\teve\tEve\tHUMAN\ttrue\tHELPDESK\teve@acme.test\n`)
  assert.match(disabled.stderr, /^eve is disabled: its sessions and tokens have ended\.$/m)
  assert.equal(shown.enabled, false)
  assert.deepEqual([JSON.parse(enabled.stdout).enabled, enabled.stderr], [true, ''])

  const twin = await run(['identity', 'create', 'eve'])
  const deleted = await run(['identity', 'delete', 'eve', '--yes'])

  assert.equal(twin.exitCode, 9, twin.stderr)
  assert.equal(deleted.exitCode, 0)
  assert.equal((await run(['identity', 'show', made.id])).exitCode, 6)
})

test('a machine is an identity that a token can act as', async () => {
  const { stdout, exitCode } = await run(['identity', 'create', 'export-bot', '--machine', '--level', 'SOURCE_ADMIN'])

  assert.match(stdout, /^kind\tMACHINE$/m)
  assert.match(stdout, /^userLevels\tSOURCE_ADMIN$/m)
  assert.equal(exitCode, 0)
})

test('a password is read from standard input, and never seen again', async () => {
  const password = 'a long and unusual sentence, typed once'

  const set = await run(['identity', 'set-password', 'paul'], { stdin: `${password}\n` })
  const typed = await run(['identity', 'set-password', 'paul'])
  const empty = await run(['identity', 'set-password', 'paul'], { stdin: '\n' })

  assert.match(set.stderr, /^paul has a new password/m)
  assert.doesNotMatch(set.stdout + set.stderr, /unusual/)
  assert.match(typed.stderr, /^A password is read from standard input\./)
  assert.match(empty.stderr, /^There is no password on standard input\./)
  assert.deepEqual([set.exitCode, typed.exitCode, empty.exitCode], [0, 2, 2])
})

test('a reset takes password and levels, once it is meant', async () => {
  await run(['identity', 'create', 'rita', '--level', 'HELPDESK'])
  const hesitant = await run(['identity', 'reset', 'rita'])
  const before = JSON.parse((await run(['identity', 'show', 'rita', '--json'])).stdout)
  const reset = await run(['identity', 'reset', 'rita', '--yes'])
  const after = JSON.parse((await run(['identity', 'show', 'rita', '--json'])).stdout)

  assert.match(hesitant.stderr, /^Nothing was done yet\.\nrita loses its password/)
  assert.deepEqual([hesitant.exitCode, before.userLevels], [2, ['HELPDESK']])
  assert.deepEqual([reset.exitCode, reset.stdout, after.userLevels], [0, '', []])
})

test('identities are read afresh, all or none, and by those alone who may', async () => {
  const both = await run(['identity', 'refresh', 'sam', 'paul'])
  const unknown = await run(['identity', 'refresh', 'sam', 'nobody'])
  const plain = await run(['identity', 'refresh', identityIdOf('acme', 'sam')], { as: 'paul' })

  assert.match(both.stderr, /^Every node reads sam, paul afresh\.$/m)
  assert.deepEqual([both.exitCode, unknown.exitCode, plain.exitCode], [0, 6, 5])
})

test('a link goes to an address on file, and where there is none that is told', async () => {
  await run(['identity', 'create', 'mute'])
  await run(['identity', 'create', 'mia', '--email', 'mia@acme.test'])

  const mia = await run(['identity', 'mail-link', 'mia'])
  const mute = await run(['identity', 'mail-link', 'mute'])

  assert.match(mia.stderr, /^mia gets a mail with a link to choose a new password by/m)
  assert.deepEqual([mia.exitCode, mia.stdout, mute.exitCode], [0, '', 1])
  assert.match(mute.stderr, /^The server refused POST .+\(400\)\n.+\nCorrect that/)
})

test('of levels that are given and taken at the same time, none is lost', async () => {
  const levels = ['CERT_ADMIN', 'REPORT_ADMIN', 'ROLE_ADMIN', 'SOURCE_ADMIN']
  await run(['identity', 'create', 'busy', '--level', 'HELPDESK'])

  const changes = await Promise.all([
    ...levels.map((level) => run(['identity', 'grant', 'busy', level])),
    run(['identity', 'revoke', 'busy', 'HELPDESK']),
  ])

  assert.deepEqual(new Set(changes.map(({ exitCode }) => exitCode)), new Set([0]))
  const { userLevels } = JSON.parse((await run(['identity', 'show', 'busy', '--json'])).stdout)
  assert.deepEqual(userLevels, levels)
})

test('levels that may not be given are refused at once, with the reason', async () => {
  await run(['identity', 'create', 'idle'])

  const { exitCode, stderr } = await run(['identity', 'grant', 'idle', 'HELPDEKS'])

  assert.equal(exitCode, 1)
  assert.match(stderr, /HELPDEKS is no user level that can be assigned/)
})

test('nobody raises themselves, and a name that nobody has is told', async () => {
  const own = await run(['identity', 'grant', 'hana', 'ORG_ADMIN'], { as: 'hana' })
  const unknown = await run(['identity', 'disable', 'nobody'])

  assert.equal(own.exitCode, 5)
  assert.match(unknown.stderr, /There is none with the id or name/)
  assert.equal(unknown.exitCode, 6)
})

test('a user level is made of right sets, published and given to somebody', async () => {
  const sets = (await run(['level', 'right-sets'])).stdout.trim().split('\n')
  const [rightSet = ''] = sets[0]?.split('\t') ?? []
  const made = await run(['level', 'create', 'Reader', '--right-set', rightSet, '--json'])
  const tooEarly = await run(['level', 'assign', 'Reader', 'paul'])
  const published = await run(['level', 'publish', 'Reader'])
  const assigned = await run(['level', 'assign', 'Reader', 'paul'])
  const edited = await run(['level', 'edit', 'Reader', '--description', 'Reads', '--json'])

  const { id, status, owner } = JSON.parse(made.stdout)
  assert.deepEqual([status, owner.id], ['DRAFT', identityIdOf('acme', 'ada')])
  assert.notEqual(tooEarly.exitCode, 0)
  assert.match(published.stderr, /^The user level Reader is published\.$/m)
  assert.match(assigned.stderr, new RegExp(`^paul holds ${id}\\.$`, 'm'))
  assert.equal(JSON.parse(edited.stdout).description, 'Reads')
  assert.match((await run(['level', 'list'])).stdout, new RegExp(`^${id}\tReader\tACTIVE\t`, 'm'))

  await run(['identity', 'revoke', 'paul', id])
  const deleted = await run(['level', 'delete', 'Reader', '--yes'])

  assert.deepEqual([deleted.exitCode, (await run(['level', 'show', id])).exitCode], [0, 6])
})
