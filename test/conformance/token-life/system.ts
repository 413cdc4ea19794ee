import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { issueCode } from '../../../src/authorization-codes/issue.ts'
import type { Tx } from '../../../src/database/schema.ts'
import { updateIdentity } from '../../../src/identities/manage.ts'
import { rotateSigningKey } from '../../../src/keys/rotate.ts'
import { replaceOauthClient } from '../../../src/oauth-clients/manage.ts'
import { deletePersonalAccessToken } from '../../../src/personal-access-tokens/manage.ts'
import type { RequestContext } from '../../../src/request-context.ts'
import { clientFor, credentialOf, identityIdOf, personFor } from '../../support/tenant-fixtures.ts'
import { DOMAIN, type TestAnswer, type TestApp } from '../../support/test-app.ts'
import { FORM } from '../../support/token-requests.ts'
import {
  ACCESS_TOKEN_SECONDS,
  type ClientName,
  type Holder,
  MINTED_TOKEN_SECONDS,
  type PersonName,
  REFRESH_TOKEN_SECONDS,
} from './model.ts'

const REDIRECT = 'https://portal.example/callback'
const LEVEL = 'ORG_ADMIN'
const NAMES = { portal: 'app-portal', kiosk: 'app-kiosk', other: 'app-other' } as const

/** A tenant on a running server, and everything that can happen to its tokens, over HTTP where clients do it. */
export class TokenSystem {
  readonly app: TestApp
  readonly #tenant: string

  constructor(app: TestApp, tenant: string) {
    this.app = app
    this.#tenant = tenant
  }

  /** Makes the tenant: two people with a personal access token each, and the clients that they sign in through. */
  async prepare(): Promise<void> {
    const name = this.#tenant
    const token = { accessTokenValiditySeconds: MINTED_TOKEN_SECONDS }
    await this.app.apply({
      tenant: { name, settings: { rateLimit: { requests: 100_000, windowSeconds: 1 } } },
      identities: ['ada', 'sam'].map((alias) => personFor(name, alias, { userLevels: [LEVEL] }, token)),
      oauthClients: (['portal', 'kiosk', 'other'] as const).map((each) =>
        clientFor(name, NAMES[each], clientEntry(each)),
      ),
      catalogs: [{ name: 'orders', document: ORDERS, prefix: '', upstream: 'sample' }],
    })
  }

  /** What the authorization endpoint does once a person has agreed. */
  async issueCode(client: ClientName, person: PersonName): Promise<string> {
    const { position } = this.app.installation.changes
    const interactionId = randomBytes(16).toString('hex')
    const whose = { clientId: this.#credential(client).clientId, identityId: identityIdOf(this.#tenant, person) }
    const request = { ...whose, interactionId, redirectUri: REDIRECT, scope: ['sp:scopes:all'], codeChallenge: null }
    let code: string | undefined
    await this.change(async (tx, ctx) => {
      code = await issueCode(tx, ctx, { ...request, position })
    })
    assert.ok(code)
    return code
  }

  exchange(code: string, by: ClientName): Promise<TestAnswer> {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
    return this.#post('/oauth/token', by, grant)
  }

  refresh(refreshToken: string, by: ClientName): Promise<TestAnswer> {
    return this.#post('/oauth/token', by, { grant_type: 'refresh_token', refresh_token: refreshToken })
  }

  mint(by: Holder): Promise<TestAnswer> {
    return this.#post('/oauth/token', by, { grant_type: 'client_credentials' })
  }

  revoke(token: string, by: Holder): Promise<TestAnswer> {
    return this.#post('/oauth/revoke', by, { token })
  }

  async isActive(token: string, by: Holder): Promise<boolean> {
    const answer = await this.#post('/oauth/introspect', by, { token })
    assert.equal(answer.status, 200, answer.text)
    return answer.json().active
  }

  /** What the gateway answers to a request that needs the level. */
  async statusOf(token: string): Promise<number> {
    return (await this.#call('GET', '/orders', { token })).status
  }

  async publishedKeyIds(): Promise<string[]> {
    const { keys } = (await this.#call('GET', '/oauth/jwks')).json()
    return keys.map(({ kid }: { kid: string }) => kid)
  }

  setClient(name: ClientName, isEnabled: boolean): Promise<void> {
    const id = this.#credential(name).clientId
    return this.change((tx, ctx) => replaceOauthClient(tx, ctx, { ...clientEntry(name), id, isEnabled }))
  }

  setPerson(alias: PersonName, changes: { isEnabled?: boolean; hasLevel?: boolean }): Promise<void> {
    const { isEnabled, hasLevel } = changes
    const id = identityIdOf(this.#tenant, alias)
    const userLevels = hasLevel === undefined ? undefined : hasLevel ? [LEVEL] : []
    return this.change(
      async (tx, ctx) => void (await updateIdentity(tx, ctx, { id, changes: { isEnabled, userLevels } })),
    )
  }

  deletePersonalAccessToken(owner: PersonName): Promise<void> {
    return this.change((tx, ctx) => deletePersonalAccessToken(tx, ctx, credentialOf(this.#tenant, owner).clientId))
  }

  async rotateKeys(isEmergency: boolean): Promise<void> {
    const { keys, changes } = this.app.installation
    const ctx = await this.app.contextOf(this.#tenant)
    await rotateSigningKey(ctx, { purpose: 'access', wrapping: keys.wrapping, isEmergency })
    await changes.catchUp()
  }

  /** A change by an administrator, known to the server when this answers. */
  async change(run: (tx: Tx, ctx: RequestContext) => Promise<unknown>): Promise<void> {
    const ctx = await this.app.contextOf(this.#tenant)
    await this.app.installation.changes.write(ctx, (tx) => run(tx, ctx))
  }

  #credential(holder: Holder) {
    return credentialOf(this.#tenant, typeof holder === 'string' ? NAMES[holder] : holder.owner)
  }

  #post(path: string, by: Holder, form: Record<string, string>): Promise<TestAnswer> {
    const { clientId, clientSecret } = this.#credential(by)
    const proven = { ...form, client_id: clientId, client_secret: clientSecret }
    const body = new URLSearchParams(proven).toString()
    return this.#call('POST', path, { headers: { 'content-type': FORM }, body })
  }

  readonly #call: TestApp['call'] = (method, path, call) =>
    this.app.call(method, path, { host: `${this.#tenant}.api.${DOMAIN}`, ...call })
}

const clientEntry = (name: ClientName) => ({
  name: NAMES[name],
  grantTypes: ['AUTHORIZATION_CODE' as const, ...(name === 'kiosk' ? [] : ['REFRESH_TOKEN' as const])],
  redirectUris: [REDIRECT],
  accessTokenValiditySeconds: ACCESS_TOKEN_SECONDS,
  refreshTokenValiditySeconds: REFRESH_TOKEN_SECONDS,
})

/** One operation, which needs a person with the level. */
const ORDERS = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1' },
  components: { securitySchemes: { userAuth: { type: 'oauth2', flows: {} } } },
  paths: {
    '/orders': {
      get: {
        operationId: 'listOrders',
        security: [{ userAuth: [] }],
        'x-sailpoint-userLevels': [LEVEL],
        responses: { 200: { description: 'Orders.', content: { 'application/json': { example: [] } } } },
      },
    },
  },
}
