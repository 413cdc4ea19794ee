import type { Principal } from '../access/policy.ts'
import { meetsScope } from '../access/requirements.ts'
import type { CatalogEntry } from '../catalogs/catalog.ts'
import type { Catalogs } from '../catalogs/catalogs.ts'
import { fromStoredJson } from '../database/stored-json.ts'
import { DomainError } from '../errors.ts'
import type { Identities } from '../identities/find.ts'
import type { Identity } from '../identities/identity.ts'
import { isAdministrator, READ_CREDENTIALS } from '../inventory/credential.ts'
import type { RequestContext } from '../request-context.ts'
import { type UsageDetails, usageDetails } from '../usage/details.ts'
import { daysOf } from '../usage/window.ts'
import type { GrantingLevels, UserLevels } from '../user-levels/find.ts'
import { neededLevels } from './needed-levels.ts'
import { listOwnedTokens, listSignedInClients, type OwnedToken } from './store.ts'

export interface ReportServices {
  identities: Identities
  catalogs: Catalogs
  userLevels: UserLevels
}

/** A token that stops when its owner leaves. */
export interface OwnedTokenReport extends Pick<UsageDetails, 'calls' | 'lastCallAt' | 'operations' | 'networks'> {
  readonly id: string
  readonly name: string
  readonly scope: readonly string[]
  readonly expirationDate: string | null
  readonly inUse: boolean
  /** The fewest user levels with which a successor could do all that was done in these days. */
  readonly neededUserLevels: readonly string[]
}

/** What breaks when an identity leaves. */
export interface SuccessionReport {
  readonly identity: Pick<Identity, 'id' | 'alias' | 'displayName' | 'kind' | 'userLevels'> & { enabled: boolean }
  readonly tokens: readonly OwnedTokenReport[]
  /** API clients that act for the identity by refresh tokens: people sign in to them again, as somebody else. */
  readonly signedInClients: readonly { clientId: string; sessions: number }[]
  readonly summary: string
}

/**
 * What stops working when an identity leaves, and what a successor would need.
 * @throws DomainError `not_found` for an identity that is not the caller, unless an `ORG_ADMIN` asks.
 */
export async function reportSuccession(
  { identities, catalogs, userLevels: levels }: ReportServices,
  ctx: RequestContext,
  { caller, id }: { caller: Principal; id: string },
): Promise<SuccessionReport> {
  const { db, tenantId, nowMs } = ctx
  const identity = await identities.find(db, tenantId, id)
  const mayRead = meetsScope(caller, READ_CREDENTIALS) && (caller.identityId === id || isAdministrator(caller))
  if (!identity || !mayRead)
    throw new DomainError('not_found', `There is no identity ${id}, or it is not yours to ask about.`)
  const { entries } = await catalogs.find(db, tenantId)
  const granting = await levels.find(db, tenantId)
  const byName = new Map(entries.map((entry) => [`${entry.method} ${entry.path}`, entry]))
  const tokens: OwnedTokenReport[] = []
  for (const token of await listOwnedTokens(db, tenantId, id))
    tokens.push(
      tokenReport(identity, token, { usage: await usageDetails(ctx, token.id, daysOf({}, nowMs)), byName, granting }),
    )
  const signedInClients = await listSignedInClients(db, tenantId, { identityId: id, nowMs })
  const { alias, displayName, kind, userLevels, isEnabled } = identity
  return {
    identity: { id, alias, displayName, kind, userLevels, enabled: isEnabled },
    tokens,
    signedInClients,
    summary: summaryOf(displayName, tokens),
  }
}

function tokenReport(
  owner: Identity,
  { id, name, scope, expires_at }: OwnedToken,
  {
    usage,
    byName,
    granting,
  }: { usage: UsageDetails; byName: ReadonlyMap<string, CatalogEntry>; granting: GrantingLevels },
): OwnedTokenReport {
  const { calls, lastCallAt, operations, networks } = usage
  const scopes = fromStoredJson<string[]>(scope)
  const called = operations
    .map(({ method, path }) => byName.get(`${method} ${path}`))
    .filter((entry) => entry !== undefined)
  return {
    id,
    name,
    scope: scopes,
    expirationDate: expires_at === null ? null : new Date(expires_at).toISOString(),
    inUse: calls > 0,
    calls,
    lastCallAt,
    operations,
    networks,
    neededUserLevels: neededLevels(owner, scopes, called, granting),
  }
}

function summaryOf(name: string, tokens: readonly OwnedTokenReport[]): string {
  const used = tokens.filter(({ inUse }) => inUse).map((token) => token.name)
  if (used.length === 0) return `Nothing that was used in the last 30 days breaks when ${name} leaves.`
  return `When ${name} leaves, ${used.length} of ${tokens.length} personal access tokens that are in use stop working: ${used.join(', ')}.`
}
