import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { followToApplication } from '../support/followed-redirect.ts'
import { share } from '../support/shared-app.ts'
import { PASSWORD } from '../support/sign-in.ts'
import { startServedTenant } from '../support/served-tenant.ts'
import { clientFor, credentialOf, personFor, tenantFileFor } from '../support/tenant-fixtures.ts'
import { badgatewayOauth2Client } from './oauth-libraries/badgateway-oauth2-client.ts'
import type { Application, OauthLibrary, Tokens } from './oauth-libraries/oauth-library.ts'
import { oauth4webapi } from './oauth-libraries/oauth4webapi.ts'
import { openidClient } from './oauth-libraries/openid-client.ts'
import { passportOauth2 } from './oauth-libraries/passport-oauth2.ts'
import { simpleOauth2 } from './oauth-libraries/simple-oauth2.ts'

const libraries = [openidClient, oauth4webapi, simpleOauth2, badgatewayOauth2Client, passportOauth2]
const WEB = 'https://app.example/callback'
const NATIVE = 'http://127.0.0.1:49152/callback'
const grantTypes = ['AUTHORIZATION_CODE', 'REFRESH_TOKEN']

/** Runs on both databases (TEST_DATABASE): a CONFIDENTIAL client, a PUBLIC one, and Grace, who may read identities. */
const server = share((owner) => {
  const { clientId } = credentialOf('acme', 'app-native')
  const native = {
    name: 'Native',
    id: clientId,
    type: 'PUBLIC',
    grantTypes,
    redirectUris: ['http://127.0.0.1/callback'],
  }
  const web = { grantTypes: [...grantTypes, 'CLIENT_CREDENTIALS'], redirectUris: [WEB], scope: ['sp:scopes:all'] }
  return startServedTenant(
    owner,
    tenantFileFor('acme', {
      isDefault: true,
      tenant: { settings: { rateLimit: { requests: 10_000, windowSeconds: 1 } } },
      identities: [personFor('acme', 'grace', { password: PASSWORD, userLevels: ['ORG_ADMIN'] })],
      oauthClients: [clientFor('acme', 'app-web', web), { ...native, scope: ['idn:identity:read'] }],
    }),
  )
})

const openWeb = ({ open }: OauthLibrary): Promise<Application> =>
  open({ server: server().url, ...credentialOf('acme', 'app-web'), redirectUri: WEB })

const openNative = ({ open }: OauthLibrary): Promise<Application> =>
  open({ server: server().url, clientId: credentialOf('acme', 'app-native').clientId, redirectUri: NATIVE })

async function signIn(application: Application): Promise<Tokens> {
  const { authorizationUrl, finish } = await application.signIn()
  return finish(await followToApplication(authorizationUrl, { username: 'grace' }))
}

/** How the gateway answers these tokens where it wants a user. */
async function statusOf({ accessToken }: Tokens): Promise<string> {
  const headers = { authorization: `Bearer ${accessToken}` }
  const answer = await fetch(`${server().url}/v2025/identities`, { headers })
  await answer.arrayBuffer()
  return `${answer.status} ${answer.headers.get('sallyport-reason') ?? ''}`.trim()
}

/** All that an error says, in whatever fields a library keeps it. */
const wordsOf = (error: unknown): string => inspect(error, { depth: 5 })

/** What an error says and what it says was its cause, without where in the code. */
const reasonsOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message

for (const library of libraries) {
  const { name, compares } = library

  test(`${name}: a person signs in, and the application calls the API as them`, async () => {
    const tokens = await signIn(await openWeb(library))

    assert.equal(await statusOf(tokens), '200')
  })

  test(`${name}: a PUBLIC client gets tokens after consent, and refreshes them without a secret`, async () => {
    const application = await openNative(library)

    const first = await signIn(application)
    const second = await application.refresh(first)

    assert.deepEqual([await statusOf(first), await statusOf(second)], ['200', '200'])
  })

  test(`${name}: each refresh gives an access token that works, and the next refresh token`, async () => {
    const application = await openWeb(library)

    const second = await application.refresh(await signIn(application))
    const third = await application.refresh(second)

    assert.deepEqual([await statusOf(second), await statusOf(third)], ['200', '200'])
    assert.notEqual(third.refreshToken, second.refreshToken)
  })

  test(`${name}: a refresh token that is none is refused as invalid_grant`, async () => {
    const application = await openWeb(library)

    const refused = application.refresh({ accessToken: 'none', refreshToken: 'none' })

    await assert.rejects(refused, (error) => /invalid_grant/.test(wordsOf(error)))
  })

  test(`${name}: that a person said no reaches the application`, async () => {
    const { authorizationUrl, finish } = await (await openNative(library)).signIn()

    const callback = await followToApplication(authorizationUrl, { username: 'grace', decision: 'deny' })

    assert.equal(callback.searchParams.get('error'), 'access_denied')
    await assert.rejects(finish(callback), (error) => /access_denied|The person said no/.test(wordsOf(error)))
  })

  for (const parameter of compares)
    test(`${name}: an answer with another ${parameter} is not taken`, async () => {
      const { authorizationUrl, finish } = await (await openWeb(library)).signIn()
      const callback = await followToApplication(authorizationUrl, { username: 'grace' })

      callback.searchParams.set(parameter, 'https://elsewhere.example')

      await assert.rejects(finish(callback), (error: Error) => reasonsOf(error).includes(parameter))
    })
}

for (const library of [openidClient, oauth4webapi, simpleOauth2, badgatewayOauth2Client]) {
  test(`${library.name}: tokens that are revoked are worth nothing, at once`, async () => {
    const application = await openWeb(library)
    const tokens = await signIn(application)

    await application.revoke?.(tokens)

    assert.equal(await statusOf(tokens), '401 auth.revoked')
    await assert.rejects(application.refresh(tokens), (error) => /invalid_grant/.test(wordsOf(error)))
  })

  test(`${library.name}: the application itself gets a token that stands for nobody`, async () => {
    const application = await openWeb(library)

    const tokens = await application.clientCredentials?.()

    assert.ok(tokens)
    assert.equal(await statusOf(tokens), '403 context.user_required')
    assert.equal(tokens.refreshToken, undefined)
  })
}

for (const library of [openidClient, oauth4webapi, badgatewayOauth2Client])
  test(`${library.name}: introspection tells a token in force from one that was revoked`, async () => {
    const application = await openWeb(library)
    const tokens = await signIn(application)

    const before = await application.isActive?.(tokens)
    await application.revoke?.(tokens)
    const after = await application.isActive?.(tokens)

    assert.deepEqual([before, after], [true, false])
  })
