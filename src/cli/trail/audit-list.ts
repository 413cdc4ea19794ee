import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { AskOptions } from '../connection/asking.ts'
import { openClient } from '../connection/client.ts'
import { usageFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'
import { outputFormat, printHint, printJson, printRows } from '../terminal/output.ts'
import { strangeAnswer } from '../connection/refusal.ts'

const Who = Type.Object({ kind: Type.String(), id: Type.String() })
const Events = Type.Array(
  Type.Object({
    position: Type.Integer(),
    created: Type.String(),
    actor: Who,
    action: Type.String(),
    target: Who,
    outcome: Type.String(),
    network: Type.String(),
    details: Type.Object({}, { additionalProperties: true }),
  }),
)

const PLAIN = /^[\w.:@/-]{1,200}$/

/** What `audit list` is asked for. */
export interface AuditListOptions extends AskOptions {
  readonly action?: string
  readonly actor?: string
  readonly target?: string
  readonly filters?: string
  readonly limit?: string
}

/** Prints audit events, the newest first. */
export async function listAudit(io: Io, options: AuditListOptions): Promise<void> {
  const format = outputFormat(options, io)
  const query = queryOf(options)
  const client = await openClient(io, options)
  const path = `/sallyport/v1/audit-events?${query.toString()}`
  const events = await client.get(path)
  if (!Check(Events, events)) throw strangeAnswer(`GET ${path}`, 'is no list of audit events')
  if (format === 'json') return printJson(io, events)
  if (events.length === 0) return printHint(io, 'No event matches.')
  printRows(io, events.map(cellsOf), format)
}

const cellsOf = (event: Static<typeof Events>[number]): string[] => [
  String(event.position),
  event.created,
  event.action,
  `${event.target.kind} ${event.target.id}`,
  `by ${event.actor.kind} ${event.actor.id}`.trim(),
  event.outcome,
  JSON.stringify(event.details),
]

function queryOf({ action, actor, target, filters, limit }: AuditListOptions): URLSearchParams {
  const conditions = [
    ...(action === undefined ? [] : [`action sw "${plain(action)}"`]),
    ...(actor === undefined ? [] : [`actor.id eq "${plain(actor)}"`]),
    ...(target === undefined ? [] : [`target.id eq "${plain(target)}"`]),
    ...(filters === undefined ? [] : [`(${filters})`]),
  ]
  const query = new URLSearchParams()
  if (conditions.length > 0) query.set('filters', conditions.join(' and '))
  if (limit !== undefined) query.set('limit', limit)
  return query
}

function plain(text: string): string {
  if (PLAIN.test(text)) return text
  throw usageFailure(
    'That is neither an action nor an id.',
    'Quotes and spaces are none of theirs.',
    'See: sallyport help audit',
  )
}
