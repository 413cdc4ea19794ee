import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { strangeAnswer } from '../connection/refusal.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])
const Strings = Type.Array(Type.String())
const Rows = Type.Array(
  Type.Object({
    version: Type.String(),
    method: Type.String(),
    path: Type.String(),
    operationId: Nullable,
    summary: Nullable,
    context: Type.Enum(['user', 'user-or-application', 'application', 'any-token', 'public', 'denied']),
    userScopes: Strings,
    applicationScopes: Strings,
    userLevels: Strings,
    experimental: Type.Boolean(),
    deprecated: Type.Boolean(),
    assumed: Nullable,
    catalog: Type.String(),
  }),
)

/** Takes an answer for rows of the access matrix. @throws CliFailure when it is something else. */
export function asRows(answer: unknown): Static<typeof Rows> {
  if (Check(Rows, answer)) return answer
  throw strangeAnswer('GET /sallyport/v1/access-matrix', 'is no access matrix')
}
