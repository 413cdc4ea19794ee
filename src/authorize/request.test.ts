import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OauthClient } from '../oauth-clients/oauth-client.ts'
import { readParameters } from './parameters.ts'
import { readRequest, readState } from './request.ts'

const target = { clientId: 'c', redirectUri: 'https://app.example/cb' }
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

const clientWith = (more: Partial<OauthClient> = {}): OauthClient => ({
  id: 'c',
  name: 'Client',
  type: 'CONFIDENTIAL',
  grantTypes: ['AUTHORIZATION_CODE'],
  redirectUris: [target.redirectUri],
  scope: ['idn:identity:read', 'idn:source:read'],
  accessTokenValiditySeconds: 750,
  refreshTokenValiditySeconds: 86_400,
  accessType: 'ONLINE',
  isPkceRequired: false,
  isStrongAuthSupported: false,
  isClaimsSupported: false,
  isInternal: false,
  isEnabled: true,
  ...more,
})

const read = (query: string, more: Partial<OauthClient> = {}) =>
  readRequest(readParameters(query), target, clientWith(more))

test('a plain request asks for everything that the client has, and nothing more of the person', () => {
  assert.deepEqual(read('response_type=code&resource=https%3A%2F%2Fapi&client_secret=x&unknown=1&unknown=2'), {
    ...target,
    state: undefined,
    scope: undefined,
    codeChallenge: undefined,
    prompt: [],
    maxAgeSeconds: undefined,
    loginHint: undefined,
  })
})

test('a full request is read as sent', () => {
  const query =
    `response_type=code&response_mode=query&state=a%2Bb+c&scope=idn:source:read&prompt=login+consent+create` +
    `&max_age=60&login_hint=ada&code_challenge=${CHALLENGE}&code_challenge_method=S256`

  assert.deepEqual(read(query, { isPkceRequired: true }), {
    ...target,
    state: 'a+b c',
    scope: 'idn:source:read',
    codeChallenge: CHALLENGE,
    prompt: ['login', 'consent'],
    maxAgeSeconds: 60,
    loginHint: 'ada',
  })
})

const ok = 'response_type=code'
for (const [query, code, reason] of [
  ['', 'invalid_request', 'response_type.missing'],
  ['response_type=', 'invalid_request', 'response_type.missing'],
  ['response_type=token', 'unsupported_response_type', 'unsupported_response_type'],
  ['response_type=id_token', 'unsupported_response_type', 'unsupported_response_type'],
  ['response_type=code%20token', 'unsupported_response_type', 'unsupported_response_type'],
  ['response_type=none', 'unsupported_response_type', 'unsupported_response_type'],
  [`${ok}&response_mode=form_post`, 'invalid_request', 'response_mode.unsupported'],
  [`${ok}&response_mode=fragment`, 'invalid_request', 'response_mode.unsupported'],
  [`${ok}&request=eyJ`, 'request_not_supported', 'request_not_supported'],
  [`${ok}&request_uri=https://x`, 'request_uri_not_supported', 'request_uri_not_supported'],
  [`${ok}&state=a&state=b`, 'invalid_request', 'parameter.repeated'],
  [`${ok}&state=a&state=a`, 'invalid_request', 'parameter.repeated'],
  [`${ok}&${ok}`, 'invalid_request', 'parameter.repeated'],
  [`${ok}&state=%ff`, 'invalid_request', 'parameter.malformed'],
  [`${ok}&scope=%zz`, 'invalid_request', 'parameter.malformed'],
  [`${ok}&state=${'x'.repeat(2049)}`, 'invalid_request', 'state.too_long'],
  [`${ok}&scope=idn:identity:manage`, 'invalid_scope', 'invalid_scope'],
  [`${ok}&scope=sp:scope:all`, 'invalid_scope', 'invalid_scope'],
  [`${ok}&scope=%22`, 'invalid_scope', 'invalid_scope'],
  [`${ok}&prompt=none+login`, 'invalid_request', 'prompt.contradictory'],
  [`${ok}&max_age=-1`, 'invalid_request', 'max_age.malformed'],
  [`${ok}&max_age=abc`, 'invalid_request', 'max_age.malformed'],
  [`${ok}&max_age=1.5`, 'invalid_request', 'max_age.malformed'],
  [`${ok}&code_challenge=${CHALLENGE}`, 'invalid_request', 'pkce.not_s256'],
  [`${ok}&code_challenge=${CHALLENGE}&code_challenge_method=plain`, 'invalid_request', 'pkce.not_s256'],
  [`${ok}&code_challenge=${CHALLENGE}&code_challenge_method=s256`, 'invalid_request', 'pkce.not_s256'],
  [`${ok}&code_challenge=${CHALLENGE.slice(1)}&code_challenge_method=S256`, 'invalid_request', 'pkce.malformed'],
  [`${ok}&code_challenge=${CHALLENGE.slice(1)}~&code_challenge_method=S256`, 'invalid_request', 'pkce.malformed'],
  [`${ok}&code_challenge_method=S256`, 'invalid_request', 'pkce.malformed'],
] as const) {
  test(`${query.slice(0, 90) || 'an empty query'} is answered ${code} (${reason})`, () => {
    assert.throws(() => read(query), { name: 'BackRefusal', code, reason, message: /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/ })
  })
}

test('a client that must use PKCE is told so', () => {
  assert.throws(() => read(ok, { isPkceRequired: true }), { code: 'invalid_request', reason: 'pkce.missing' })
})

test('a client without the grant is told so', () => {
  const grantTypes = ['CLIENT_CREDENTIALS'] as const

  assert.throws(() => read(ok, { grantTypes }), { name: 'BackRefusal', code: 'unauthorized_client' })
})

test('a state that is sent once and short goes back with every answer, any other with none', () => {
  const states = ['state=a%00b', 'state=', 'state=a&state=b', 'state=%ff', `state=${'x'.repeat(2049)}`]

  assert.deepEqual(
    states.map((query) => readState(readParameters(query))),
    ['a\0b', undefined, undefined, undefined, undefined],
  )
})

test('a query of endless parameters is refused', () => {
  assert.throws(() => readParameters('a&'.repeat(200)), { name: 'PageRefusal', reason: 'request.unreadable' })
})
