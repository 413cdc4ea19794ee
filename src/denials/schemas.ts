import { type Static, Type } from 'typebox'
import { reasons } from '../access/reasons.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])
const Client = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'A client id; nobody for requests without one.',
})
const Reason = Type.Enum(Object.keys(reasons), { description: 'A reason code.' })

export const DenialQuery = Type.Object(
  {
    client: Type.Optional(Client),
    reason: Type.Optional(Reason),
    since: Type.Optional(
      Type.String({
        format: 'date-time',
        maxLength: 40,
        description: 'By default seven days ago, which is all there is.',
      }),
    ),
    limit: Type.Optional(
      Type.String({ pattern: '^(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|250)$', description: '1 to 250; by default 50.' }),
    ),
  },
  { additionalProperties: false },
)
export type DenialQuery = Static<typeof DenialQuery>

export const DenialGroup = Type.Object({
  clientId: Nullable,
  method: Type.String(),
  path: Type.String({ description: 'The template of the operation; of an unknown path, its words.' }),
  reason: Type.String(),
  count: Type.Integer(),
  firstAt: Type.String(),
  lastAt: Type.String(),
  trackingId: Type.Union([Type.String(), Type.Null()], { description: 'Of the latest one that can be explained.' }),
})
export type DenialGroup = Static<typeof DenialGroup>
