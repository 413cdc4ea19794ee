import { type Static, Type } from 'typebox'

const Nullable = Type.Union([Type.String(), Type.Null()])
const Scopes = Type.Array(Type.String())
const Called = { method: Type.String(), path: Type.String(), calls: Type.Integer() }

export const ClientId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

export const RightSizeBody = Type.Object({
  credential: Type.Object({ id: Type.String(), kind: Type.String(), name: Type.String(), ownerId: Nullable }),
  since: Type.String(),
  granted: Scopes,
  smallest: Type.Union([Scopes, Type.Null()]),
  isSmallest: Type.Boolean(),
  unneeded: Scopes,
  operations: Type.Array(Type.Object({ ...Called, scopes: Scopes })),
  unjudged: Type.Array(Type.Object(Called)),
  summary: Type.String(),
})

export const ShadowInput = Type.Object(
  {
    scope: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}$' }), {
      minItems: 1,
      maxItems: 100,
      description: 'The narrower scopes.',
    }),
  },
  { additionalProperties: false },
)
export type ShadowInput = Static<typeof ShadowInput>

export const ShadowBody = Type.Object({
  clientId: Type.String(),
  scope: Scopes,
  startedAt: Type.String(),
  wouldRefuse: Type.Array(Type.Object({ ...Called, lastCallAt: Type.String() })),
})
