import { type Static, Type } from 'typebox'

const REQUESTS_MAX = 500

export const SmallestBody = Type.Object(
  {
    requests: Type.Array(
      Type.Object(
        {
          method: Type.String({ pattern: '^[A-Za-z]{1,16}$' }),
          path: Type.String({
            pattern: '^/',
            maxLength: 8192,
            description: 'With ids, or templated as documents write it.',
          }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: REQUESTS_MAX },
    ),
  },
  { additionalProperties: false },
)
export type SmallestBody = Static<typeof SmallestBody>

const Strings = Type.Array(Type.String())
const Operation = Type.Object({
  method: Type.String(),
  path: Type.String(),
  operationId: Type.Union([Type.String(), Type.Null()]),
  catalog: Type.String(),
  experimental: Type.Boolean(),
})
const Credential = Type.Object({
  context: Type.Union([Type.Literal('user'), Type.Literal('application')]),
  credential: Type.String(),
  scopes: Strings,
  userLevels: Strings,
  otherUserLevels: Strings,
  operations: Strings,
})

export const SmallestAnswer = Type.Object({
  sufficient: Type.Boolean(),
  summary: Type.String(),
  /** Each suffices by itself; the first is the smaller one. */
  credentials: Type.Array(Credential),
  /** Where none suffices by itself: these do together. */
  together: Type.Array(Credential),
  operations: Type.Array(Operation),
  unusable: Type.Array(Operation),
  unknown: Type.Array(Type.Object({ method: Type.String(), path: Type.String(), allowedMethods: Strings })),
})
export type SmallestAnswer = Static<typeof SmallestAnswer>
