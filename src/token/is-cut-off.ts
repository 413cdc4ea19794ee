import type { RequestContext } from '../request-context.ts'
import { isCutOffSince } from '../revocations/durable-cut-offs.ts'

/** Whom a code or a family of tokens was issued to, and the change-log position at which it was. */
export interface IssuedToPerson {
  readonly clientId: string
  readonly identityId: string
  readonly position: number
}

/** True when the client, the person or the tenant was cut off since: what they were issued is dead, whatever it says. */
export function isCutOff(
  { db, tenantId }: RequestContext,
  { clientId, identityId, position }: IssuedToPerson,
): Promise<boolean> {
  const subjects = [
    { kind: 'client', subject: clientId },
    { kind: 'identity', subject: identityId },
    { kind: 'tenant', subject: tenantId },
  ] as const
  return isCutOffSince(db, tenantId, subjects, position)
}
