import type { RequestContext } from '../request-context.ts'
import { type Days, namesOfCredentials, sumByClient } from './store.ts'
import { datesOf } from './window.ts'

/** What one credential, or all of one owner, did in some days. */
export interface UsageEntry {
  readonly clientId: string | null
  /** Null once the credential is deleted. */
  readonly name: string | null
  readonly ownerId: string | null
  readonly calls: number
  readonly denials: number
  readonly lastCallAt: string | null
}

export interface UsageReport {
  readonly since: string
  readonly until: string
  readonly entries: UsageEntry[]
}

/** What the credentials of a tenant did in these days, each by itself or together by owner, the busiest first. */
export async function reportUsage(
  { db, tenantId }: RequestContext,
  days: Days,
  { by, ownerId }: { by: 'client' | 'owner'; ownerId: string | undefined },
): Promise<UsageReport> {
  const calls = await sumByClient(db, tenantId, { ...days, kind: 'client' })
  const denials = await sumByClient(db, tenantId, { ...days, kind: 'denial' })
  const denialsOf = new Map(denials.map((row) => [row.client_id, row.count]))
  const callsOf = new Map(calls.map((row) => [row.client_id, row]))
  const known = new Map((await namesOfCredentials(db, tenantId)).map((each) => [each.id, each]))
  const entries = [...new Set([...callsOf.keys(), ...denialsOf.keys()])].map((clientId): UsageEntry => {
    const called = callsOf.get(clientId)
    return {
      clientId,
      name: known.get(clientId)?.name ?? null,
      ownerId: known.get(clientId)?.owner_id ?? null,
      calls: called?.count ?? 0,
      denials: denialsOf.get(clientId) ?? 0,
      lastCallAt: called ? new Date(called.last_at).toISOString() : null,
    }
  })
  const wanted = entries.filter((entry) => ownerId === undefined || entry.ownerId === ownerId)
  return { ...datesOf(days), entries: (by === 'owner' ? sumByOwner(wanted) : wanted).sort(busiestFirst) }
}

/** Clients that nobody owns stand together under no owner. */
function sumByOwner(entries: readonly UsageEntry[]): UsageEntry[] {
  return [...Map.groupBy(entries, ({ ownerId }) => ownerId)].map(([ownerId, owned]) => ({
    clientId: null,
    name: null,
    ownerId,
    calls: sum(owned.map(({ calls }) => calls)),
    denials: sum(owned.map(({ denials }) => denials)),
    lastCallAt: owned.map(({ lastCallAt }) => lastCallAt).reduce(later, null),
  }))
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
const later = (one: string | null, other: string | null): string | null => ((one ?? '') > (other ?? '') ? one : other)

const busiestFirst = (one: UsageEntry, other: UsageEntry): number =>
  other.calls - one.calls || other.denials - one.denials || ((one.clientId ?? '') < (other.clientId ?? '') ? -1 : 1)
