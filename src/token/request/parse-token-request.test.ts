import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OAuthError } from '../../oauth/oauth-error.ts'
import { parseTokenRequest, type TokenRequest, type TokenRequestInput } from './parse-token-request.ts'

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'
// Stands for a secret in every refused request: no answer and no reason may repeat it.
const CANARY = 'c4nary'

type Sent = Partial<Omit<TokenRequestInput, 'body'>> & { readonly body?: string | Buffer }

function parse({ query = '', contentType = FORM, authorization, body = '' }: Sent): TokenRequest {
  const parsed = parseTokenRequest({ query, contentType, authorization, body: Buffer.from(body) })
  assert.ok(!(parsed instanceof Promise), 'only multipart is read later')
  return parsed
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

test('query, form and Basic come together in one request', () => {
  const { parameters, client } = parse({
    query: 'grant_type=client_credentials',
    body: 'scope=a+b',
    authorization: basic('id:secret'),
  })

  assert.equal(parameters.grantType, 'client_credentials')
  assert.equal(parameters.scope, 'a b')
  assert.deepEqual(client, {
    id: 'id',
    secret: 'secret',
    method: 'basic',
    alternatives: [{ id: 'id', secret: 'secret' }],
  })
})

test('every known parameter is read and becomes camelCase', () => {
  const { parameters } = parse({
    body: 'grant_type=g&scope=s&code=c&redirect_uri=r&code_verifier=v&refresh_token=t',
  })

  assert.deepEqual(parameters, {
    grantType: 'g',
    scope: 's',
    code: 'c',
    redirectUri: 'r',
    codeVerifier: 'v',
    refreshToken: 't',
  })
})

test('identical repeats are one, within a transport and between two', () => {
  const { client } = parse({
    query: 'client_id=a&client_id=%61',
    body: 'grant_type=x&client_id=a&client_secret=b',
    authorization: basic('a:b'),
  })

  assert.equal(client?.id, 'a')
})

test('an empty parameter is as good as absent and differs from nothing (RFC 6749 §3.2)', () => {
  const { parameters, client } = parse({
    query: 'scope=&client_secret=&code',
    body: 'grant_type=x&client_id=a&scope=s',
  })

  assert.equal(parameters.scope, 's')
  assert.equal(parameters.code, undefined)
  assert.equal(client?.secret, undefined)
})

test('grant_type compares without case and is not judged', () => {
  const { parameters } = parse({ query: 'grant_type=No_Such_GRANT', body: 'grant_type=no_such_grant' })

  assert.equal(parameters.grantType, 'no_such_grant')
})

test('a request that names no client is read all the same', () => {
  assert.equal(parse({ body: 'grant_type=client_credentials' }).client, undefined)
})

const ignored = [
  ['an unknown name', 'foo=bar&authorities=ORG_ADMIN&tenant_id=globex'],
  ['an unknown name twice', 'resource=a&resource=b'],
  ['brackets', 'client_id[a]=1&client_secret[$ne]=&grant_type[]=x'],
  ['names of Object.prototype', '__proto__=x&__proto__[grantType]=y&constructor=z&toString=w'],
  ['another case', 'CLIENT_ID=1'],
  ['an unknown value that cannot be decoded', 'foo=%ff&bar=%zz&baz=%00'],
  ['a name that cannot be decoded', 'client_id%ff=1&%=2'],
  ['no name', '=1&&&=2'],
] as const

for (const [what, pairs] of ignored) {
  test(`a form parameter is ignored: ${what}`, () => {
    const request = parse({ body: `grant_type=x&client_id=a&${pairs}` })

    assert.deepEqual(request, parse({ body: 'grant_type=x&client_id=a' }))
    assert.equal(Object.hasOwn(Object.prototype, 'grantType'), false)
  })
}

test('the name of a parameter may be percent-encoded', () => {
  assert.equal(parse({ body: 'grant_type=x&client%5Fid=a%2Db' }).client?.id, 'a-b')
})

const urlQueries = [
  ['client_id=a', false],
  ['client_secret=', false],
  ['client_secret=b', true],
  ['code=b', true],
  ['refresh_token=b', true],
  ['password=%ff', true],
  ['pass%77ord=b', true],
] as const

for (const [query, expected] of urlQueries) {
  test(`?${query} ${expected ? 'counts' : 'does not count'} as a credential in the URL`, () => {
    assert.equal(parse({ query, body: 'grant_type=x&client_id=a' }).hasUrlCredentials, expected)
  })
}

test('a credential in the body is not one in the URL', () => {
  assert.equal(parse({ body: 'grant_type=x&client_id=a&client_secret=b' }).hasUrlCredentials, false)
})

test('an empty body may have any content type, or none', () => {
  for (const contentType of [undefined, '', FORM, JSON_TYPE, 'multipart/form-data', 'text/plain', 'nonsense']) {
    const input = { query: 'grant_type=x', contentType, authorization: undefined, body: Buffer.alloc(0) }

    assert.ok(!(parseTokenRequest(input) instanceof Promise), contentType ?? 'none')
  }
})

test('the media type counts, in any case and whatever follows it', () => {
  for (const contentType of [
    'Application/X-WWW-Form-URLEncoded',
    `${FORM};charset=UTF-8`,
    `${FORM} ; charset=utf-16`,
  ]) {
    assert.equal(parse({ contentType, body: 'grant_type=x' }).parameters.grantType, 'x')
  }
})

test('thirty-two parameters in the query and as many in the body are read', () => {
  const many = Array.from({ length: 31 }, (_, index) => `p${index}=1`).join('&')

  assert.equal(parse({ query: `${many}&scope=s`, body: `${many}&grant_type=x` }).parameters.scope, 's')
})

test('a value of 8 KiB is read, encoded or not', () => {
  const value = '-'.repeat(8192)

  assert.equal(parse({ body: `grant_type=x&scope=${value}` }).parameters.scope, value)
  assert.equal(parse({ body: `grant_type=x&scope=${value.replaceAll('-', '%2D')}` }).parameters.scope, value)
})

const grant = 'grant_type=x'
const refused: readonly (readonly [what: string, sent: Sent, reason: string, message: RegExp])[] = [
  ['nothing at all', {}, 'parameter.missing', /grant_type/],
  ['no grant_type', { body: `client_id=a&client_secret=${CANARY}` }, 'parameter.missing', /grant_type/],
  ['an empty grant_type', { body: 'grant_type=' }, 'parameter.missing', /grant_type/],
  ['a secret without id', { body: `${grant}&client_secret=${CANARY}` }, 'parameter.missing', /client_id/],
  ['text/plain', { contentType: 'text/plain', body: grant }, 'content_type.unsupported', /x-www-form-urlencoded/],
  ['a body without content type', { contentType: '', body: grant }, 'content_type.unsupported', /application.json/],
  ['two content types', { contentType: `${FORM}, ${JSON_TYPE}`, body: grant }, 'content_type.unsupported', /multipart/],
  [
    'a differing repeat in a body',
    { body: `${grant}&client_id=a&client_id=${CANARY}` },
    'parameter.repeated',
    /client_id/,
  ],
  [
    'a differing repeat in query and body',
    { query: `scope=${CANARY}`, body: 'scope=b' },
    'parameter.repeated',
    /scope/,
  ],
  ['a differing repeat in a query', { query: `${grant}&grant_type=${CANARY}` }, 'parameter.repeated', /grant_type/],
  [
    'an id unlike Basic',
    { body: `${grant}&client_id=b`, authorization: basic(`a:${CANARY}`) },
    'parameter.repeated',
    /_id/,
  ],
  [
    'a secret unlike Basic',
    { body: `${grant}&client_secret=b`, authorization: basic(`a:${CANARY}`) },
    'parameter.repeated',
    /_secret/,
  ],
  ['invalid UTF-8', { body: `${grant}&client_id=%ff%fe${CANARY}` }, 'parameter.malformed', /client_id/],
  ['overlong UTF-8', { body: `${grant}&client_id=%c0%ae${CANARY}` }, 'parameter.malformed', /client_id/],
  ['an encoded surrogate', { body: `${grant}&code=%ed%a0%80${CANARY}` }, 'parameter.malformed', /code/],
  [
    'raw bytes above ASCII',
    { body: Buffer.from(`${grant}&code=\xff${CANARY}`, 'latin1') },
    'parameter.malformed',
    /code/,
  ],
  ['a NUL', { query: `${grant}&client_secret=%00${CANARY}` }, 'parameter.malformed', /client_secret/],
  [
    'a line break after the secret',
    { body: `${grant}&client_secret=${CANARY}%0A` },
    'parameter.malformed',
    /line break/,
  ],
  ['a broken escape', { body: `${grant}&client_secret=${CANARY}%2` }, 'parameter.malformed', /percent-encoded/],
  ['an encoded letter with an accent', { body: `${grant}&scope=%C3%A9` }, 'parameter.malformed', /ASCII/],
  ['a value above 8 KiB', { body: `${grant}&scope=${'s'.repeat(8193)}` }, 'parameter.too_long', /scope.*8192/],
  ['a query above 8 KiB', { query: 'x'.repeat(8193), body: grant }, 'query.too_long', /8192/],
  ['a body above 64 KiB', { body: `${grant}&foo=${'x'.repeat(65536)}` }, 'body.too_long', /65536/],
  ['33 parameters in a body', { body: `${grant}${'&a=1'.repeat(32)}` }, 'parameter.too_many', /32/],
  ['33 parameters in a query', { query: `${grant}${'&a'.repeat(32)}` }, 'parameter.too_many', /32/],
  [
    'JSON sent as a form',
    { body: `{"grant_type":"x","client_secret":"${CANARY}"}` },
    'parameter.missing',
    /Content-Type/,
  ],
  ['a form sent as JSON', { contentType: JSON_TYPE, body: `${grant}&code=${CANARY}` }, 'body.malformed', /JSON/],
]

for (const [what, sent, reason, message] of refused) {
  test(`400 invalid_request answers ${what}, and the answer repeats no value (RFC 6749 §5.2)`, () => {
    const isExpected = (error: unknown) => {
      assert.ok(error instanceof OAuthError)
      assert.match(error.message, message)
      assert.match(error.message, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/, 'characters of error_description')
      assert.ok(!`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`.includes(CANARY))
      assert.deepEqual([error.code, error.reason], ['invalid_request', reason])
      return true
    }

    assert.throws(() => parse(sent), isExpected)
  })
}
