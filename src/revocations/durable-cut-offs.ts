import type { ChangeKind } from '../change-log/change.ts'
import type { Database } from '../database/schema.ts'
import { cutOffSince, hasCutOff } from './store.ts'

export { cutOffSince }

/** What may have been cut off. */
export interface CutOffSubject {
  kind: ChangeKind
  subject: string
}

/**
 * True when one of these subjects was cut off after log position `position`. Asks the table, which forgets nothing: for
 * what outlives the cut-offs kept in memory, such as sessions, codes and refresh tokens.
 */
export function isCutOffSince(
  db: Database,
  tenantId: string,
  subjects: readonly CutOffSubject[],
  position: number,
): Promise<boolean> {
  return hasCutOff(db, cutOffSince(tenantId, subjects, position))
}
