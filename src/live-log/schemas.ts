import { type Static, Type } from 'typebox'
import { reasons } from '../access/reasons.ts'

export const LogQuery = Type.Object(
  {
    allowed: Type.Optional(Type.Enum(['true', 'false'], { description: 'true: calls that passed both gates, too.' })),
    client: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Calls of this client id alone.' })),
    reason: Type.Optional(Type.Enum(Object.keys(reasons), { description: 'Refusals for this reason alone.' })),
    method: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })),
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'A part of the path.' })),
  },
  { additionalProperties: false },
)
/** Which calls to tell of. */
export type LogQuery = Static<typeof LogQuery>

/** A call as the live log tells it. */
export interface LogEvent {
  /** ISO time. */
  readonly at: string
  readonly trackingId: string
  readonly allowed: boolean
  /** What was answered; null for an allowed call, whose answer is the upstream's. */
  readonly status: number | null
  readonly reason: string | null
  readonly message: string | null
  readonly method: string
  /** The template of the operation; of an unknown path, its words. */
  readonly path: string
  /** null where nobody proved to be somebody. */
  readonly clientId: string | null
  readonly identityId: string | null
  readonly network: string
}

/** Does somebody who asked for this want to hear of that? */
export function isWanted({ allowed, client, reason, method, path }: LogQuery, event: LogEvent): boolean {
  if (event.allowed && (allowed !== 'true' || reason !== undefined)) return false
  return (
    (client === undefined || client === (event.clientId ?? 'nobody')) &&
    (reason === undefined || reason === event.reason) &&
    (method === undefined || method.toUpperCase() === event.method) &&
    (path === undefined || event.path.includes(path))
  )
}
