import { Type } from 'typebox'

const Nullable = Type.Union([Type.String(), Type.Null()])

export const UsageReportBody = Type.Object({
  since: Type.String(),
  until: Type.String(),
  entries: Type.Array(
    Type.Object({
      clientId: Nullable,
      name: Nullable,
      ownerId: Nullable,
      calls: Type.Integer(),
      denials: Type.Integer(),
      lastCallAt: Nullable,
    }),
  ),
})

export const ImpactBody = Type.Object({
  credential: Type.Object({ id: Type.String(), kind: Type.String(), name: Type.String(), ownerId: Nullable }),
  since: Type.String(),
  until: Type.String(),
  inUse: Type.Boolean(),
  summary: Type.String(),
  calls: Type.Integer(),
  firstCallOn: Nullable,
  lastCallAt: Nullable,
  operations: Type.Array(
    Type.Object({ method: Type.String(), path: Type.String(), calls: Type.Integer(), lastCallAt: Type.String() }),
  ),
  networks: Type.Array(Type.Object({ network: Type.String(), calls: Type.Integer(), lastCallAt: Type.String() })),
  denials: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer(), lastAt: Type.String() })),
  days: Type.Array(Type.Object({ date: Type.String(), calls: Type.Integer() })),
})
