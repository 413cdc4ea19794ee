import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { runCommandLine, startCannedServer } from '../../../test/support/command-line.ts'
import { registerCan } from './can.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import { registerExplain } from './explain.ts'

const clientId = 'b61429f5-203d-494c-94c3-04f54e17bc5c'
const trackingId = '0123456789abcdef0123456789abcdef'
const token = `${encode({ alg: 'ES256' })}.${encode({ client_id: clientId })}.c2ln`

const denied = {
  allowed: false,
  status: 403,
  reason: { code: 'context.user_required', message: 'This operation needs a user.' },
  operation: { method: 'GET', path: '/v3/sources' },
  checks: [
    {
      name: 'authentication',
      outcome: 'pass',
      code: null,
      message: 'The token is valid.',
      expected: null,
      actual: null,
    },
    {
      name: 'context',
      outcome: 'fail',
      code: 'context.user_required',
      message: 'It has none.',
      expected: ['user'],
      actual: 'application',
    },
    { name: 'resource', outcome: 'not_reached', code: null, message: 'The upstream decides.' },
  ],
  fixes: [
    { kind: 'use_pat', message: 'Use a personal access token.' },
    { kind: 'use_machine', message: 'Use a machine identity.' },
  ],
}
const allowed = { ...denied, allowed: true, status: 200, reason: null, fixes: [] }

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

async function ask(
  t: TestContext,
  args: readonly string[],
  { answer, isTty = false }: { answer?: object; isTty?: boolean } = {},
) {
  const { origin, requests } = await startCannedServer(t, () => ({ status: 200, body: answer ?? denied }))
  const register = args[0] === 'can' ? registerCan : registerExplain
  const result = await runCommandLine(register, args, { env: { SALLYPORT_URL: origin, SALLYPORT_TOKEN: token }, isTty })
  return { ...result, asked: requests.map(({ body }) => JSON.parse(body)) }
}

test('explain tells the verdict first, then the checks, then what would help', async (t) => {
  const { stdout, exitCode } = await ask(t, ['explain', 'GET', '/v3/sources'], { isTty: true })

  assert.equal(exitCode, 0)
  assert.equal(
    stdout,
    `Denied (403): This operation needs a user.

ok    authentication  The token is valid.
FAIL  context         It has none.
-     resource        The upstream decides.

What would help:
1. Use a personal access token.
2. Use a machine identity.
`,
  )
})

test('elsewhere than on a terminal the columns are separated by tabs', async (t) => {
  const { stdout } = await ask(t, ['explain', 'GET', '/v3/sources'], { answer: allowed })

  assert.match(stdout, /^Allowed: .*\n\nok\tauthentication\tThe token is valid\.\n/)
})

test('with --json the answer is passed on whole', async (t) => {
  const { stdout } = await ask(t, ['explain', 'GET', '/v3/sources', '--json'])

  assert.deepEqual(JSON.parse(stdout), denied)
})

for (const [what, args, question] of [
  ['one asks as oneself', ['GET', '/v3/sources'], { method: 'GET', path: '/v3/sources', clientId }],
  ['the method may be in lower case', ['get', '/v3/sources'], { method: 'GET', path: '/v3/sources', clientId }],
  [
    'a whole address stands for its path',
    ['GET', 'https://a.test/v3/x?limit=1'],
    { method: 'GET', path: '/v3/x', clientId },
  ],
  ['a query is no part of the path', ['GET', '/v3/x?limit=1#a'], { method: 'GET', path: '/v3/x', clientId }],
  [
    'another credential is named with --as',
    ['GET', '/a', '--as', 'pat:86f1dc6fe8f54414950454cbb11278fa'],
    { method: 'GET', path: '/a', clientId: '86f1dc6fe8f54414950454cbb11278fa' },
  ],
  [
    'a user is imagined',
    ['GET', '/a', '--context', 'user', '--scope', 'a', 'b', '--level', 'ORG_ADMIN'],
    { method: 'GET', path: '/a', persona: { context: 'user', scopes: ['a', 'b'], userLevels: ['ORG_ADMIN'] } },
  ],
  [
    'an application is imagined',
    ['GET', '/a', '--context', 'application'],
    { method: 'GET', path: '/a', persona: { context: 'application', scopes: [], userLevels: [] } },
  ],
  ['a tracking id is asked about as it is', [trackingId], { trackingId }],
  ['a tracking id may have dashes and capitals', ['01234567-89AB-CDEF-0123-456789ABCDEF'], { trackingId }],
] as const) {
  test(`without more words: ${what}`, async (t) => {
    const { asked } = await ask(t, ['explain', ...args])

    assert.deepEqual(asked, [question])
  })
}

for (const [args, problem] of [
  [['FETCH', '/a'], /^FETCH is no HTTP method/],
  [['GET', 'v3'], /^v3 is no path/],
  [['GET'], /^That is neither a tracking id nor a method/],
  [['GET', '/a', '--as', 'b61429f5'], /^b61429f5 names no credential/],
  [['GET', '/a', '--as', 'client:x', '--context', 'user'], /^--as does not go with/],
  [['GET', '/a', '--scope', 'x'], /^Which context is meant/],
  [['GET', '/a', '--context', 'both'], /^Which context is meant/],
  [['GET', '/a', '--context', 'application', '--level', 'X'], /^There are no user levels in application context/],
  [[trackingId, '--as', 'client:x'], /^A tracking id is not asked about as somebody else/],
  [['GET', '/a', '-o', 'jsn'], /^There is no output format jsn\.\nThe formats are table, tsv and json\./],
] as const) {
  test(`explain ${args.join(' ')} is a mistake, and nothing is asked`, async (t) => {
    const { stderr, stdout, exitCode, asked } = await ask(t, ['explain', ...args])

    assert.equal(exitCode, exitCodes.usage)
    assert.match(stderr, problem)
    assert.deepEqual([stdout, asked], ['', []])
  })
}

test('can answers yes with exit code 0 and no, with the reason, with exit code 10', async (t) => {
  const yes = await ask(t, ['can', 'GET', '/v3/sources'], { answer: allowed })
  const no = await ask(t, ['can', 'GET', '/v3/sources'])

  assert.deepEqual([yes.stdout, yes.exitCode], ['yes\n', 0])
  assert.deepEqual([no.stdout, no.exitCode], ['no: This operation needs a user. (context.user_required)\n', 10])
})

test('can prints JSON where it is asked for', async (t) => {
  const { stdout, exitCode } = await ask(t, ['can', 'GET', '/v3/sources', '-o', 'json'])

  assert.deepEqual(JSON.parse(stdout), { allowed: false, status: 403, reason: denied.reason })
  assert.equal(exitCode, exitCodes.no)
})
