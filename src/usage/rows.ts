import type { Operation } from '../access/policy.ts'
import { dayOf } from './day.ts'
import { networkOf } from './network.ts'
import type { UsageRow } from './store.ts'
import type { Tally } from './tally.ts'

/** Stands for everything that is counted without its name. */
export const OTHERS = 'others'

/** No key of an index may be longer. */
const SUBJECT_CHARACTERS_MAX = 500

/** Which of a client's names of a day are written as they are; the others are counted together. */
export type Names = (kind: 'call' | 'network', name: string) => boolean

/** What is written of a tally: the client's total, its operations, networks and denials, and the tenant's operations. */
export function rowsOf(tally: Tally, isNamed: Names): UsageRow[] {
  const day = dayOf(tally.lastMs)
  const row = (kind: UsageRow['kind'], count: number, { method = '', subject = '' } = {}): UsageRow => ({
    tenant_id: tally.tenantId,
    kind,
    client_id: kind === 'operation' ? '' : tally.clientId,
    day,
    method,
    subject: subject.slice(0, SUBJECT_CHARACTERS_MAX),
    count,
    last_at: tally.lastMs,
  })
  const rows: UsageRow[] = []
  let total = 0
  for (const [operation, count] of tally.calls) {
    total += count
    const named = nameOf(operation)
    rows.push(row('operation', count, named))
    rows.push(row('call', count, isNamed('call', `${named.method} ${named.subject}`) ? named : { subject: OTHERS }))
  }
  for (const [operation, count] of tally.shadowRefusals) rows.push(row('shadow', count, nameOf(operation)))
  for (const [address, count] of tally.networks) {
    const network = networkOf(address)
    rows.push(row('network', count, { subject: isNamed('network', network) ? network : OTHERS }))
  }
  for (const [reason, count] of tally.denials) rows.push(row('denial', count, { subject: reason }))
  if (total > 0) rows.push(row('client', total))
  return rows
}

const nameOf = ({ method, path }: Operation) => ({ method, subject: path })
