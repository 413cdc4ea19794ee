import { createHash } from 'node:crypto'

/** A credential that a test tenant is made with. */
export interface TestCredential {
  clientId: string
  clientSecret: string
}

const hex = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length)

/** The credential of this name in a tenant: `ada` and other people have personal access tokens, clients are `app-...`. */
export function credentialOf(tenant: string, name: string): TestCredential {
  const id = hex(`${tenant} ${name} id`, 32)
  const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20)}`
  return { clientId: name.startsWith('app-') ? uuid : id, clientSecret: hex(`${tenant} ${name} secret`, 64) }
}

/** The id of a test identity. */
export const identityIdOf = (tenant: string, alias: string): string => hex(`${tenant} ${alias} identity`, 32)

const people = {
  ada: { userLevels: ['ORG_ADMIN'], scope: ['sp:scopes:all'] },
  sam: { userLevels: ['SOURCE_ADMIN'], scope: ['sp:scopes:all'] },
  hana: { userLevels: ['HELPDESK'], scope: ['idn:identity:read'] },
  paul: { userLevels: [], scope: ['sp:scopes:all'] },
}

export interface TenantFileExtras {
  tenant?: object
  isDefault?: boolean
  /** Made with `personFor`, beside those that every test tenant has. */
  identities?: object[]
  /** Made with `clientFor`, likewise. */
  oauthClients?: object[]
  /** Instead of the sample catalog. */
  catalogs?: object[]
}

/** A tenant file with people at four levels, a client of each kind, and the sample catalog. JSON is YAML. */
export function tenantFileFor(name: string, extra: TenantFileExtras = {}): object {
  return {
    tenant: { name, displayName: name, default: extra.isDefault ?? false, ...extra.tenant },
    identities: [
      ...Object.entries(people).map(([alias, { userLevels, scope }]) =>
        personFor(name, alias, { userLevels }, { scope }),
      ),
      ...(extra.identities ?? []),
    ],
    oauthClients: [
      clientFor(name, 'app-nightly', { grantTypes: ['CLIENT_CREDENTIALS'], scope: ['sp:scopes:all'] }),
      clientFor(name, 'app-portal', {
        grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
        redirectUris: ['https://portal.example/callback'],
      }),
      clientFor(name, 'app-disabled', { grantTypes: ['CLIENT_CREDENTIALS'], enabled: false }),
      ...(extra.oauthClients ?? []),
    ],
    catalogs: extra.catalogs ?? [{ name: 'sample', file: 'sample.openapi.yaml', prefix: '', upstream: 'sample' }],
  }
}

/** A person of a tenant with one personal access token, for which `credentialOf` has id and secret. */
export function personFor(tenant: string, alias: string, more: object = {}, token: object = {}): object {
  const { clientId, clientSecret } = credentialOf(tenant, alias)
  return {
    alias,
    id: identityIdOf(tenant, alias),
    email: `${alias}@${tenant}.test`,
    ...more,
    personalAccessTokens: [{ name: 'test', id: clientId, secret: clientSecret, ...token }],
  }
}

/** An API client of a tenant; its name begins with `app-`. */
export function clientFor(tenant: string, name: string, more: object): object {
  const { clientId, clientSecret } = credentialOf(tenant, name)
  return { name, id: clientId, secret: clientSecret, ...more }
}
