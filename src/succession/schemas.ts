import { type Static, Type } from 'typebox'

const Nullable = Type.Union([Type.String(), Type.Null()])
const IdentityId = Type.String({ pattern: '^[0-9a-f]{32}$' })

export const HexId = Type.Object({ id: IdentityId })

export const OfferInput = Type.Object(
  {
    credentialId: Type.String({ pattern: '^[0-9a-f]{32}$', description: 'The personal access token.' }),
    successorId: IdentityId,
    overlapDays: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 7, description: 'How long the old secret goes on working; 7 if left out.' }),
    ),
  },
  { additionalProperties: false },
)
export type OfferInput = Static<typeof OfferInput>

export const Offer = Type.Object({
  id: Type.String(),
  credentialId: Type.String(),
  ownerId: Type.String(),
  successorId: Type.String(),
  overlapDays: Type.Integer(),
  offeredAt: Type.String(),
  expiresAt: Type.String(),
})

export const AcceptedBody = Type.Object({
  clientId: Type.String(),
  clientSecret: Type.String(),
  ownerId: Type.String(),
  oldSecretUntil: Nullable,
})

const Called = Type.Object({
  method: Type.String(),
  path: Type.String(),
  calls: Type.Integer(),
  lastCallAt: Type.String(),
})
const From = Type.Object({ network: Type.String(), calls: Type.Integer(), lastCallAt: Type.String() })

export const SuccessionBody = Type.Object({
  identity: Type.Object({
    id: Type.String(),
    alias: Type.String(),
    displayName: Type.String(),
    kind: Type.String(),
    userLevels: Type.Array(Type.String()),
    enabled: Type.Boolean(),
  }),
  summary: Type.String(),
  tokens: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      scope: Type.Array(Type.String()),
      expirationDate: Nullable,
      inUse: Type.Boolean(),
      calls: Type.Integer(),
      lastCallAt: Nullable,
      operations: Type.Array(Called),
      networks: Type.Array(From),
      neededUserLevels: Type.Array(Type.String()),
    }),
  ),
  signedInClients: Type.Array(Type.Object({ clientId: Type.String(), sessions: Type.Integer() })),
})
