import type { RequestContext } from '../request-context.ts'
import { type CutOffSubject, isCutOffSince } from '../revocations/durable-cut-offs.ts'

/** Whom a code or a family of tokens was issued to. */
export interface Parties {
  readonly clientId: string
  readonly identityId: string
}

/** All whose cut-off ends what a client holds for a person. */
export const subjectsOf = (tenantId: string, { clientId, identityId }: Parties): readonly CutOffSubject[] => [
  { kind: 'client', subject: clientId },
  { kind: 'identity', subject: identityId },
  { kind: 'tenant', subject: tenantId },
]

/** True when the client, the person or the tenant was cut off since: what they were issued is dead, whatever it says. */
export const isCutOff = (
  { db, tenantId }: RequestContext,
  { position, ...parties }: Parties & { readonly position: number },
): Promise<boolean> => isCutOffSince(db, tenantId, subjectsOf(tenantId, parties), position)
