import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'
import { demoDirectory, demoSecretReaders, demoTenantFile } from './demo.ts'
import { objectionTo } from './sign-in/password-rules.ts'
import { prepareTenantFile } from './tenant-file/prepare.ts'

test('the first start makes the secrets of the demo and one password for its people, for their owner alone', (t) => {
  const data = temporaryDirectory(t)

  const { parsed, secrets } = prepareTenantFile(demoTenantFile, demoSecretReaders(data, {}))

  const password = readFileSync(join(demoDirectory(data), 'password'), 'utf8')
  assert.match(password, /^(?:[0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/)
  assert.equal(objectionTo(password, ['ada', 'acme', 'Acme']), undefined)
  assert.deepEqual(
    parsed.contents.identities?.map((identity) => secrets.get(identity)),
    [password, password, password, password],
  )
  for (const file of readdirSync(demoDirectory(data)))
    assert.equal(statSync(join(demoDirectory(data), file)).mode & 0o777, 0o600)
  assert.equal(statSync(demoDirectory(data)).mode & 0o777, 0o700)
})

test('a second start finds the secrets of the first', (t) => {
  const data = temporaryDirectory(t)
  const read = () => [...prepareTenantFile(demoTenantFile, demoSecretReaders(data, {})).secrets.values()]

  assert.deepEqual(read(), read())
})
