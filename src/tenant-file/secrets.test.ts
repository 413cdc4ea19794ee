import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { OperatorError } from '../errors.ts'
import { parseTenantFile } from './read.ts'
import { resolveSecrets, type SecretReaders, secretReaders } from './secrets.ts'

const secret = 'ab'.repeat(32)
const nothing: SecretReaders = { readFile: () => ({ problem: 'does not exist' }), readVariable: () => undefined }

function parse(...tokens: string[]) {
  const lines = tokens.map((fields) => `      - { name: t${tokens.indexOf(fields)}, ${fields} }\n`)
  return parseTenantFile(
    `tenant: { name: acme }\nidentities:\n  - alias: ada\n    personalAccessTokens:\n${lines.join('')}`,
    'acme.yaml',
  )
}

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act()
    return []
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error))
    return error.problems
  }
}

function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'secrets-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

function problemWithFile(directory: string, name: string): string {
  const readers = secretReaders(join(directory, 'acme.yaml'), {})
  return problemsOf(() => resolveSecrets(parse(`secretFile: ${name}`), readers)).join('\n')
}

test('a secret is found in the entry, in a file or in a variable, by the entry it belongs to', () => {
  const file = parse(`secret: ${secret}`, 'secretFile: ci.secret', 'secretEnv: CI_SECRET', 'scope: []')
  const readers: SecretReaders = {
    readFile: (path) => ({ text: path === 'ci.secret' ? `${'cd'.repeat(32)}\n` : '' }),
    readVariable: (name) => (name === 'CI_SECRET' ? 'ef'.repeat(32) : undefined),
  }

  const secrets = resolveSecrets(file, readers)

  const tokens = file.contents.identities?.[0]?.personalAccessTokens ?? []
  assert.deepEqual(
    tokens.map((token) => secrets.get(token)),
    [secret, 'cd'.repeat(32), 'ef'.repeat(32), undefined],
  )
})

test('the secrets of clients are found too', () => {
  const file = parseTenantFile(
    'tenant: { name: acme }\noauthClients: [{ name: app, grantTypes: [CLIENT_CREDENTIALS], secretEnv: APP_SECRET }]',
    'acme.yaml',
  )

  const secrets = resolveSecrets(file, { ...nothing, readVariable: () => secret })

  assert.deepEqual([...secrets.values()], [secret])
})

test('every secret that cannot be had is told with its line, and none is repeated', () => {
  const file = parse('secretFile: gone.secret', 'secretEnv: GONE', 'secretEnv: WRONG')
  const readers = { ...nothing, readVariable: (name: string) => (name === 'WRONG' ? 'hunter2' : undefined) }

  const problems = problemsOf(() => resolveSecrets(file, readers))

  assert.deepEqual(problems, [
    'acme.yaml:5: identities[0].personalAccessTokens[0].secretFile: gone.secret does not exist',
    'acme.yaml:6: identities[0].personalAccessTokens[1].secretEnv: GONE is not set',
    'acme.yaml:7: identities[0].personalAccessTokens[2].secretEnv: WRONG does not hold 64 lower-case hexadecimal characters',
  ])
})

test('a file is looked for beside the tenant file and trimmed', (t) => {
  const directory = directoryOf(t)
  writeFileSync(join(directory, 'ci.secret'), `${secret}\n`, { mode: 0o600 })
  const file = parse('secretFile: ci.secret')

  const secrets = resolveSecrets(file, secretReaders(join(directory, 'acme.yaml'), {}))

  assert.deepEqual([...secrets.values()], [secret])
})

test('a file that every user can read is refused', (t) => {
  const directory = directoryOf(t)
  writeFileSync(join(directory, 'ci.secret'), secret)
  chmodSync(join(directory, 'ci.secret'), 0o644)

  assert.match(problemWithFile(directory, 'ci.secret'), /can be read by every user of this machine; give it mode 0600$/)
})

test('a directory, a named pipe and a big file are refused without waiting', (t) => {
  const directory = directoryOf(t)
  mkdirSync(join(directory, 'folder'))
  execFileSync('mkfifo', [join(directory, 'pipe')])
  writeFileSync(join(directory, 'big'), 'a'.repeat(5000), { mode: 0o600 })

  assert.match(problemWithFile(directory, 'folder'), /is not a file$/)
  assert.match(problemWithFile(directory, 'pipe'), /is not a file$/)
  assert.match(problemWithFile(directory, 'big'), /is too big to hold one secret$/)
  assert.match(problemWithFile(directory, 'gone'), /does not exist$/)
})

const people = (...entries: string[]) =>
  parseTenantFile(
    `tenant: { name: acme }\nidentities:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`,
    'acme.yaml',
  )

test('a password is found in the entry, in a file or in a variable; only the line break at its end is none of it', () => {
  const file = people(
    '{ alias: a, password: in the entry }',
    '{ alias: b, passwordFile: b.password }',
    '{ alias: c, passwordEnv: C_PASSWORD }',
    '{ alias: d }',
  )
  const readers: SecretReaders = { readFile: () => ({ text: ' in a file \r\n' }), readVariable: () => 'in a variable' }

  const secrets = resolveSecrets(file, readers)

  assert.deepEqual(
    file.contents.identities?.map((identity) => secrets.get(identity)),
    ['in the entry', ' in a file ', 'in a variable', undefined],
  )
})

test('a password that cannot be had is told with its line, and not repeated', () => {
  const file = people(
    '{ alias: a, passwordFile: gone }',
    '{ alias: b, passwordEnv: TWO_LINES }',
    '{ alias: c, passwordEnv: TOO_LONG }',
    '{ alias: d, passwordEnv: LINE_BREAK }',
  )
  const values = new Map([
    ['TWO_LINES', 'hunter2\nhunter3'],
    ['TOO_LONG', 'ü'.repeat(513)],
    ['LINE_BREAK', '\n'],
  ])

  const problems = problemsOf(() => resolveSecrets(file, { ...nothing, readVariable: (name) => values.get(name) }))

  assert.deepEqual(problems, [
    'acme.yaml:3: identities[0].passwordFile: gone does not exist',
    'acme.yaml:4: identities[1].passwordEnv: TWO_LINES does not hold one line of at most 1024 bytes',
    'acme.yaml:5: identities[2].passwordEnv: TOO_LONG does not hold one line of at most 1024 bytes',
    'acme.yaml:6: identities[3].passwordEnv: LINE_BREAK is empty',
  ])
})
