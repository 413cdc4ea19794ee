import type { RequestContext } from '../request-context.ts'
import { countByDay, type Days, type SubjectTotal, sumBySubject } from './store.ts'
import { dateOf, dayOf } from './day.ts'

const OPERATIONS_SHOWN = 1001
const OTHERS_SHOWN = 100

/** What one credential did in some days. */
export interface UsageDetails {
  readonly calls: number
  readonly firstCallOn: string | null
  readonly lastCallAt: string | null
  readonly operations: { method: string; path: string; calls: number; lastCallAt: string }[]
  /** IPv6 by its /64. */
  readonly networks: { network: string; calls: number; lastCallAt: string }[]
  readonly denials: { reason: string; count: number; lastAt: string }[]
  readonly days: { date: string; calls: number }[]
}

/** What a credential called in these days, from where, and what it was refused. */
export async function usageDetails(
  { db, tenantId }: RequestContext,
  clientId: string,
  window: Days,
): Promise<UsageDetails> {
  const about = (kind: 'call' | 'network' | 'denial', max: number) =>
    sumBySubject(db, tenantId, { ...window, clientId, kind, max })
  const days = await countByDay(db, tenantId, { ...window, clientId })
  const operations = await about('call', OPERATIONS_SHOWN)
  const networks = await about('network', OTHERS_SHOWN)
  const denials = await about('denial', OTHERS_SHOWN)
  const last = days.at(-1)
  return {
    calls: days.reduce((sum, { count }) => sum + count, 0),
    firstCallOn: days[0] ? dateOf(days[0].day) : null,
    lastCallAt: last ? timeOf(last) : null,
    operations: operationsOf(operations),
    networks: networks.map((row) => ({ network: row.subject, calls: row.count, lastCallAt: timeOf(row) })),
    denials: denials.map((row) => ({ reason: row.subject, count: row.count, lastAt: timeOf(row) })),
    days: days.map(({ day, count }) => ({ date: dateOf(day), calls: count })),
  }
}

/** Which calls the shadow scope of a credential would have refused, for as long as it has it. */
export async function shadowRefusals(
  { db, tenantId, nowMs }: RequestContext,
  clientId: string,
): Promise<UsageDetails['operations']> {
  const window = { since: 0, until: dayOf(nowMs) }
  return operationsOf(await sumBySubject(db, tenantId, { ...window, clientId, kind: 'shadow', max: OPERATIONS_SHOWN }))
}

const operationsOf = (rows: readonly SubjectTotal[]): UsageDetails['operations'] =>
  rows.map((row) => ({ method: row.method, path: row.subject, calls: row.count, lastCallAt: timeOf(row) }))

const timeOf = ({ last_at }: Pick<SubjectTotal, 'last_at'>): string => new Date(last_at).toISOString()
