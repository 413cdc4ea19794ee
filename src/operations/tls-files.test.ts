import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { emptyPlace } from '../../test/support/data-places.ts'
import { selfSignedCertificate } from '../../test/support/self-signed-certificate.ts'
import { OperatorError } from '../errors.ts'
import { readTlsFiles } from './tls-files.ts'

/** The paths of two files with these contents. */
function filesWith(t: TestContext, { cert, key }: { cert: string; key: string }) {
  const { data } = emptyPlace(t)
  const files = { tlsCert: join(data, 'cert.pem'), tlsKey: join(data, 'key.pem') }
  writeFileSync(files.tlsCert, cert)
  writeFileSync(files.tlsKey, key)
  return files
}

function problemsWith(files: { tlsCert: string; tlsKey: string }): readonly string[] {
  try {
    readTlsFiles(files)
  } catch (error) {
    if (error instanceof OperatorError) return error.problems
  }
  return assert.fail('the files were taken')
}

test('a certificate and its key are read', (t) => {
  const pair = selfSignedCertificate('localhost')

  const read = readTlsFiles(filesWith(t, pair))

  assert.deepEqual([read?.cert.toString(), read?.key.toString()], [pair.cert, pair.key])
})

test('without files there is no TLS', () => {
  assert.equal(readTlsFiles({}), undefined)
})

test('files that hold something else are both named', (t) => {
  const [cert = '', key = '', ...rest] = problemsWith(filesWith(t, { cert: 'hello', key: 'hello' }))

  assert.match(cert, /^--tls-cert: .*cert\.pem holds no certificate in PEM$/)
  assert.match(key, /^--tls-key: .*key\.pem holds no private key in PEM, or one with a passphrase$/)
  assert.deepEqual(rest, [])
})

test('a key of another certificate is refused', (t) => {
  const { cert } = selfSignedCertificate('localhost')
  const { key } = selfSignedCertificate('localhost')

  const problems = problemsWith(filesWith(t, { cert, key }))

  assert.match(problems.join('\n'), /^--tls-key: .*key\.pem is not the key of the certificate .*cert\.pem$/)
})

test('a directory in place of a file is refused in words', (t) => {
  const { data } = emptyPlace(t)

  const problems = problemsWith({ tlsCert: data, tlsKey: join(data, 'none') })

  assert.match(problems[0] ?? '', /^--tls-cert: .* cannot be read; check its owner and mode$/)
  assert.match(problems[1] ?? '', /^--tls-key: .*none does not exist$/)
})
