import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presentedClient } from './presented-client.ts'

const nothing = { clientId: undefined, clientSecret: undefined }

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

const readings: readonly (readonly [pair: string, ...readings: readonly (readonly [id: string, secret?: string])[]])[] =
  [
    ['id:secret', ['id', 'secret']],
    ['id:se:cr:et', ['id', 'se:cr:et']],
    ['id:', ['id']],
    ['b61429f5-203d:ab', ['b61429f5-203d', 'ab']],
    ['b61429f5%2D203d:ab', ['b61429f5-203d', 'ab'], ['b61429f5%2D203d', 'ab']],
    ['id:a+b%2Bc', ['id', 'a b+c'], ['id', 'a+b%2Bc']],
    ['i%3Ad:s', ['i:d', 's'], ['i%3Ad', 's']],
    ['id:%2541', ['id', '%41'], ['id', '%2541']],
    ['id:100%', ['id', '100%']],
    ['id%2D:100%', ['id%2D', '100%']],
    ['id:%00', ['id', '%00']],
    ['id:%C3%A9', ['id', '%C3%A9']],
  ]

for (const [pair, ...expected] of readings) {
  test(`Basic ${pair} is read ${expected.length === 1 ? 'one way' : 'form-decoded first, then raw'} (RFC 6749 §2.3.1)`, () => {
    const client = presentedClient(basic(pair), nothing)

    const alternatives = expected.map(([id, secret]) => ({ id, secret }))
    assert.deepEqual(client, { ...alternatives[0], method: 'basic', alternatives })
  })
}

test('the scheme has no case, and spaces before the credential do not count', () => {
  const [, encoded] = basic('id:secret').split(' ')

  for (const authorization of [`basic ${encoded}`, `BASIC   ${encoded}`]) {
    assert.equal(presentedClient(authorization, nothing)?.id, 'id')
  }
})

const unreadable = [
  ['no credential', 'Basic'],
  ['an empty credential', 'Basic '],
  ['no colon', basic('idsecret')],
  ['no id', basic(':secret')],
  ['neither id nor secret', basic(':')],
  ['no base64', 'Basic id:secret'],
  ['base64 without padding', basic('id:s').replaceAll('=', '')],
  ['the URL-safe alphabet', basic('id:~~~???').replaceAll('/', '_').replaceAll('+', '-')],
  ['bits left over in the last letter', 'Basic aWQ6cz='],
  ['a list of two', `${basic('id:s')}, ${basic('id:s')}`],
  ['a line break in the secret', basic('id:secret\n')],
  ['a NUL in the id', basic('i\0d:secret')],
  ['bytes above ASCII', basic('id:sécret')],
  ['a secret above 8 KiB', basic(`id:${'s'.repeat(8193)}`)],
] as const

for (const [what, authorization] of unreadable) {
  test(`Basic with ${what} is invalid_client (RFC 6749 §5.2)`, () => {
    assert.throws(() => presentedClient(authorization, nothing), {
      name: 'OAuthError',
      code: 'invalid_client',
      reason: 'basic.malformed',
      message: /Basic/,
    })
  })
}

test('another scheme is ignored', () => {
  for (const authorization of ['Bearer abc', 'Bearer', 'Basically abc', 'Digest username=x', 'NTLM', '']) {
    const client = presentedClient(authorization, { clientId: 'id', clientSecret: 'secret' })

    assert.equal(client?.method, 'post')
    assert.equal(presentedClient(authorization, nothing), undefined)
  }
})

test('parameters that say the same as Basic narrow its readings', () => {
  const encoded = basic('a%2Db:s')

  assert.deepEqual(presentedClient(encoded, { ...nothing, clientId: 'a-b' })?.alternatives, [
    { id: 'a-b', secret: 's' },
  ])
  assert.deepEqual(presentedClient(encoded, { clientId: 'a%2Db', clientSecret: 's' })?.alternatives, [
    { id: 'a%2Db', secret: 's' },
  ])
})

test('an empty Basic secret beside a client_secret is a contradiction (RFC 6749 §2.3)', () => {
  assert.throws(() => presentedClient(basic('id:'), { clientId: 'id', clientSecret: 'secret' }), {
    code: 'invalid_request',
    reason: 'parameter.repeated',
    message: /client_secret/,
  })
})

test('id and secret that fit two different readings of Basic are a contradiction', () => {
  assert.throws(() => presentedClient(basic('a%2Db:c%2Dd'), { clientId: 'a-b', clientSecret: 'c%2Dd' }), {
    code: 'invalid_request',
    message: /client_secret/,
  })
})

test('parameters alone have one reading', () => {
  assert.deepEqual(presentedClient(undefined, { clientId: 'a%2Db', clientSecret: undefined }), {
    id: 'a%2Db',
    secret: undefined,
    method: 'post',
    alternatives: [{ id: 'a%2Db', secret: undefined }],
  })
})
