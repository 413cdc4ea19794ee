import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { Outbox } from './outbox.ts'

const link = `https://acme.login.example/login/reset?token=${'x'.repeat(43)}`

test('a mail becomes a file that its owner alone can read, with the link as it is', async (t) => {
  const directory = join(temporaryDirectory(t), 'outbox')
  const outbox = new Outbox({ directory, from: () => 'Acmé <no-reply@acme.test>', nowMs: () => Date.UTC(2026, 5, 1) })

  await outbox.send({ to: 'ada@acme.test', subject: 'Passwort zurücksetzen', text: `Grüße\n\n${link}\n` })
  await outbox.send({ to: 'paul@acme.test', subject: 'Second', text: 'later' })

  const [first = '', second = ''] = readdirSync(directory).sort()
  const text = readFileSync(join(directory, first), 'utf8')
  assert.equal(statSync(directory).mode & 0o777, 0o700)
  assert.equal(statSync(join(directory, first)).mode & 0o777, 0o600)
  assert.match(first, /^2026-06-01T00-00-00-000Z-00001-[0-9a-f]{8}\.eml$/)
  assert.match(text, /^To: ada@acme\.test\r$/m)
  assert.match(text, /^Subject: =\?UTF-8\?/m)
  assert.match(text, /^Content-Transfer-Encoding: 8bit\r$/m)
  assert.ok(text.endsWith(`\r\n\r\nGrüße\r\n\r\n${link}\r\n`))
  assert.match(readFileSync(join(directory, second), 'utf8'), /paul@acme\.test/)
})

test('a subject cannot add a header', async (t) => {
  const directory = join(temporaryDirectory(t), 'outbox')
  const outbox = new Outbox({ directory, from: () => 'no-reply@acme.test', nowMs: () => 0 })

  await outbox.send({ to: 'ada@acme.test', subject: 'Hello\r\nBcc: eve@evil.test', text: '' })

  const [file = ''] = readdirSync(directory)
  assert.doesNotMatch(readFileSync(join(directory, file), 'utf8'), /^Bcc:/m)
})
