import { randomUUID } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { nullable } from '../../http/nullable.ts'

const Id = Type.String({ minLength: 1, maxLength: 64 })

/** Whom to refresh: 250 at most, as ISC has it. */
export const ProcessBody = Type.Object(
  { identityIds: Type.Array(Id, { minItems: 1, maxItems: 250 }) },
  { additionalProperties: false },
)
export type ProcessBody = Static<typeof ProcessBody>

/** A task that is done when it is answered. It has no name: ISC's is null, which its own schema forbids. */
export const TaskReference = Type.Object({ type: Type.Literal('TASK_RESULT'), id: Type.String() })
export type TaskReference = Static<typeof TaskReference>

export const doneTask = (): TaskReference => ({ type: 'TASK_RESULT', id: randomUUID() })

/** How and for what a link is sent. */
export const VerificationBody = Type.Object(
  {
    via: Type.Enum(['EMAIL_WORK', 'EMAIL_PERSONAL', 'LINK_WORK', 'LINK_PERSONAL']),
    sourceName: Type.Optional(nullable(Type.String({ maxLength: 256 }))),
  },
  { additionalProperties: false },
)
export type VerificationBody = Static<typeof VerificationBody>

/** The states there are, by the names that ISC gives to its own. */
const STATES = ['active', 'inactive'] as const

export const LifecycleBody = Type.Object(
  { lifecycleStateId: Type.Enum([...STATES], { description: 'There are two states, and these are their ids.' }) },
  { additionalProperties: false },
)
export type LifecycleBody = Static<typeof LifecycleBody>

export const AccountActivity = Type.Object({ accountActivityId: Type.String() })

/** What ISC answers about attributes that it is going to write to sources. */
export const SyncJob = Type.Object({
  id: Type.String(),
  status: Type.Literal('SUCCESS'),
  payload: Type.Object({ type: Type.Literal('SYNCHRONIZE_IDENTITY_ATTRIBUTES'), dataJson: Type.String() }),
})
export type SyncJob = Static<typeof SyncJob>

/** The job for an identity, which wrote nothing: there is nowhere to write to. */
export const doneSyncJob = (identityId: string): SyncJob => ({
  id: randomUUID(),
  status: 'SUCCESS',
  payload: {
    type: 'SYNCHRONIZE_IDENTITY_ATTRIBUTES',
    dataJson: JSON.stringify({ identityId, attributes: [] }),
  },
})
