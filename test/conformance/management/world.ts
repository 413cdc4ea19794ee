import assert from 'node:assert/strict'
import { clientFor, personFor, tenantFileFor } from '../../support/tenant-fixtures.ts'
import { DOMAIN, type TestAnswer, type TestApp } from '../../support/test-app.ts'
import type { Asked } from './endpoint.ts'

const EXPIRES = { expirationDate: '2026-12-01T00:00:00Z' }
const everything = { scope: ['sp:scopes:all'] }
/** Not so many requests that rates come into it. */
const settings = { rateLimit: { requests: 100_000, windowSeconds: 10 } }

/** Two tenants with the same kinds of people. */
export const tenants = ['acme', 'globex'].map((name) =>
  tenantFileFor(name, {
    isDefault: name === 'acme',
    tenant: { settings },
    identities: [personFor(name, 'eve', { userLevels: ['ORG_ADMIN'] }, everything)],
    oauthClients: [clientFor(name, 'app-idle', { grantTypes: ['CLIENT_CREDENTIALS'], scope: ['idn:sources:read'] })],
  }),
)

export const documentOf = (name: string): object => ({
  openapi: '3.1.0',
  info: { title: name, version: '1' },
  security: [{ userAuth: ['orders:read'] }],
  paths: { [`/${name}`]: { get: { responses: { 200: { content: { 'application/json': { example: [1] } } } } } } },
})

/** Makes things in acme as its administrator, each new. */
export class World {
  readonly app: TestApp
  readonly #tokens = new Map<string, Promise<string>>()
  #made = 0

  constructor(app: TestApp) {
    this.app = app
  }

  /** A name that nothing has yet. */
  name(): string {
    this.#made++
    return `acme-thing-${this.#made}`
  }

  token(name: string, tenant = 'acme'): Promise<string> {
    return this.#tokens.getOrInsertComputed(`${tenant} ${name}`, () => this.app.tokenFor(name, tenant))
  }

  /** Calls an operation in one layout: `call('PATCH /v2025/oauth-clients/{id}', asked, { token })`. */
  call(
    operation: string,
    { path = {}, query = '', body }: Asked,
    { token, tenant = 'acme' }: { token?: string; tenant?: string },
  ): Promise<TestAnswer> {
    const [method = '', template = ''] = operation.split(' ')
    const url = template.replaceAll(/\{(\w+)\}/g, (_whole, key: string) => path[key] ?? assert.fail(`no ${key}`))
    return this.app.call(method, `${url}${query}`, {
      host: `${tenant}.api.${DOMAIN}`,
      headers: { 'x-sailpoint-experimental': 'true' },
      ...(token !== undefined && { token }),
      ...(body && { body }),
    })
  }

  /** The same as the administrator, who must succeed. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test knows what it asked for
  async done(operation: string, asked: Asked = {}, tenant = 'acme'): Promise<any> {
    const answer = await this.call(operation, asked, { token: await this.token('ada', tenant), tenant })
    assert.ok(answer.status < 300, `${operation}: ${answer.text}`)
    return answer.text === '' ? undefined : answer.json()
  }

  async identity(more: object = {}): Promise<string> {
    const alias = this.name()
    const body = { alias, email: `${alias}@acme.test`, ...more }
    return (await this.done('POST /sallyport/v1/identities', { body })).id
  }

  machine(): Promise<string> {
    return this.identity({ kind: 'MACHINE' })
  }

  /** A personal access token of a machine of its own. */
  async pat(): Promise<string> {
    const path = { id: await this.machine() }
    const body = { name: this.name(), ...EXPIRES, scope: ['sp:scopes:all'] }
    return (await this.done('POST /sallyport/v1/identities/{id}/personal-access-tokens', { path, body })).id
  }

  /** Deletes what was made for the administrator, of whom there are ten at most. */
  async forgetOwnPats(): Promise<void> {
    const own = await this.done('GET /v2025/personal-access-tokens', { query: '?owner-id=me' })
    for (const { id, name } of own)
      if (name !== 'test') await this.done('DELETE /v2025/personal-access-tokens/{id}', { path: { id } })
  }

  /** A personal access token of the administrator's own. */
  async ownPat(): Promise<string> {
    await this.forgetOwnPats()
    return (await this.done('POST /v2025/personal-access-tokens', { body: { name: this.name(), ...EXPIRES } })).id
  }

  async client(): Promise<string> {
    return (await this.done('POST /v2025/oauth-clients', { body: this.clientBody() })).id
  }

  clientBody(): object {
    return {
      name: this.name(),
      description: 'acme-thing',
      accessTokenValiditySeconds: 750,
      grantTypes: ['CLIENT_CREDENTIALS'],
      accessType: 'OFFLINE',
      enabled: true,
    }
  }

  async level({ isPublished = false } = {}): Promise<string> {
    const { id } = await this.done('POST /v2025/authorization/custom-user-levels', { body: await this.levelBody() })
    const path = { id }
    if (isPublished) await this.done('POST /v2025/authorization/custom-user-levels/{id}/publish', { path })
    return id
  }

  async levelBody(): Promise<object> {
    return { name: this.name(), description: 'acme-thing', owner: { id: await this.identity() }, rightSets: [] }
  }

  async catalog(): Promise<string> {
    const name = this.name()
    await this.done('POST /sallyport/v1/catalogs', {
      query: `?name=${name}&prefix=/v3&upstream=sample`,
      body: documentOf(name),
    })
    return name
  }

  /** An offer of a machine's token to another machine. */
  async offer(): Promise<string> {
    const body = { credentialId: await this.pat(), successorId: await this.machine() }
    return (await this.done('POST /sallyport/v1/succession-offers', { body })).id
  }

  /** The live secret before the latest one of a credential. */
  async oldSecret(): Promise<{ id: string; secretId: string }> {
    const id = await this.pat()
    const [{ id: secretId }] = await this.done('GET /sallyport/v1/credentials/{id}/secrets', { path: { id } })
    await this.done('POST /sallyport/v1/credentials/{id}/secrets', { path: { id } })
    return { id, secretId }
  }
}
