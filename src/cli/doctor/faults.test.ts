import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type CannedAnswer, type SeenRequest, startCannedServer } from '../../../test/support/command-line.ts'
import { assertWrong, environmentOf, examine } from '../../../test/support/doctor.ts'

const info = { tenantName: 'acme', tokenEndpoint: 'https://acme.api.example/oauth/token' }
const claims = { org: 'acme', client_id: 'c', scope: ['sp:scopes:all'], exp: 4_102_444_800 }
const tokenWith = (more: object): string =>
  [
    { alg: 'ES256', typ: 'JWT' },
    { ...claims, ...more },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2ln')
    .join('.')

interface Fake {
  info?: CannedAnswer
  token?: CannedAnswer
  request?: (request: SeenRequest) => CannedAnswer
}

/** A server that is well but for what is put in its place, and gives no reasons: as ISC. */
const startFake = (t: TestContext, fake: Fake) =>
  startCannedServer(t, (request) => {
    if (request.path === '/oauth/info') return fake.info ?? { status: 200, body: info }
    if (request.path === '/oauth/token')
      return fake.token ?? { status: 200, body: { access_token: tokenWith({ user_name: 'ada' }) } }
    return fake.request?.(request) ?? { status: 200, body: [] }
  })

const page: CannedAnswer = { status: 200, body: '<html>Sign in</html>' }
const answerOf = (status: number, body: object | string = {}): CannedAnswer => ({ status, body })
const denied: CannedAnswer = answerOf(403, { messages: [{ text: 'Forbidden' }] })
const faults: [string, Fake, name: string, message: RegExp, fix: RegExp][] = [
  ['a console in place of an API host', { info: page }, 'info', /a web page/, /API host/],
  [
    'a redirect',
    { info: { status: 302, headers: { location: 'https://x.example/' } } },
    'info',
    /x\.example/,
    /API host itself/,
  ],
  ['a server that fails', { info: answerOf(500) }, 'info', /500/, /log/],
  ['a token endpoint that is a web page', { token: page }, 'token', /a web page/, /./],
  ['a token endpoint that is not there', { token: answerOf(404) }, 'token', /404/, /API host/],
  [
    'a throttled token endpoint',
    { token: answerOf(429, { message: 'Rate Limit Exceeded' }) },
    'token',
    /429/,
    /wait a minute/,
  ],
  [
    'a grant that is not allowed',
    { token: answerOf(400, { error: 'unauthorized_client', error_description: 'Unauthorized grant type' }) },
    'token',
    /Unauthorized grant/,
    /CLIENT_CREDENTIALS/,
  ],
  [
    'a network rule at the token endpoint',
    {
      token: answerOf(400, {
        error: 'unauthorized_client',
        error_description: 'This tenant does not allow requests from your network.',
      }),
    },
    'token',
    /network/,
    /allowed networks/,
  ],
  [
    'a firewall at the token endpoint',
    { token: answerOf(403, '<html>blocked</html>') },
    'token',
    /403/,
    /in front of the server/,
  ],
  [
    'a refresh token in place of an access token',
    { token: answerOf(200, { access_token: tokenWith({ ati: 'x' }) }) },
    'bearer',
    /Refresh token/,
    /access_token/,
  ],
  [
    'a token of the past',
    { token: answerOf(200, { access_token: tokenWith({ exp: 1 }) }) },
    'bearer',
    /too old/,
    /new one/,
  ],
  [
    'a token of another tenant',
    { token: answerOf(200, { access_token: tokenWith({ org: 'globex' }) }) },
    'bearer',
    /globex/,
    /this tenant/,
  ],
  [
    'a proxy that takes the bearer away',
    { request: () => answerOf(401, { error: 'JWT is required' }) },
    'request',
    /401/,
    /Authorization header/,
  ],
  [
    'a token that is not taken',
    { request: () => answerOf(401, { error: 'JWT validation failed' }) },
    'request',
    /401/,
    /does not take the token/,
  ],
  [
    'a missing header',
    { request: () => answerOf(400, { messages: [{ text: 'X-SailPoint-Experimental header required' }] }) },
    'request',
    /400/,
    /--experimental/,
  ],
  [
    'a missing user',
    { request: () => denied, token: answerOf(200, { access_token: tokenWith({}) }) },
    'request',
    /403/,
    /no user/,
  ],
  [
    'a missing scope',
    { request: () => denied, token: answerOf(200, { access_token: tokenWith({ user_name: 'a', scope: ['x:y'] }) }) },
    'request',
    /403/,
    /Compare the scopes/,
  ],
  ['a missing level', { request: () => denied }, 'request', /403/, /user level/],
  [
    'a rate limit',
    { request: () => ({ status: 429, headers: { 'retry-after': '7' }, body: { message: 'x' } }) },
    'request',
    /429/,
    /7 s/,
  ],
  ['a gateway that fails', { request: () => answerOf(502) }, 'request', /502/, /./],
]

for (const [what, fake, name, message, fix] of faults)
  test(`${what} is the first thing wrong`, async (t) => {
    const { origin } = await startFake(t, fake)

    assertWrong(await examine(['GET', '/v3/sources'], environmentOf('ada', origin)), name, message, fix)
  })

test('nothing but /oauth/info, a token and the named request is ever asked for', async (t) => {
  const { origin, requests } = await startFake(t, {})

  await examine(['GET', '/v3/sources?limit=1', '--redirect-uri', 'https://a.example/'], environmentOf('ada', origin))

  assert.deepEqual(
    requests.map(({ method, path }) => `${method} ${path}`),
    ['GET /oauth/info', 'POST /oauth/token', 'GET /v3/sources?limit=1'],
  )
})
