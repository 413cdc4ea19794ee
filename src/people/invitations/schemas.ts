import { randomUUID } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { nullable } from '../../http/nullable.ts'
import type { Acting } from '../acting.ts'
import { isoTime } from '../plugin.ts'
import type { Invited } from './invite-people.ts'

/** Whom to invite: these, or all people without a password. */
export const InviteBody = Type.Object(
  {
    ids: Type.Optional(nullable(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 1000 }))),
    uninvited: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type InviteBody = Static<typeof InviteBody>

const Message = Type.Object({
  type: Type.Literal('WARN'),
  key: Type.String(),
  localizedText: Type.Object({ locale: Type.String(), message: Type.String() }),
  parameters: Type.Array(Type.String()),
})

/** A task of ISC's that is done when it is answered. */
export const DoneTask = Type.Object({
  id: Type.String(),
  type: Type.Literal('QUEUED_TASK'),
  uniqueName: Type.String(),
  description: Type.String(),
  parentName: Type.Null(),
  launcher: Type.String(),
  target: Type.Null(),
  created: Type.String(),
  modified: Type.String(),
  launched: Type.String(),
  completed: Type.String(),
  completionStatus: Type.Enum(['SUCCESS', 'WARNING']),
  messages: Type.Array(Message),
  returns: Type.Array(Type.Object({ name: Type.String(), attributeName: Type.String() })),
  attributes: Type.Object({ invited: Type.Integer() }),
  progress: Type.Null(),
  percentComplete: Type.Integer(),
})
export type DoneTask = Static<typeof DoneTask>

/** Invitations in ISC's words: a task, with a warning for each who was passed over. */
export function invitationTask({ ctx, caller }: Acting, { count, passedOver }: Invited): DoneTask {
  const now = isoTime(ctx.nowMs)
  return {
    id: randomUUID().replaceAll('-', ''),
    type: 'QUEUED_TASK',
    uniqueName: 'Invite identities',
    description: 'Mails people a link to choose a password by',
    parentName: null,
    launcher: caller.identityId ?? caller.clientId,
    target: null,
    created: now,
    modified: now,
    launched: now,
    completed: now,
    completionStatus: passedOver.length === 0 ? 'SUCCESS' : 'WARNING',
    messages: passedOver.map((message) => ({
      type: 'WARN',
      key: 'not_invited',
      localizedText: { locale: 'en', message },
      parameters: [],
    })),
    returns: [],
    attributes: { invited: count },
    progress: null,
    percentComplete: 100,
  }
}
