import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { issueCode } from '../../authorization-codes/issue.ts'
import { rotateSigningKey } from '../../keys/rotate.ts'
import { credentialOf, identityIdOf } from '../../../test/support/tenant-fixtures.ts'
import { startTestApp, type TestAnswer, type TestApp } from '../../../test/support/test-app.ts'

const REDIRECT = 'https://portal.example/callback'
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const IDENTITIES = '/v2025/identities'

interface CodeOptions {
  clientName?: string
  codeChallenge?: string | null
  scope?: string[]
}

/** What the authorization endpoint does once a person has agreed. */
async function newCode(
  app: TestApp,
  { clientName = 'app-portal', codeChallenge = null, scope = ['sp:scopes:all'] }: CodeOptions = {},
): Promise<string> {
  const ctx = await app.contextOf()
  const code = await ctx.db.transaction().execute((tx) =>
    issueCode(tx, ctx, {
      interactionId: randomBytes(16).toString('hex'),
      clientId: credentialOf('acme', clientName).clientId,
      identityId: identityIdOf('acme', 'ada'),
      redirectUri: REDIRECT,
      scope,
      codeChallenge,
      position: app.installation.changes.position,
    }),
  )
  assert.ok(code)
  return code
}

const post = (app: TestApp, path: string, form: Record<string, string>): Promise<TestAnswer> =>
  app.call('POST', path, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })

function portal(name = 'app-portal'): Record<string, string> {
  const { clientId, clientSecret } = credentialOf('acme', name)
  return { client_id: clientId, client_secret: clientSecret }
}

const exchange = (app: TestApp, code: string, more: Record<string, string> = {}) =>
  post(app, '/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...portal(), ...more })

const refresh = (app: TestApp, refreshToken: string, more: Record<string, string> = {}) =>
  post(app, '/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...portal(), ...more })

async function signedIn(app: TestApp): Promise<{ access: string; refresh: string }> {
  const answer = await exchange(app, await newCode(app))
  assert.equal(answer.status, 200, answer.text)
  return { access: answer.json().access_token, refresh: answer.json().refresh_token }
}

const isAccepted = async (app: TestApp, token: string): Promise<boolean> =>
  (await app.call('GET', IDENTITIES, { token })).status === 200

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

test('a code gives tokens that act as the person who signed in (RFC 6749 §4.1.3)', async (t) => {
  const app = await startTestApp(t)

  const answer = await exchange(app, await newCode(app))

  const body = answer.json()
  assert.equal(answer.status, 200)
  assert.equal(body.identity_id, identityIdOf('acme', 'ada'))
  assert.equal(body.user_name, 'ada')
  assert.equal(claimsOf(body.refresh_token).ati, body.jti)
  assert.deepEqual(headerOf(body.refresh_token), { alg: 'HS256', typ: 'rt+jwt' })
  assert.ok(Number.isInteger(claimsOf(body.refresh_token).exp))
  assert.equal(await isAccepted(app, body.access_token), true)
})

test('a code is good once, and its replay ends what it gave (RFC 6749 §4.1.2)', async (t) => {
  const app = await startTestApp(t)
  const code = await newCode(app)
  const first = (await exchange(app, code)).json()

  const replay = await exchange(app, code)

  assert.deepEqual([replay.status, replay.json().error], [400, 'invalid_grant'])
  assert.equal(await isAccepted(app, first.access_token), false)
  assert.equal((await refresh(app, first.refresh_token)).json().error, 'invalid_grant')
})

test('of twenty parallel exchanges of one code exactly one succeeds', async (t) => {
  const app = await startTestApp(t)
  const code = await newCode(app)

  const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(app, code)))

  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.ok(answers.filter(({ status }) => status !== 200).every((answer) => answer.json().error === 'invalid_grant'))
})

for (const [name, more, isBurnt] of [
  ['another redirect URI', { redirect_uri: `${REDIRECT}/` }, true],
  ['a wrong verifier', { code_verifier: 'w'.repeat(43) }, true],
  ['a wrong secret', { client_secret: '0'.repeat(64) }, false],
  ['another client', portal('app-nightly'), false],
] as const) {
  test(`an exchange with ${name} fails, and the code is ${isBurnt ? 'burnt' : 'still good'}`, async (t) => {
    const app = await startTestApp(t)
    const code = await newCode(app, { codeChallenge: CHALLENGE })

    const wrong = await exchange(app, code, { code_verifier: VERIFIER, ...more })
    const right = await exchange(app, code, { code_verifier: VERIFIER })

    assert.equal(wrong.status, 400)
    assert.equal(right.status, isBurnt ? 400 : 200)
  })
}

test('a challenge that was sent is always enforced, and a verifier without one is refused (RFC 9700 §4.8.2)', async (t) => {
  const app = await startTestApp(t)

  const withoutVerifier = await exchange(app, await newCode(app, { codeChallenge: CHALLENGE }))
  const withoutChallenge = await exchange(app, await newCode(app), { code_verifier: VERIFIER })

  assert.deepEqual([withoutVerifier.json().error, withoutChallenge.json().error], ['invalid_grant', 'invalid_grant'])
})

