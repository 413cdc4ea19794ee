import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { runProgram, startCannedServer, type World } from '../../../test/support/command-line.ts'
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import { readSecret } from './read-secret.ts'

const clientId = '86f1dc6fe8f54414950454cbb11278fa'
const secret = 'ab'.repeat(32)
const otherSecret = 'cd'.repeat(32)
const secretIn = (form: string) => new URLSearchParams(form).get('client_secret')
const elsewhere = 'https://other.example.com'

/** A server that takes any credential but one, and a place for profiles that is empty at first. */
async function world(t: TestContext) {
  const server = await startCannedServer(t, ({ path, body }) => {
    if (path !== '/oauth/token') return { status: 200, body: [] }
    return body.includes('wrong')
      ? { status: 400, body: { error: 'invalid_client', error_description: 'Client authentication failed.' } }
      : { status: 200, body: { access_token: 'a.b.c' } }
  })
  const directory = join(temporaryDirectory(t), 'config')
  const run = (args: readonly string[], { env, ...more }: World = {}) =>
    runProgram(args, { env: { SALLYPORT_CONFIG_DIR: directory, ...env }, ...more })
  const add = (name: string, more: readonly string[] = [], stdin = `${secret}\n`) =>
    run(['profile', 'add', name, server.origin, '--client-id', clientId, ...more], { stdin })
  const lists = () => server.requests.filter(({ path }) => path.startsWith('/sallyport/v1/identities'))
  return { server, run, add, lists, directory, file: join(directory, 'config.yaml') }
}

test('a profile is kept in a file that only its owner can read, and the secret is told to nobody', async (t) => {
  const { add, run, directory, file, server } = await world(t)

  const added = await add('prod')
  const listed = await run(['profile', 'list'])
  const asJson = await run(['profile', 'list', '--json'])

  assert.equal(added.exitCode, 0, added.stderr)
  assert.deepEqual([statSync(file).mode & 0o777, statSync(directory).mode & 0o777], [0o600, 0o700])
  assert.match(readFileSync(file, 'utf8'), new RegExp(secret))
  assert.equal(listed.stdout, `prod\tcurrent\t${server.origin}\t${clientId}\n`)
  assert.deepEqual(JSON.parse(asJson.stdout), [{ name: 'prod', current: true, url: server.origin, clientId }])
  for (const { stdout, stderr } of [added, listed, asJson]) assert.doesNotMatch(stdout + stderr, new RegExp(secret))
})

test('commands use the current profile, and another that is named by flag or variable', async (t) => {
  const { add, run, lists, server } = await world(t)
  await add('prod')
  await add('test', [], otherSecret)

  for (const [args, env] of [
    [[], {}],
    [['--profile', 'test'], {}],
    [[], { SALLYPORT_PROFILE: 'test' }],
  ] as const)
    assert.equal((await run(['identity', 'list', ...args], { env })).exitCode, 0)
  await run(['profile', 'use', 'test'])
  const { stdout } = await run(['profile', 'list'])

  assert.equal(lists().length, 3)
  const used = server.requests.filter(({ path }) => path === '/oauth/token').map(({ body }) => secretIn(body))
  assert.deepEqual(used.slice(2), [secret, otherSecret, otherSecret]) // Two were for adding them.
  assert.match(stdout, /^prod\t\t.*\ntest\tcurrent\t/)
})

test('a credential in the environment wins, takes no address from the profile, and is told to win', async (t) => {
  const { add, run, server } = await world(t)
  await add('prod')
  const other = await startCannedServer(t, () => ({ status: 200, body: [] }))
  const env = { SALLYPORT_TOKEN: 'token', SALLYPORT_URL: other.origin }
  const before = server.requests.length

  const { exitCode, stderr } = await run(['identity', 'list', '--profile', 'prod'], { env })

  assert.equal(exitCode, 0, stderr)
  assert.match(stderr, /^SALLYPORT_TOKEN is set, and wins over the profile prod\.$/m)
  assert.deepEqual([server.requests.length, other.requests.length], [before, 1])
})

test('the secret of a profile goes to its own server alone', async (t) => {
  const { add, run, lists, server } = await world(t)
  await add('prod')

  const byFlag = await run(['identity', 'list', '--url', elsewhere])
  const byVariable = await run(['identity', 'list', '--profile', 'prod'], { env: { SAIL_BASE_URL: elsewhere } })
  const same = await run(['identity', 'list', '--url', `${server.origin}/`])

  for (const { exitCode, stderr } of [byFlag, byVariable]) {
    assert.equal(exitCode, exitCodes.credential)
    assert.match(stderr, /^The profile prod is for http:\/\/127\.0\.0\.1:\d+ alone\.$/m)
  }
  assert.deepEqual([same.exitCode, lists().length], [0, 1])
})

test('a credential that is rejected is not stored, unless nobody is to look', async (t) => {
  const { add, file } = await world(t)

  const refused = await add('prod', [], 'wrong')
  const kept = existsSync(file)
  const unchecked = await add('prod', ['--no-check'], 'wrong')

  assert.deepEqual([refused.exitCode, kept], [exitCodes.credential, false])
  assert.deepEqual([unchecked.exitCode, existsSync(file)], [0, true])
})

