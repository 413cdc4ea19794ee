import { type Static, Type } from 'typebox'

const Text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description })
const Strings = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 400 })

export const Persona = Type.Object(
  {
    context: Type.Union([Type.Literal('user'), Type.Literal('application')]),
    scopes: Type.Optional(Strings),
    userLevels: Type.Optional(Strings),
  },
  { additionalProperties: false, description: 'Somebody thought up, who has these scopes and user levels.' },
)

export const ExplainBody = Type.Object(
  {
    method: Type.Optional(Text(16, 'Method of the request in question.')),
    path: Type.Optional(Text(8192, 'Path of the request in question; a query is ignored.')),
    clientId: Type.Optional(Text(64, 'Explain this credential; by default the one that asks.')),
    persona: Type.Optional(Persona),
    headers: Type.Optional(
      Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 8192 }), {
        description: 'Headers of the request in question; without them, header checks pass with a hint.',
      }),
    ),
    trackingId: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{32}$', description: 'Explain a refusal that happened.' }),
    ),
  },
  { additionalProperties: false },
)
export type ExplainBody = Static<typeof ExplainBody>

const Value = Type.Union([Type.String(), Type.Array(Type.String()), Type.Null()])
const Reason = Type.Object({ code: Type.String(), message: Type.String() })

/** What is decided about a request, check by check, and what would help. */
export const Explanation = Type.Object({
  allowed: Type.Boolean(),
  status: Type.Integer(),
  reason: Type.Union([Reason, Type.Null()]),
  operation: Type.Union([
    Type.Object({
      version: Type.String(),
      method: Type.String(),
      path: Type.String(),
      operationId: Type.Union([Type.String(), Type.Null()]),
      summary: Type.Union([Type.String(), Type.Null()]),
      catalog: Type.String(),
      userScopes: Type.Union([Type.Array(Type.String()), Type.Null()]),
      applicationScopes: Type.Union([Type.Array(Type.String()), Type.Null()]),
      userLevels: Type.Array(Type.String()),
      experimental: Type.Boolean(),
      deprecated: Type.Boolean(),
      assumed: Type.Union([Type.String(), Type.Null()]),
    }),
    Type.Null(),
  ]),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      outcome: Type.String(),
      code: Type.Union([Type.String(), Type.Null()]),
      message: Type.String(),
      expected: Value,
      actual: Value,
    }),
  ),
  fixes: Type.Array(Type.Object({ kind: Type.String(), message: Type.String() }, { additionalProperties: true })),
  refusedAt: Type.Optional(Type.String({ description: 'When the refusal happened, for a tracking id.' })),
  now: Type.Optional(
    Type.Object(
      { allowed: Type.Boolean(), status: Type.Integer(), reason: Type.Union([Reason, Type.Null()]) },
      { description: 'What a new token of the credential would get for the same request at present.' },
    ),
  ),
})
export type Explanation = Static<typeof Explanation>
