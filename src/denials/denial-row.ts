import type { Selectable } from 'kysely'
import type { DenialTable } from '../database/denial-tables.ts'
import { explanationOf } from '../explain/explanation.ts'
import type { Explanation } from '../explain/schemas.ts'
import { type Denial, whoseDenial } from './denial.ts'

export type DenialRow = Selectable<DenialTable>

const LIST_MAX = 40

/** A refusal as it is stored, with the checks in words as they were decided. */
export function rowOf(denial: Denial): DenialRow {
  const { clientId, identityId } = whoseDenial(denial)
  return {
    tenant_id: denial.tenantId,
    refused_at: denial.refusedAtMs,
    tracking_id: denial.trackingId,
    client_id: clientId,
    identity_id: identityId,
    network: denial.network,
    method: denial.method,
    path: denial.path,
    status: denial.status,
    reason: denial.reason,
    explanation: JSON.stringify(shortened(explanationOf(denial.question))),
  }
}

/** A token may have hundreds of scopes; to keep them all with every refusal helps nobody. */
function shortened(explanation: Explanation): Explanation {
  return {
    ...explanation,
    checks: explanation.checks.map((check) => ({
      ...check,
      expected: shortList(check.expected),
      actual: shortList(check.actual),
    })),
  }
}

function shortList<Value>(value: Value | string[]): Value | string[] {
  if (!Array.isArray(value) || value.length <= LIST_MAX) return value
  return [...value.slice(0, LIST_MAX), `and ${value.length - LIST_MAX} more`]
}
