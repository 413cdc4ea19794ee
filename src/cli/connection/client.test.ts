import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type CannedAnswer, runCommandLine, startCannedServer } from '../../../test/support/command-line.ts'
import { registerCan } from '../access/can.ts'
import { exitCodes } from '../terminal/exit-codes.ts'

const clientId = '86f1dc6fe8f54414950454cbb11278fa'
const clientSecret = 'ab'.repeat(32)
const trackingId = '0123456789abcdef0123456789abcdef'
const question = ['can', 'GET', '/v3/sources']

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

const token = `${encode({ alg: 'ES256' })}.${encode({ client_id: clientId, scope: ['sp:scopes:all'] })}.c2ln`
const issued: CannedAnswer = { status: 200, body: { access_token: token, token_type: 'bearer' } }
const allowed: CannedAnswer = {
  status: 200,
  body: { allowed: true, status: 200, reason: null, operation: null, checks: [], fixes: [] },
}

async function serve(t: TestContext, answers: { token?: CannedAnswer; explain?: CannedAnswer } = {}) {
  const server = await startCannedServer(t, ({ path }) =>
    path === '/oauth/token' ? (answers.token ?? issued) : (answers.explain ?? allowed),
  )
  const env = { SALLYPORT_URL: server.origin, SALLYPORT_CLIENT_ID: clientId, SALLYPORT_CLIENT_SECRET: clientSecret }
  return { ...server, env }
}

test('a token is got with client credentials in the body, then used as a bearer', async (t) => {
  const { env, requests } = await serve(t)

  const { exitCode } = await runCommandLine(registerCan, question, { env })

  assert.equal(exitCode, 0)
  const [first, second] = requests
  assert.equal(first?.headers['content-type'], 'application/x-www-form-urlencoded')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(first?.body)), {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  })
  assert.deepEqual([first?.path, second?.path], ['/oauth/token', '/sallyport/v1/explain'])
  assert.equal(second?.headers.authorization, `Bearer ${token}`)
})

test('a token in the environment is used as it is', async (t) => {
  const { origin, requests } = await serve(t)

  await runCommandLine(registerCan, question, { env: { SALLYPORT_URL: origin, SALLYPORT_TOKEN: token } })

  assert.deepEqual(
    requests.map(({ path }) => path),
    ['/sallyport/v1/explain'],
  )
})

test('the variables of sail serve where ours are not set, and --url wins over both', async (t) => {
  const { origin, requests } = await serve(t)
  const sail = { SAIL_CLIENT_ID: 'sail-id', SAIL_CLIENT_SECRET: 'sail-secret' }

  await runCommandLine(registerCan, question, { env: { ...sail, SAIL_BASE_URL: `${origin}/` } })
  await runCommandLine(registerCan, [...question, '--url', origin], {
    env: { ...sail, SALLYPORT_URL: 'http://127.0.0.1:1' },
  })

  assert.equal(requests.length, 4)
  assert.match(requests[0]?.body ?? '', /client_id=sail-id&client_secret=sail-secret/)
})

test('a name below localhost is this machine, whatever the resolver knows', async (t) => {
  const { origin, env, requests } = await serve(t)
  const url = origin.replace('127.0.0.1', 'acme.api.localhost')

  const { exitCode } = await runCommandLine(registerCan, question, { env: { ...env, SALLYPORT_URL: url } })

  assert.equal(exitCode, 0)
  assert.match(requests[0]?.headers.host ?? '', /^acme\.api\.localhost:/)
})

