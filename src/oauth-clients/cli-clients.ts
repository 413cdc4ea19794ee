import type { Database } from '../database/schema.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { KnownOauthClient, OauthClients } from './find.ts'
import type { OauthClient } from './oauth-client.ts'

const common = {
  type: 'PUBLIC',
  grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
  scope: ['sp:scopes:all'],
  accessTokenValiditySeconds: 43_200,
  refreshTokenValiditySeconds: 30 * 86_400,
  accessType: 'OFFLINE',
  isStrongAuthSupported: false,
  isClaimsSupported: false,
  isInternal: false,
  isEnabled: true,
} as const

/** Where people copy their code from when the command line that asked runs on another machine. */
export const PASTE_PATH = '/sailapps'

/**
 * The public clients that ISC's command line tools have built in, by id. The older one knows no PKCE, so its code goes
 * to this machine or to our own page and nowhere else; no foreign address is registered.
 */
const cliClients: ReadonlyMap<string, OauthClient> = new Map([
  [
    'sailapps',
    {
      ...common,
      id: 'sailapps',
      name: 'SailPoint CLI',
      redirectUris: [
        'http://127.0.0.1/callback',
        'http://[::1]/callback',
        'http://127.0.0.1/sailapps',
        'http://[::1]/sailapps',
        'http://localhost:3000/callback',
      ],
      isPkceRequired: true,
    },
  ],
  [
    'sailpoint-cli',
    {
      ...common,
      id: 'sailpoint-cli',
      name: 'SailPoint CLI (older)',
      redirectUris: ['http://localhost:3000/callback'],
      isPkceRequired: false,
    },
  ],
])

/** True for the id of a command line tool's client, whether or not the tenant lets it in. */
export const isCliClientId = (id: string): boolean => cliClients.has(id)

/** Where a client's answers may go. Command line tools may also use the paste page of the tenant's login origin. */
export function redirectUrisOf({ id, redirectUris }: OauthClient, loginOrigin: string): readonly string[] {
  return isCliClientId(id) ? [...redirectUris, loginOrigin + PASTE_PATH] : redirectUris
}

/** The command line client of this id, where the tenant's compatibility setting brings it. */
export const cliClientOf = ({ settings }: Tenant, id: string): OauthClient | undefined =>
  settings.compat.cliClients ? cliClients.get(id) : undefined

/** A tenant's client by id, counting those that its compatibility setting brings. */
export async function findTenantClient(
  clients: OauthClients,
  db: Database,
  { tenant, id }: { tenant: Tenant; id: string },
): Promise<KnownOauthClient | undefined> {
  const builtIn = cliClientOf(tenant, id)
  return builtIn ? { client: builtIn, secrets: [] } : clients.find(db, tenant.id, id)
}
