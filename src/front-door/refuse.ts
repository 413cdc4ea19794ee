import type { ServerResponse } from 'node:http'
import type { ReasonCode } from '../access/reasons.ts'
import { answerRefusal } from '../http/answer.ts'
import { firstSegmentOf } from './reserved.ts'

const STATUS_OF = {
  'request.refused': 400,
  'host.unknown': 404,
  'tenant.suspended': 403,
  'operation.unknown': 404,
  'operation.method_not_allowed': 405,
} as const satisfies Partial<Record<ReasonCode, number>>

/** Why the front door turns a request away; `path` is known once it is canonical. */
export interface DoorRefusal {
  reason: keyof typeof STATUS_OF
  text: string
  trackingId: string
  path?: string
  headers?: Record<string, string>
}

/** Turns a request away at the front door, in the words of whatever lies behind its path. */
export function refuse(response: ServerResponse, { path = '', headers = {}, ...refusal }: DoorRefusal): void {
  // A request that could be read in two ways may have hidden a second one behind it.
  const closing = refusal.reason === 'request.refused' ? { connection: 'close' } : {}
  answerRefusal(response, {
    ...refusal,
    status: STATUS_OF[refusal.reason],
    headers: { ...closing, ...headers },
    isOAuth: isOAuthPath(path),
  })
}

/** Under `/oauth` errors are those of RFC 6749 §5.2. */
export const isOAuthPath = (path: string): boolean => firstSegmentOf(path) === 'oauth'