test('a code is void once its redirect URI is no longer registered', async (t) => {
  const app = await startTestApp(t)
  const code = await newCode(app)
  await app.apply({
    tenant: { name: 'acme', default: true },
    oauthClients: [
      {
        name: 'app-portal',
        ...idAndSecret('app-portal'),
        grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
        redirectUris: ['https://portal.example/elsewhere'],
      },
    ],
  })

  const answer = await exchange(app, code)

  assert.deepEqual([answer.status, answer.json().error], [400, 'invalid_grant'])
})

test('a code expires after sixty seconds', async (t) => {
  const app = await startTestApp(t)
  const code = await newCode(app)
  app.clock.advance(60_000)

  const answer = await exchange(app, code)

  assert.match(answer.json().error_description, /expired/)
})

test('a refresh gives new tokens and makes the old refresh token a thing of the past', async (t) => {
  const app = await startTestApp(t)
  const first = await signedIn(app)

  const second = (await refresh(app, first.refresh)).json()

  assert.notEqual(second.refresh_token, first.refresh)
  assert.equal(await isAccepted(app, second.access_token), true)
  app.clock.advance(11_000)
  assert.equal((await refresh(app, first.refresh)).json().error, 'invalid_grant')
})

test('a client that lost the answer gets the very same tokens again within ten seconds', async (t) => {
  const app = await startTestApp(t)
  const first = await signedIn(app)
  const second = (await refresh(app, first.refresh)).json()
  app.clock.advance(9_000)

  const again = (await refresh(app, first.refresh)).json()

  assert.equal(again.refresh_token, second.refresh_token)
  assert.equal(again.jti, second.jti)
  assert.equal(again.expires_in, second.expires_in - 9)
})

test('a refresh token used again later ends the family: its newest tokens die too (RFC 9700 §4.14.2)', async (t) => {
  const app = await startTestApp(t)
  const first = await signedIn(app)
  const second = (await refresh(app, first.refresh)).json()
  app.clock.advance(11_000)

  const reuse = await refresh(app, first.refresh)

  assert.equal(reuse.json().error, 'invalid_grant')
  assert.equal(await isAccepted(app, second.access_token), false)
  assert.equal((await refresh(app, second.refresh_token)).json().error, 'invalid_grant')
})

test('of fifty parallel refreshes all get the same child', async (t) => {
  const app = await startTestApp(t)
  const first = await signedIn(app)

  const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(app, first.refresh)))

  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  assert.equal(new Set(answers.map((answer) => answer.json().refresh_token)).size, 1)
})

test('a refresh narrows the scope for one token, and never widens it (RFC 6749 §6)', async (t) => {
  const app = await startTestApp(t)
  const answer = await exchange(app, await newCode(app, { scope: ['idn:identity:read', 'sp:scopes:default'] }))

  const wide = await refresh(app, answer.json().refresh_token, { scope: 'idn:identity:read idn:sources:read' })
  const narrow = await refresh(app, answer.json().refresh_token, { scope: 'idn:identity:read' })
  const plain = await refresh(app, narrow.json().refresh_token)

  assert.equal(wide.json().error, 'invalid_scope')
  assert.equal(narrow.json().scope, 'idn:identity:read')
  assert.equal(plain.json().scope, 'idn:identity:read sp:scopes:default')
})

test('another client’s attempt changes nothing for the family', async (t) => {
  const app = await startTestApp(t)
  const first = await signedIn(app)
  await app.apply({
    tenant: { name: 'acme', default: true },
    oauthClients: [
      {
        name: 'other',
        ...idAndSecret('app-other'),
        grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
        redirectUris: [REDIRECT],
      },
    ],
  })

  const theft = await refresh(app, first.refresh, portal('app-other'))
  const own = await refresh(app, first.refresh)

  assert.deepEqual([theft.status, theft.json().error, own.status], [400, 'invalid_grant', 200])
})

function idAndSecret(name: string): { id: string; secret: string } {
  const { clientId, clientSecret } = credentialOf('acme', name)
  return { id: clientId, secret: clientSecret }
}

test('a refresh token is no bearer, and an access token no refresh token', async (t) => {
  const app = await startTestApp(t)
  const tokens = await signedIn(app)

  const bearer = await app.call('GET', IDENTITIES, { token: tokens.refresh })
  const grant = await refresh(app, tokens.access)

  assert.deepEqual([bearer.status, bearer.headers['sallyport-reason']], [401, 'auth.wrong_type'])
  assert.deepEqual([grant.status, grant.json().error], [400, 'invalid_grant'])
})

