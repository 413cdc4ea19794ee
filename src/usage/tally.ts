import type { Operation } from '../access/policy.ts'

/** What one client did since the last write. */
export interface Tally {
  readonly tenantId: string
  readonly clientId: string
  readonly calls: Map<Operation, number>
  readonly networks: Map<string, number>
  /** By reason code. */
  readonly denials: Map<string, number>
  /** Calls that a shadow scope would have refused. */
  readonly shadowRefusals: Map<Operation, number>
  /** Unix milliseconds of the latest of all these. */
  lastMs: number
}

export const emptyTally = (tenantId: string, clientId: string): Tally => ({
  tenantId,
  clientId,
  calls: new Map(),
  networks: new Map(),
  denials: new Map(),
  shadowRefusals: new Map(),
  lastMs: 0,
})

/** Adds one. Where there are `max` names already, a new one is counted under `others`. */
export function addOne<Name>(counts: Map<Name, number>, name: Name, others: { max: number; name: Name }): void {
  const known = counts.get(name)
  if (known !== undefined || counts.size < others.max) counts.set(name, (known ?? 0) + 1)
  else counts.set(others.name, (counts.get(others.name) ?? 0) + 1)
}