for (const [what, answers, exit, lines] of [
  [
    'a rejected client',
    { token: { status: 400, body: { error: 'invalid_client', error_description: 'Bad client credentials.' } } },
    'credential',
    [`The server rejected the client ${clientId}. (400)`, 'Bad client credentials.'],
  ],
  [
    'a rejected token',
    { explain: { status: 401, body: { error: 'JWT validation failed: JWT is expired' } } },
    'credential',
    ['The server rejected the token for POST /sallyport/v1/explain. (401)', 'JWT validation failed: JWT is expired'],
  ],
  [
    'a denial, with whom the token stands for',
    {
      explain: {
        status: 403,
        headers: { 'slpt-request-id': trackingId },
        body: { detailCode: '403', messages: [{ text: 'The server understood the request but refuses it.' }] },
      },
    },
    'denied',
    [
      'You may not ask for POST /sallyport/v1/explain. (403)',
      `The server understood the request but refuses it. The token belongs to client ${clientId}, in application context, without a user, with the scopes sp:scopes:all.`,
      `Ask why: sallyport explain ${trackingId}`,
      `Tracking id: ${trackingId}`,
    ],
  ],
  [
    'a thing that is not there',
    { explain: { status: 404, body: {} } },
    'notFound',
    [/does not know/, /gave no reason/, /the API lives on the host of its tenant/],
  ],
  [
    'a thing that the server knows not to be there',
    { explain: { status: 404, body: { messages: [{ text: 'There is no catalog zz.' }] } } },
    'notFound',
    [/does not know/, 'There is no catalog zz.', 'Check the spelling, or list what there is.'],
  ],
  ['a conflict', { explain: { status: 409, body: {} } }, 'conflict', [/refused/]],
  [
    "a name that is taken, in ISC's words",
    {
      explain: {
        status: 400,
        body: { detailCode: '400.1.409 Reference conflict', messages: [{ text: 'The name is taken.' }] },
      },
    },
    'conflict',
    [/refused .* \(400\)$/, 'The name is taken.', /give another one/],
  ],
  [
    'a mistake in a request, which is no conflict',
    { explain: { status: 400, body: { detailCode: '400.1 Bad Request Content' } } },
    'failed',
    [/\(400\)$/, /gave no reason/],
  ],
  [
    'too many requests, with when to come back',
    { explain: { status: 429, headers: { 'retry-after': '7' }, body: { message: 'Rate limit exceeded.' } } },
    'rateLimited',
    [/turned away\. \(429\)$/, 'Rate limit exceeded.', 'Try again in 7 s.'],
  ],
  ['a server that cannot answer', { explain: { status: 503, body: '<html>' } }, 'unreachable', [/cannot answer/]],
  [
    'a server that fails',
    { explain: { status: 500, body: {} } },
    'failed',
    [/refused/, /gave no reason/, /log of the server/],
  ],
  [
    'a redirect, which is not followed',
    { token: { status: 307, headers: { location: 'http://evil.example/' } } },
    'failed',
    [/\(307\)$/, 'It sends to http://evil.example/.'],
  ],
  ['an answer that is no JSON', { explain: { status: 200, body: 'hello' } }, 'failed', [/is not JSON/]],
  [
    'an answer that is no explanation',
    { explain: { status: 200, body: { allowed: 'yes' } } },
    'failed',
    [/is no explanation/],
  ],
  [
    'a token answer without a token',
    { token: { status: 200, body: { access_token: 'a b' } } },
    'failed',
    [/no access token/],
  ],
] as const) {
  test(`${what} ends with exit code ${exitCodes[exit]} and three lines or more`, async (t) => {
    const { env } = await serve(t, answers)

    const { stdout, stderr, exitCode } = await runCommandLine(registerCan, question, { env })

    assert.equal(exitCode, exitCodes[exit])
    assert.equal(stdout, '')
    const told = stderr.trimEnd().split('\n')
    assert.ok(told.length >= 3)
    for (const [index, line] of lines.entries()) {
      if (typeof line === 'string') assert.equal(told[index], line)
      else assert.match(told[index] ?? '', line)
    }
  })
}

test('with JSON asked for, a failure is one line of JSON on standard error', async (t) => {
  const { env } = await serve(t, {
    explain: { status: 403, headers: { 'sallyport-reason': 'scope.missing' }, body: {} },
  })

  const { stdout, stderr } = await runCommandLine(registerCan, question, { env: { ...env, SALLYPORT_OUTPUT: 'json' } })

  assert.equal(stdout, '')
  const { error } = JSON.parse(stderr)
  assert.equal(error.code, 'scope.missing')
  assert.deepEqual(Object.keys(error), ['code', 'message', 'reason', 'suggestion', 'trackingId'])
})

test('where nothing listens the command says so', async (t) => {
  const { origin, env } = await serve(t)
  const port = Number(new URL(origin).port)

  const { stderr, exitCode } = await runCommandLine(registerCan, question, {
    env: { ...env, SALLYPORT_URL: `http://127.0.0.2:${port}` },
  })

  assert.equal(exitCode, exitCodes.unreachable)
  assert.match(
    stderr,
    /^No answer from http:\/\/127\.0\.0\.2:\d+\.\nNothing listens there \(ECONNREFUSED\)\.\nStart the server/,
  )
})

test('speaking TLS to a server without it is told apart', async (t) => {
  const { origin, env } = await serve(t)

  const { stderr, exitCode } = await runCommandLine(registerCan, question, {
    env: { ...env, SALLYPORT_URL: origin.replace('http:', 'https:') },
  })

  assert.equal(exitCode, exitCodes.unreachable)
  assert.match(stderr, /speaks another protocol .*\nTry SALLYPORT_URL=http:\/\//)
})

for (const [what, env, problem] of [
  ['no credential', {}, /^You are not signed in\.\n/],
  [
    'an id without a secret',
    { SALLYPORT_CLIENT_ID: 'x' },
    /^Half of a credential is set\.\nSALLYPORT_CLIENT_SECRET is missing/,
  ],
  ['a secret without an id', { SAIL_CLIENT_SECRET: 'x' }, /SAIL_CLIENT_ID is missing/],
] as const) {
  test(`${what} ends with exit code 4`, async () => {
    const { stderr, exitCode } = await runCommandLine(registerCan, question, { env })

    assert.equal(exitCode, exitCodes.credential)
    assert.match(stderr, problem)
  })
}

for (const [url, problem] of [
  ['localhost:8080', /^localhost:8080 is not the address of a server/],
  ['ftp://localhost', /must begin with http/],
  ['http://u:p@localhost', /^The address has a user name or password/],
  [
    'http://localhost:8080/v3',
    /^http:\/\/localhost:8080\/v3 is more than a server\.\n.*\nGive http:\/\/localhost:8080 alone/,
  ],
] as const) {
  test(`${url} is refused as an address`, async () => {
    const { stderr, exitCode } = await runCommandLine(registerCan, [...question, '--url', url], {
      env: { SALLYPORT_TOKEN: token },
    })

    assert.equal(exitCode, exitCodes.usage)
    assert.match(stderr, problem)
  })
}

test('what a server says cannot drive the terminal', async (t) => {
  const { env } = await serve(t, { explain: { status: 403, body: { messages: [{ text: 'a\u001b[2Jb\nc' }] } } })

  const { stderr } = await runCommandLine(registerCan, question, { env })

  assert.match(stderr, /a\?\[2Jb\?c/)
})