test('a refresh does not depend on the signing keys of access tokens', async (t) => {
  const app = await startTestApp(t)
  const first = await signedIn(app)
  const { keys } = app.installation
  await rotateSigningKey(await app.contextOf(), { purpose: 'access', wrapping: keys.wrapping, isEmergency: false })
  await app.installation.changes.catchUp()
  app.clock.advance(14 * 3_600_000)

  const answer = await refresh(app, first.refresh)

  assert.equal(answer.status, 200)
  assert.notEqual(headerOf(answer.json().access_token).kid, headerOf(first.access).kid)
  assert.equal(await isAccepted(app, answer.json().access_token), true)
})

test('using a family does not make it live longer than it may', async (t) => {
  const app = await startTestApp(t)
  const first = await signedIn(app)
  app.clock.advance(29 * 86_400_000)
  const late = await refresh(app, first.refresh)
  app.clock.advance(86_400_000)

  const tooLate = await refresh(app, late.json().refresh_token)

  assert.deepEqual([late.status, tooLate.status, tooLate.json().error], [200, 400, 'invalid_grant'])
})

test('a disabled person, a disabled client and a lost level end what was begun before', async (t) => {
  for (const change of [
    { identities: [{ alias: 'ada', userLevels: ['ORG_ADMIN'], enabled: false }] },
    {
      oauthClients: [
        {
          name: 'app-portal',
          ...idAndSecret('app-portal'),
          grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
          redirectUris: [REDIRECT],
          enabled: false,
        },
      ],
    },
    { identities: [{ alias: 'ada', userLevels: [] }] },
  ]) {
    const app = await startTestApp(t)
    const tokens = await signedIn(app)
    const code = await newCode(app)

    await app.apply({ tenant: { name: 'acme', default: true }, ...change })

    assert.equal(await isAccepted(app, tokens.access), false)
    assert.equal((await refresh(app, tokens.refresh)).status, 400)
    assert.equal((await exchange(app, code)).status, 400)
  }
})

test('revoking a refresh token ends its family at once, and revoking twice is fine (RFC 7009 §2.2)', async (t) => {
  const app = await startTestApp(t)
  const tokens = await signedIn(app)

  const answers = [
    await post(app, '/oauth/revoke', { token: tokens.refresh, ...portal() }),
    await post(app, '/oauth/revoke', { token: tokens.refresh, ...portal() }),
    await post(app, '/oauth/revoke', { token: 'nonsense', ...portal() }),
  ]

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  assert.equal(await isAccepted(app, tokens.access), false)
  assert.equal((await refresh(app, tokens.refresh)).status, 400)
})

test('revoking an access token ends it alone; another client’s token is left', async (t) => {
  const app = await startTestApp(t)
  const own = await signedIn(app)
  const foreign = await app.tokenFor('ada')

  await post(app, '/oauth/revoke', { token: own.access, ...portal() })
  await post(app, '/oauth/revoke', { token: foreign, ...portal() })

  assert.deepEqual([await isAccepted(app, own.access), await isAccepted(app, foreign)], [false, true])
  assert.equal((await refresh(app, own.refresh)).status, 200)
})

test('introspection tells a proven client what a token is, and nobody else (RFC 7662 §2)', async (t) => {
  const app = await startTestApp(t)
  const tokens = await signedIn(app)
  const foreign = await app.tokenFor('ada', 'globex')

  const alive = await post(app, '/oauth/introspect', { token: tokens.access, ...portal() })
  const own = await post(app, '/oauth/introspect', { token: tokens.refresh, ...portal() })
  const other = await post(app, '/oauth/introspect', { token: tokens.refresh, ...portal('app-nightly') })
  const nobody = await post(app, '/oauth/introspect', { token: tokens.access })
  const elsewhere = await post(app, '/oauth/introspect', { token: foreign, ...portal() })

  assert.equal(alive.json().active, true)
  assert.equal(alive.json().username, 'ada')
  assert.equal(own.json().active, true)
  assert.deepEqual(other.json(), { active: false })
  assert.deepEqual(elsewhere.json(), { active: false })
  assert.equal(nobody.json().error, 'invalid_client')
})

test('check_token answers ISC’s older tools with the claims, with a trailing slash too', async (t) => {
  const app = await startTestApp(t)
  const tokens = await signedIn(app)

  const answer = await post(app, '/oauth/check_token/', { token: tokens.access })

  assert.equal(answer.status, 200)
  assert.equal(answer.json().active, true)
  assert.equal(answer.json().user_name, 'ada')
  assert.deepEqual(answer.json().encoded_scope, ['sp:scopes:all'])
})

test('no token is told of when the disk fails that should have what it rests on', async (t) => {
  const app = await startTestApp(t)
  const { refresh: first } = await signedIn(app)
  const { token } = app.app.services
  const { writeSmall } = token
  const [asked, disk] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  token.writeSmall = async (db, run) => {
    const { value } = await writeSmall(db, run)
    asked.resolve()
    return { value, onDisk: disk.promise }
  }

  const answering = refresh(app, first)
  await asked.promise
  disk.promise.catch(() => {}) // As the store does: it may fail before anybody waits for it.
  disk.reject(new Error('the disk fails'))
  const { status, text } = await answering

  assert.deepEqual([status, /access_token|refresh_token/.test(text)], [500, false])
})
