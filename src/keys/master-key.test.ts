import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { deriveServerKeys, readMasterKey } from './master-key.ts'

const KEY = '0f'.repeat(32)
const fileOf = (t: TestContext): string => join(temporaryDirectory(t), 'master.key')

test('a new installation makes its key once, for its owner alone', (t) => {
  const file = fileOf(t)

  const made = readMasterKey({ file, mayCreate: true })

  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(readFileSync(file, 'utf8'), `${made.toString('hex')}\n`)
  assert.deepEqual(readMasterKey({ file, mayCreate: true }), made)
})

test('over existing data a missing key is an error, never a new key', (t) => {
  const file = fileOf(t)

  assert.throws(() => readMasterKey({ file, mayCreate: false }), /missing/)
  assert.equal(existsSync(file), false)
})

test('a key that others can read is refused with the command that mends it', (t) => {
  const file = fileOf(t)
  writeFileSync(file, KEY, { mode: 0o600 })
  chmodSync(file, 0o640)

  assert.throws(() => readMasterKey({ file, mayCreate: true }), new RegExp(`chmod 600 ${file}`))
})

for (const text of ['', 'x', KEY.slice(1), `${KEY}00`, KEY.replace('0', 'g')]) {
  test(`${JSON.stringify(text.slice(0, 10))} of ${text.length} characters is no master key, and the error does not repeat it`, (t) => {
    const file = fileOf(t)
    writeFileSync(file, text, { mode: 0o600 })

    const isPlain = (error: Error): boolean =>
      /64 hexadecimal/.test(error.message) && (text.length < 9 || !error.message.includes(text))
    assert.throws(() => readMasterKey({ file, mayCreate: true }), isPlain)
    assert.throws(() => readMasterKey({ value: text, file, mayCreate: true }), isPlain)
  })
}

test('a key in the environment wins over the file', (t) => {
  const file = fileOf(t)
  writeFileSync(file, 'aa'.repeat(32), { mode: 0o600 })

  assert.equal(readMasterKey({ value: ` ${KEY.toUpperCase()}\n`, file, mayCreate: false }).toString('hex'), KEY)
})

test('each purpose and each tenant has a key of its own, the same every time', () => {
  const keys = deriveServerKeys(Buffer.from(KEY, 'hex'))
  const again = deriveServerKeys(Buffer.from(KEY, 'hex'))

  const { check, auditKey, ...purposes } = keys
  const exported = Object.values(purposes).map((key) => key.export().toString('hex'))
  const all = [...exported, check.toString('hex'), ...['a', 'b'].map((id) => auditKey(id).export().toString('hex'))]
  assert.equal(new Set(all).size, all.length)
  assert.ok(!all.includes(KEY))
  assert.deepEqual(again.secrets.export(), keys.secrets.export())
})
