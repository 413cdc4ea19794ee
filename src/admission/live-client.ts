import type { Database } from '../database/schema.ts'
import { cliClientOf, findTenantClient } from '../oauth-clients/cli-clients.ts'
import type { OauthClients } from '../oauth-clients/find.ts'
import type { PersonalAccessTokens } from '../personal-access-tokens/find.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** What a token's client is now: an API client, or a personal access token. */
export interface LiveClient {
  readonly isEnabled: boolean
  readonly isPublic: boolean
}

export interface ClientSources {
  oauthClients: OauthClients
  personalAccessTokens: PersonalAccessTokens
}

const PERSONAL_ACCESS_TOKEN: LiveClient = { isEnabled: true, isPublic: false }
const ENABLED: LiveClient = PERSONAL_ACCESS_TOKEN
const ENABLED_PUBLIC: LiveClient = { isEnabled: true, isPublic: true }
const DISABLED: LiveClient = { isEnabled: false, isPublic: false }

/** What is remembered of a token's client, without asking the database. */
export function peekClient(sources: ClientSources, tenant: Tenant, id: string): LiveClient | undefined {
  if (isPersonalAccessToken(id)) return sources.personalAccessTokens.peek(tenant.id, id) && PERSONAL_ACCESS_TOKEN
  const client = sources.oauthClients.peek(tenant.id, id)?.client ?? cliClientOf(tenant, id)
  return client && stateOf(client)
}

/** A token's client as it is now; undefined when it was deleted. */
export async function findClient(
  sources: ClientSources,
  db: Database,
  { tenant, id }: { tenant: Tenant; id: string },
): Promise<LiveClient | undefined> {
  if (isPersonalAccessToken(id))
    return (await sources.personalAccessTokens.find(db, tenant.id, id)) && PERSONAL_ACCESS_TOKEN
  const known = await findTenantClient(sources.oauthClients, db, { tenant, id })
  return known && stateOf(known.client)
}

/** Personal access tokens have 32 characters, API clients the 36 of a dashed UUID. */
const isPersonalAccessToken = (id: string): boolean => id.length === 32

function stateOf({ isEnabled, type }: { isEnabled: boolean; type: 'CONFIDENTIAL' | 'PUBLIC' }): LiveClient {
  if (!isEnabled) return DISABLED
  return type === 'PUBLIC' ? ENABLED_PUBLIC : ENABLED
}
