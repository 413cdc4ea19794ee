import { type Clause, smallestHittingSet } from '../access/hitting-set.ts'
import type { Principal } from '../access/policy.ts'
import type { CatalogEntry } from '../catalogs/catalog.ts'
import type { Catalogs } from '../catalogs/catalogs.ts'
import type { Identities } from '../identities/find.ts'
import {
  type Credential,
  type CredentialSources,
  READ_CREDENTIALS,
  requireCredential,
} from '../inventory/credential.ts'
import { SCOPE_ALL, SCOPE_DEFAULT } from '../oauth/scope.ts'
import type { RequestContext } from '../request-context.ts'
import { type UsageDetails, usageDetails } from '../usage/details.ts'
import { dateOf } from '../usage/day.ts'
import { daysOf } from '../usage/window.ts'
import { customScopesOf, type UserLevels } from '../user-levels/find.ts'
import { allows, narrowedTo } from './principal.ts'

export interface RightSizeServices extends CredentialSources {
  catalogs: Catalogs
  identities: Identities
  userLevels: UserLevels
}

interface SeenOperation {
  readonly method: string
  readonly path: string
  readonly calls: number
  /** Which of the smallest scopes open it; empty where none is needed. */
  readonly scopes: readonly string[]
}

/** Scopes granted against scopes used. */
export interface RightSize {
  readonly credential: Pick<Credential, 'id' | 'kind' | 'name' | 'ownerId'>
  readonly since: string
  readonly granted: readonly string[]
  /** The fewest scopes that would have allowed every call that was seen; null where nothing was seen. */
  readonly smallest: readonly string[] | null
  /** True unless finding fewer would take too long. */
  readonly isSmallest: boolean
  /** Granted, and not needed. */
  readonly unneeded: readonly string[]
  readonly operations: readonly SeenOperation[]
  /** Called, and not judged: gone from the catalogs, or out of reach by now for another reason than scopes. */
  readonly unjudged: readonly { method: string; path: string; calls: number }[]
  readonly summary: string
}

/** Usage is kept for a hundred days. */
const DAYS = 100
const DAY_MS = 86_400_000

/**
 * Finds the smallest scope list that would have allowed all calls seen of a credential.
 * @throws DomainError `not_found` for one that the caller may not look at.
 */
export async function rightSize(
  services: RightSizeServices,
  ctx: RequestContext,
  { caller, id }: { caller: Principal; id: string },
): Promise<RightSize> {
  const credential = await requireCredential(services, ctx, { caller, id, scope: READ_CREDENTIALS })
  const window = daysOf({ since: dateOf(Math.floor(ctx.nowMs / DAY_MS) - DAYS) }, ctx.nowMs)
  const usage = await usageDetails(ctx, id, window)
  const principals = await principalsOf(services, ctx, credential)
  const { entries } = await services.catalogs.find(ctx.db, ctx.tenantId)
  const seen = judge(usage, { credential, principals, entries })
  const { scopes, isSmallest } = smallestHittingSet(seen.clauses, weighing(entries))
  const smallest = usage.calls === 0 ? null : scopes.length === 0 ? [SCOPE_DEFAULT] : scopes
  const { kind, name, ownerId, scope: granted } = credential
  return {
    credential: { id, kind, name, ownerId },
    since: dateOf(window.since),
    granted,
    smallest,
    isSmallest,
    unneeded: smallest === null ? [] : granted.filter((each) => !smallest.includes(each)),
    operations: seen.judged.map((each) => ({ ...each, scopes: each.scopes.filter((scope) => scopes.includes(scope)) })),
    unjudged: seen.unjudged,
    summary: summaryOf(granted, smallest, seen.unjudged.length),
  }
}

/** Who the credential's tokens stand for: for a token its owner, for a client itself or whoever signs in. */
async function principalsOf(
  { identities, userLevels: levels }: RightSizeServices,
  { db, tenantId }: RequestContext,
  { id, ownerId, contexts }: Credential,
): Promise<Principal[]> {
  const owner = ownerId === null ? undefined : await identities.find(db, tenantId, ownerId)
  const userLevels = owner?.userLevels ?? []
  const customLevelScopes = customScopesOf(userLevels, await levels.find(db, tenantId))
  return contexts.map((context) => ({
    context,
    clientId: id,
    scopes: [],
    identityId: context === 'user' ? (owner?.id ?? '') : null,
    userLevels,
    customLevelScopes,
  }))
}

interface Judged {
  /** One for each operation and context that takes more than a valid token. */
  clauses: Clause[]
  judged: SeenOperation[]
  unjudged: { method: string; path: string; calls: number }[]
}

function judge(
  { operations }: UsageDetails,
  about: { credential: Credential; principals: readonly Principal[]; entries: readonly CatalogEntry[] },
): Judged {
  const byName = new Map(about.entries.map((entry) => [`${entry.method} ${entry.path}`, entry]))
  const result: Judged = { clauses: [], judged: [], unjudged: [] }
  for (const { method, path, calls } of operations) {
    const entry = byName.get(`${method} ${path}`)
    const sufficing =
      entry === undefined ? [] : about.principals.flatMap((each) => scopesThatDo(each, about.credential, entry))
    if (sufficing.length === 0) result.unjudged.push({ method, path, calls })
    else {
      const needed = sufficing.filter(({ length }) => length > 0)
      result.clauses.push(...needed)
      result.judged.push({ method, path, calls, scopes: [...new Set(needed.flat())] })
    }
  }
  return result
}

/** Which single scopes open an operation to a principal; an empty clause where none is needed, none where none helps. */
function scopesThatDo(principal: Principal, { scope: granted }: Credential, entry: CatalogEntry): Clause[] {
  if (allows(principal, [], entry)) return [[]]
  const { userScopes, applicationScopes } = entry.operation.policy
  const named = (principal.context === 'user' ? userScopes : applicationScopes) ?? []
  const scopes = narrowedTo(granted, named).filter((scope) => scope !== SCOPE_ALL && allows(principal, [scope], entry))
  return scopes.length > 0 ? [[...new Set(scopes)]] : []
}

/** A scope weighs as many operations as name it; of two that weigh the same, the one that only reads is lighter. */
function weighing(entries: readonly CatalogEntry[]): (scope: string) => number {
  const weights = new Map<string, number>()
  for (const { operation } of entries)
    for (const scope of new Set([
      ...(operation.policy.userScopes ?? []),
      ...(operation.policy.applicationScopes ?? []),
    ]))
      weights.set(scope, (weights.get(scope) ?? 0) + 1)
  return (scope) => 2 * (weights.get(scope) ?? 0) + (scope.endsWith(':read') ? 0 : 1)
}

function summaryOf(granted: readonly string[], smallest: readonly string[] | null, unjudged: number): string {
  if (smallest === null) return 'Nothing was called in the last 100 days, so nothing can be said.'
  const rest = unjudged === 0 ? '' : ` ${unjudged} called operations could not be judged: look at them first.`
  const isSame = granted.length === smallest.length && granted.every((scope) => smallest.includes(scope))
  if (isSame) return `Every scope that it holds was needed.${rest}`
  return `${smallest.join(' ')} would have allowed every call that was seen.${rest}`
}
