import type { Database } from '../database/schema.ts'
import { findTenantClient, isCliClientId, PASTE_PATH, redirectUrisOf } from '../oauth-clients/cli-clients.ts'
import type { OauthClients } from '../oauth-clients/find.ts'
import type { OauthClient } from '../oauth-clients/oauth-client.ts'
import { matchesRedirectUri } from '../oauth/redirect-match.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { ParameterName, Parameters } from './parameters.ts'
import { PageRefusal, type PageReason } from './refusal.ts'

/** Who asks and where the answer shall go, as sent. */
export interface NamedTarget {
  readonly clientId: string
  readonly redirectUri: string
}

export interface TargetSources {
  db: Database
  clients: OauthClients
  tenant: Tenant
  /** The tenant's canonical login origin. */
  loginOrigin: string
}

/** Told on a page alone: to send the browser there would make us an open redirector. */
export class UnregisteredRedirect extends PageRefusal {
  readonly client: OauthClient
  readonly registered: readonly string[]
  readonly sent: string

  constructor(client: OauthClient, registered: readonly string[], sent: string) {
    super('redirect_uri.unregistered')
    this.client = client
    this.registered = registered
    this.sent = sent
  }
}

/**
 * An enabled client of the tenant with a redirect URI of its own. Answers are sent to these alone, and `prove` is the
 * only maker, so that nothing is ever sent to an unproven URI.
 */
export class ProvenTarget {
  readonly client: OauthClient
  readonly redirectUri: string
  /** True when the answer goes to our own page, for a person to carry to a command line. */
  readonly isPastePage: boolean

  private constructor(client: OauthClient, redirectUri: string, isPastePage: boolean) {
    this.client = client
    this.redirectUri = redirectUri
    this.isPastePage = isPastePage
  }

  /** @throws PageRefusal alike for a client that is unknown, disabled, or another tenant's. */
  static async prove(sources: TargetSources, { clientId, redirectUri }: NamedTarget): Promise<ProvenTarget> {
    const client = await findClient(sources, clientId)
    if (!client?.isEnabled) throw new PageRefusal(hintFor(clientId))
    const registered = redirectUrisOf(client, sources.loginOrigin)
    if (!matchesRedirectUri(registered, redirectUri)) throw new UnregisteredRedirect(client, registered, redirectUri)
    return new ProvenTarget(client, redirectUri, redirectUri === sources.loginOrigin + PASTE_PATH)
  }
}

/** @throws PageRefusal when either is missing, repeated, or cannot be read. */
export function readTarget(parameters: Parameters): NamedTarget {
  return { clientId: readOnce(parameters, 'client_id'), redirectUri: readOnce(parameters, 'redirect_uri') }
}

function readOnce(parameters: Parameters, name: ParameterName & ('client_id' | 'redirect_uri')): string {
  const sent = parameters.get(name)
  if (sent?.isRepeated) throw new PageRefusal(`${name}.repeated`)
  if (sent && sent.value === undefined) throw new PageRefusal('request.unreadable')
  if (!sent?.value) throw new PageRefusal(`${name}.missing`)
  return sent.value
}

const CLIENT_ID = /^[A-Za-z0-9-]{1,64}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const TOKEN_ID = /^[0-9a-f]{32}$/i
const LEGACY_ID = /^[A-Za-z0-9]{16}$/

async function findClient({ db, clients, tenant }: TargetSources, id: string): Promise<OauthClient | undefined> {
  return CLIENT_ID.test(id) ? (await findTenantClient(clients, db, { tenant, id }))?.client : undefined
}

/** What the id looks like: of the shape alone, so that it tells nothing about what exists. */
function hintFor(id: string): PageReason {
  if (isCliClientId(id)) return 'client_id.is_command_line'
  if (UUID.test(id)) return 'client.unknown'
  if (TOKEN_ID.test(id)) return 'client_id.is_token'
  return LEGACY_ID.test(id) ? 'client_id.is_legacy' : 'client_id.malformed'
}
