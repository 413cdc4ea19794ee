import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMultipart } from './read-multipart.ts'

const TYPE = 'multipart/form-data; boundary=edge'

async function read(body: string, contentType = TYPE): Promise<readonly (readonly [string, string | undefined])[]> {
  const pairs: [string, string | undefined][] = []
  await readMultipart(contentType, Buffer.from(body), (name, value) => pairs.push([name, value]))
  return pairs
}

function part(headers: string, value: string): string {
  return `--edge\r\n${headers}\r\n\r\n${value}\r\n`
}

function field(name: string, value: string): string {
  return part(`Content-Disposition: form-data; name="${name}"`, value)
}

const END = '--edge--\r\n'

test('quoted and unquoted names and boundaries are read', async () => {
  const body = field('client_id', 'a') + part('content-disposition: form-data; name=client_secret', 'b') + END

  for (const contentType of [
    TYPE,
    'multipart/form-data; boundary="edge"',
    'Multipart/Form-Data; charset=x; BOUNDARY=edge',
  ]) {
    assert.deepEqual(await read(body, contentType), [
      ['client_id', 'a'],
      ['client_secret', 'b'],
    ])
  }
})

test('a part may name its own content type, before or after its name', async () => {
  const disposition = 'Content-Disposition: form-data; name=scope'
  const type = 'Content-Type: text/plain; charset=utf-8'

  assert.deepEqual(await read(part(`${type}\r\n${disposition}`, 'a') + part(`${disposition}\r\n${type}`, 'b') + END), [
    ['scope', 'a'],
    ['scope', 'b'],
  ])
})

test('an empty value and one with line breaks are kept as they are', async () => {
  assert.deepEqual(await read(field('a', '') + field('b', 'x\r\ny') + END), [
    ['a', ''],
    ['b', 'x\r\ny'],
  ])
})

test('a part without a form-data name is skipped', async () => {
  const nameless = part('Content-Disposition: form-data', 'x') + part('Content-Disposition: attachment; name=a', 'x')

  assert.deepEqual(await read(`${nameless}${part('X: y', 'x')}${field('', 'x')}${field('a', 'b')}${END}`), [
    ['', 'x'],
    ['a', 'b'],
  ])
})

test('thirty-two fields of 8 KiB are within the limits', async () => {
  const pairs = await read(field('a', 'x').repeat(31) + field('b', 'x'.repeat(8192)) + END)

  assert.equal(pairs.length, 32)
  assert.equal(pairs.at(-1)?.[1]?.length, 8192)
})

const disposition = 'Content-Disposition: form-data; name="client_secret"'
const refused = [
  ['a file part', part(`${disposition}; filename="x"`, 's') + END, 'parameter.file'],
  ['a file part with an empty name', part(`${disposition}; filename=""`, 's') + END, 'parameter.file'],
  ['a file part with an encoded name', part(`${disposition}; filename*=UTF-8''x`, 's') + END, 'parameter.file'],
  ['a binary part', part(`${disposition}\r\nContent-Type: application/octet-stream`, 's') + END, 'parameter.file'],
  ['33 parts', field('a', 'x').repeat(33) + END, 'parameter.too_many'],
  ['33 parts without names', part('X: y', 'x').repeat(33) + END, 'parameter.too_many'],
  ['a field above 8 KiB', field('a', 'x'.repeat(8193)) + END, 'parameter.too_long'],
  ['no final boundary', field('a', 'x'), 'body.malformed'],
  ['a body cut within a part', `${field('a', 'x')}--edge\r\n${disposition}\r\n\r\nsec`, 'body.malformed'],
  ['a body cut within a header', '--edge\r\nContent-Dispo', 'body.malformed'],
  ['another boundary', field('a', 'x').replaceAll('edge', 'hedge'), 'body.malformed'],
  ['a form', 'grant_type=client_credentials', 'body.malformed'],
] as const

for (const [what, body, reason] of refused) {
  test(`400 invalid_request answers multipart with ${what}`, async () => {
    await assert.rejects(read(body), { name: 'OAuthError', code: 'invalid_request', reason })
  })
}

test('400 invalid_request answers a content type without a usable boundary', async () => {
  for (const contentType of ['multipart/form-data', `multipart/form-data; boundary=${'x'.repeat(300)}`]) {
    await assert.rejects(read(field('a', 'x') + END, contentType), { code: 'invalid_request', message: /boundary/ })
  }
})

test('bytes that are not UTF-8 do not pass for a usable value', async () => {
  const body = Buffer.from(field('client_id', '\xff') + END, 'latin1')
  const values: (string | undefined)[] = []

  await readMultipart(TYPE, body, (_name, value) => values.push(value))

  assert.deepEqual(values, ['\ufffd'])
})
