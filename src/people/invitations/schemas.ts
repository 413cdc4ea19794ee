import { type Static, Type } from 'typebox'
import { nullable } from '../../http/nullable.ts'

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
