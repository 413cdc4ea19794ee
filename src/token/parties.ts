import type { CutOffSubject } from '../revocations/durable-cut-offs.ts'

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
