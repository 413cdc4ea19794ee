import type { Database } from '../database/schema.ts'
import type { OauthClients } from '../oauth-clients/find.ts'
import type { PersonalAccessTokens } from '../personal-access-tokens/find.ts'

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
export function peekClient(sources: ClientSources, tenantId: string, id: string): LiveClient | undefined {
  if (isPersonalAccessToken(id)) return sources.personalAccessTokens.peek(tenantId, id) && PERSONAL_ACCESS_TOKEN
  const known = sources.oauthClients.peek(tenantId, id)
  return known && stateOf(known.client)
}

/** A token's client as it is now; undefined when it was deleted. */
export async function findClient(
  sources: ClientSources,
  db: Database,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<LiveClient | undefined> {
  if (isPersonalAccessToken(id))
    return (await sources.personalAccessTokens.find(db, tenantId, id)) && PERSONAL_ACCESS_TOKEN
  const known = await sources.oauthClients.find(db, tenantId, id)
  return known && stateOf(known.client)
}

/** Personal access tokens have 32 characters, API clients the 36 of a dashed UUID. */
const isPersonalAccessToken = (id: string): boolean => id.length === 32

function stateOf({ isEnabled, type }: { isEnabled: boolean; type: 'CONFIDENTIAL' | 'PUBLIC' }): LiveClient {
  if (!isEnabled) return DISABLED
  return type === 'PUBLIC' ? ENABLED_PUBLIC : ENABLED
}