test('a profile is not replaced unseen, and is removed only on purpose', async (t) => {
  const { add, run, file } = await world(t)
  await add('prod')

  const again = await add('prod', [], otherSecret)
  const hesitant = await run(['profile', 'remove', 'prod'])
  const before = readFileSync(file, 'utf8')
  const replaced = await add('prod', ['--replace'], otherSecret)
  const after = readFileSync(file, 'utf8')
  const removed = await run(['profile', 'remove', 'prod', '--yes'])

  assert.deepEqual([again.exitCode, hesitant.exitCode], [exitCodes.conflict, exitCodes.usage])
  assert.match(before, new RegExp(secret))
  assert.match(after, /cdcd/)
  assert.deepEqual([replaced.exitCode, removed.exitCode, readFileSync(file, 'utf8')], [0, 0, 'profiles: {}\n'])
  const { exitCode, stderr } = await run(['identity', 'list'])
  assert.equal(exitCode, exitCodes.credential)
  assert.match(stderr, /Or store them: sallyport profile add/)
})

test('a profile that there is not is told, with the one that was probably meant', async (t) => {
  const { add, run } = await world(t)
  await add('prod')

  for (const args of [
    ['identity', 'list', '--profile', 'prdo'],
    ['profile', 'use', 'prdo'],
    ['profile', 'remove', 'prdo', '--yes'],
  ]) {
    const { exitCode, stderr } = await run(args)
    assert.equal(exitCode, exitCodes.usage, args.join(' '))
    assert.match(stderr, /There is no profile prdo\.\n.*did you mean prod\?/)
  }
})

test('what cannot be a profile is refused, and nothing is stored', async (t) => {
  const { run, server, file } = await world(t)
  const add = (name: string, url: string, stdin?: string) =>
    run(['profile', 'add', name, url, '--client-id', clientId], stdin === undefined ? {} : { stdin })

  for (const attempt of [
    add('../prod', server.origin, secret),
    add('__proto__', server.origin, secret),
    add('prod', 'ftp://acme.example.com', secret),
    add('prod', `${server.origin}/v3`, secret),
    add('prod', 'https://ada:secret@acme.example.com', secret),
    add('prod', server.origin, '\n'),
    add('prod', server.origin),
  ])
    assert.equal((await attempt).exitCode, exitCodes.usage, (await attempt).stderr)
  assert.equal(existsSync(file), false)
})

test('profiles that others can read are not used, and nothing of a broken file is repeated', async (t) => {
  const { add, run, file, lists } = await world(t)
  await add('prod')

  chmodSync(file, 0o644)
  const exposed = await run(['identity', 'list'])
  chmodSync(file, 0o600)
  writeFileSync(file, `profiles: { prod: { url: x, secret: ${secret} } }`)
  const broken = await run(['identity', 'list'])

  assert.equal(exposed.exitCode, exitCodes.failed)
  assert.match(exposed.stderr, /^Others can read .*config\.yaml\.$/m)
  assert.equal(broken.exitCode, exitCodes.usage)
  assert.doesNotMatch(broken.stderr, new RegExp(secret))
  assert.equal(lists().length, 0)
})

test('of profiles that are added at the same time, none is lost', async (t) => {
  const { add, run, directory } = await world(t)
  const names = ['a', 'b', 'c', 'd', 'e', 'f']

  const added = await Promise.all(names.map((name) => add(name)))
  const { stdout } = await run(['profile', 'list', '--json'])

  assert.deepEqual(new Set(added.map(({ exitCode }) => exitCode)), new Set([0]))
  const listed: { name: string; current: boolean }[] = JSON.parse(stdout)
  assert.deepEqual(
    listed.map(({ name }) => name),
    names,
  )
  assert.equal(listed.filter(({ current }) => current).length, 1)
  assert.equal(existsSync(join(directory, 'config.yaml.lock')), false)
})

test('of two profiles of one name at the same time, one is stored and the other refused', async (t) => {
  const { add } = await world(t)

  const added = await Promise.all([add('prod'), add('prod', [], otherSecret)])

  assert.deepEqual(
    added.map(({ exitCode }) => exitCode).toSorted((one, other) => one - other),
    [0, exitCodes.conflict],
  )
})

test('a terminal is asked for the secret and shows nothing of it, and Ctrl-C ends that', async () => {
  const asked = (typed: string) => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    let shown = ''
    const stderr = { write: (words: string) => (shown += words) }
    const answer = readSecret({ ...untouched, stdin, stderr })
    stdin.write(typed)
    return { answer, shown: () => shown }
  }

  const { answer, shown } = asked(`${secret}\r`)

  assert.equal(await answer, secret)
  assert.equal(shown(), 'Secret (not shown): \n')
  await assert.rejects(asked('ab\u0003').answer, /Nothing was stored/)
  await assert.rejects(asked('\u0004').answer, /There is no secret/)
})

/** What asking for a secret does not look at. */
const untouched = {
  stdout: { write: () => assert.fail('a secret is no data') },
  env: {},
  isTty: true,
  nowMs: () => 0,
  setExitCode: () => {},
}
