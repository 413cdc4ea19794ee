import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommandLine } from '../../../test/support/command-line.ts'
import { registerJwt } from './jwt.ts'

const nowMs = Date.UTC(2026, 0, 1)
const nowSeconds = nowMs / 1000
const secret = 'ab'.repeat(32)

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function tokenOf(claims: object, header: object = { alg: 'ES256', typ: 'JWT', kid: 'k1' }): string {
  return `${encode(header)}.${encode(claims)}.c2lnbmF0dXJl`
}

const userToken = tokenOf({
  org: 'acme',
  client_id: '86f1dc6fe8f54414950454cbb11278fa',
  identity_id: 'ff80818155fe8c080155fe8d925b0316',
  user_name: 'ada',
  scope: ['sp:scopes:all', 'idn:identity:read'],
  iat: nowSeconds - 120,
  exp: nowSeconds + 43_080,
  token_use: 'access',
})

async function look(input: string, { isTty = false, args = ['-'] } = {}) {
  return runCommandLine(registerJwt, ['jwt', ...args], { stdin: input, isTty, nowMs })
}

test('a user token is told with its context, its times and that nothing was verified', async () => {
  const { stdout, exitCode } = await look(userToken)

  assert.equal(exitCode, 0)
  assert.deepEqual(stdout.split('\n').slice(0, 5), [
    'Access token of the tenant acme.',
    'User context: it stands for ada, through client 86f1dc6fe8f54414950454cbb11278fa.',
    'It expires in 11 h 58 min.',
    'The signature was not checked: anyone can write what stands here.',
    '',
  ])
  assert.match(stdout, /\nexp\t2026-01-01T11:58:00\.000Z \(in 11 h 58 min\)\texpires\n/)
  assert.match(stdout, /\niat\t2025-12-31T23:58:00\.000Z \(2 min ago\)\tissued\n/)
  assert.match(stdout, /\nscope\tsp:scopes:all idn:identity:read\twhat it is limited to\n/)
})

test('an application token is told to stand for its client alone', async () => {
  const { stdout } = await look(tokenOf({ client_id: 'c', exp: nowSeconds - 90_000 }))

  assert.match(stdout, /\nApplication context: it stands for client c alone, .*\nIt expired 1 day 1 h ago\.\n/)
})

for (const [what, token, sentence] of [
  [
    'a refresh token by its type',
    tokenOf({ client_id: 'c' }, { typ: 'rt+jwt', alg: 'HS256' }),
    /^Refresh token: .*no API takes it/,
  ],
  ['a refresh token by its ati', tokenOf({ client_id: 'c', ati: 'x' }), /^Refresh token/],
  ['a context token', tokenOf({ token_use: 'context' }), /^Context token/],
  ['a token without an end', tokenOf({ client_id: 'c' }), /does not say when it expires/],
  ['a token with an endless end', tokenOf({ client_id: 'c', exp: 1e300 }), /does not say when it expires/],
  ['an unsigned token', tokenOf({ client_id: 'c' }, { alg: 'none' }), /not signed at all/],
] as const) {
  test(`${what} is recognised`, async () => {
    const { stdout } = await look(token)

    assert.match(stdout, sentence)
  })
}

for (const [what, pasted] of [
  ['a bearer', `Bearer ${userToken}`],
  ['a header line', `authorization: bearer ${userToken}`],
  ['a token answer', JSON.stringify({ access_token: userToken, expires_in: 1 })],
  ['a token with line breaks', `${userToken.slice(0, 50)}\r\n  ${userToken.slice(50)}\n`],
  ['a token in quotes', `"${userToken}"`],
] as const) {
  test(`${what} is read as the token in it`, async () => {
    const { stdout } = await look(pasted)

    assert.match(stdout, /^Access token of the tenant acme\./)
  })
}

for (const [what, pasted, problem] of [
  ['a secret', secret, /^That looks like a client secret, not a token\./],
  ['the id of a token', 'cd'.repeat(16), /^That looks like the id of a personal access token/],
  ['the id of a client', 'b61429f5-203d-494c-94c3-04f54e17bc5c', /^That looks like the id of an OAuth client/],
  ['a Basic header', 'Authorization: Basic YTpzM2NyZXQ=', /^That is a Basic header/],
  ['an encrypted token', 'eyJh.b.c.d.e', /^That is an encrypted token/],
  ['half a token', userToken.slice(0, 60), /^That is the beginning of a token/],
  ['a token without its signature', userToken.split('.').slice(0, 2).join('.'), /^That is the beginning of a token/],
  ['a token of no JSON', 'YQ.YQ.YQ', /^That is not a token/],
  ['an empty text', ' \n', /^There is no token to look into/],
  ['an answer without a token', '{"error":"invalid_client"}', /^There is no token to look into/],
] as const) {
  test(`${what} is recognised and not repeated`, async () => {
    const { stdout, stderr, exitCode } = await look(pasted)

    assert.equal(exitCode, 1)
    assert.equal(stdout, '')
    assert.match(stderr, problem)
    assert.ok(pasted.trim() === '' || !stderr.includes(pasted))
  })
}

test('with --json the parts come with what they mean', async () => {
  const { stdout } = await look(userToken, { args: ['-', '--json'] })

  const { header, claims, ...rest } = JSON.parse(stdout)
  assert.equal(header.alg, 'ES256')
  assert.equal(claims.user_name, 'ada')
  assert.deepEqual(rest, {
    kind: 'access',
    context: 'user',
    expiresAt: '2026-01-01T11:58:00.000Z',
    isExpired: false,
    isVerified: false,
  })
})

test('the token may be an argument, and on a terminal one must be given', async () => {
  const given = await runCommandLine(registerJwt, ['jwt', userToken], { nowMs })
  const missing = await runCommandLine(registerJwt, ['jwt'], { nowMs })

  assert.match(given.stdout, /^Access token/)
  assert.equal(missing.exitCode, 2)
  assert.match(missing.stderr, /^There is no token to look into/)
})

test('more than a token can be is not read to its end', async () => {
  const { stderr, exitCode } = await look('a'.repeat(300_000))

  assert.equal(exitCode, 2)
  assert.match(stderr, /^That is too long for a token/)
})

test('what a token holds cannot drive the terminal', async () => {
  const token = tokenOf({ org: 'a\u001b[2J\u009b', user_name: 'x\u202ey', exp: nowSeconds })

  const words = await look(token, { isTty: true })
  const json = await look(token, { args: ['-', '--json'] })

  for (const { stdout } of [words, json]) assert.doesNotMatch(stdout, /[\u001b\u009b\u202e]/)
})
